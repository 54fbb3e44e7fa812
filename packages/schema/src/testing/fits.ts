import type { CompiledField } from "../contract/compile.ts";
import type { FieldCheck } from "../contract/field-check.ts";
import { isIsoInstant } from "../instant-text.ts";
import { isNumericText } from "../numeric.ts";

/** Whether a value, or its absence, is what a compiled field asks for: the plainest reading of a field check. */
export function fitsField({ required, check }: CompiledField, value: unknown): boolean {
  return value === undefined || value === null ? !required : fits(check, value);
}

function fits(check: FieldCheck, value: unknown): boolean {
  switch (check.kind) {
    case "any":
      return true;
    case "boolean":
      return typeof value === "boolean";
    case "string":
      return typeof value === "string" && isWithin(check, [...value].length);
    case "instant":
      return typeof value === "string" && isIsoInstant(value);
    case "pattern":
      return typeof value === "string" && new RegExp(`^(?:${check.source})$`).test(value);
    case "number":
      return (
        typeof value === "number" &&
        Number.isFinite(value) &&
        (!check.integer || Number.isSafeInteger(value)) &&
        check.bounds.every((bound) => {
          const beyond = bound.side === "min" ? value - bound.value : bound.value - value;
          return beyond > 0 || (bound.inclusive && beyond === 0);
        })
      );
    case "numericText":
      return typeof value === "string" && isNumericText(value);
    case "oneOf":
      return check.values.some((allowed) => allowed === value);
    case "array":
      return Array.isArray(value) && isWithin(check, value.length);
    case "object": {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
      const members = new Map<string, unknown>(Object.entries(value));
      return check.members.every((member) => fitsField(member, members.get(member.name)));
    }
    case "anyOf":
      return check.options.some((option) => fits(option, value));
    default:
      return check satisfies never;
  }
}

function isWithin(check: { readonly minLength: number; readonly maxLength: number | null }, length: number): boolean {
  return length >= check.minLength && (check.maxLength === null || length <= check.maxLength);
}
