import { z } from "zod";
import type { FieldCheck, NumberBound } from "../contract/field-check.ts";
import type { JsonKind } from "./json-kind.ts";

const FORMATS: readonly (readonly [source: string, schema: z.ZodStringFormat])[] = [
  ["z.iso.date()", z.iso.date()],
  ["z.iso.time()", z.iso.time()],
  ["z.iso.datetime()", z.iso.datetime()],
  ["z.iso.datetime({ offset: true })", z.iso.datetime({ offset: true })],
  ["z.iso.datetime({ local: true })", z.iso.datetime({ local: true })],
  ["z.iso.datetime({ offset: true, local: true })", z.iso.datetime({ offset: true, local: true })],
  ["z.uuid()", z.uuid()],
];

/** TypeScript source of a zod schema that compiles to the check. */
export function zodSource(check: FieldCheck): string {
  switch (check.kind) {
    case "any":
      return "z.unknown()";
    case "boolean":
      return "z.boolean()";
    case "string":
      return `z.string()${lengths(check)}`;
    case "instant":
      return "isoInstant()";
    case "numericText":
      return "numericText()";
    case "pattern":
      return formatSource(check);
    case "number":
      return `${check.integer ? "z.int()" : "z.number()"}${check.bounds.map(boundSource).join("")}`;
    case "oneOf":
      return check.values.every((value) => typeof value === "string")
        ? `z.enum(${JSON.stringify(check.values)})`
        : `z.literal(${JSON.stringify(check.values)})`;
    case "array":
      return `z.array(z.unknown())${lengths(check)}`;
    case "object":
      return check.members.length === 0 ? zodSourceOfKind("object") : objectSource(check);
    case "anyOf":
      return `z.union([${check.options.map(zodSource).join(", ")}])`;
    default:
      return check satisfies never;
  }
}

/** TypeScript source of a zod schema for any value of a type. */
export function zodSourceOfKind(kind: JsonKind): string {
  switch (kind) {
    case "object":
      return "z.record(z.string(), z.unknown())";
    case "array":
      return "z.array(z.unknown())";
    default:
      return `z.${kind}()`;
  }
}

/** The name of a member, in quotes where it needs them. */
export function memberName(name: string): string {
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? name : JSON.stringify(name);
}

function objectSource({ members }: FieldCheck & { kind: "object" }): string {
  const sources = members.map(({ name, required, check }) => {
    const optional = required || check.kind === "any" ? "" : ".nullish()";
    return `${memberName(name)}: ${zodSource(check)}${optional}`;
  });
  return `z.object({ ${sources.join(", ")} })`;
}

/** A format whose source cannot be told from its pattern is text, with a word on what it was. */
function formatSource({ name, source }: FieldCheck & { kind: "pattern" }): string {
  const known = FORMATS.find(([, schema]) => schema.def.pattern?.source === source);
  return known?.[0] ?? `z.string() /* was ${name} in a form of its own */`;
}

function lengths({ minLength, maxLength }: { readonly minLength: number; readonly maxLength: number | null }): string {
  return `${minLength > 0 ? `.min(${minLength})` : ""}${maxLength === null ? "" : `.max(${maxLength})`}`;
}

function boundSource({ side, value, inclusive }: NumberBound): string {
  if (side === "min") return inclusive ? `.min(${value})` : `.gt(${value})`;
  return inclusive ? `.max(${value})` : `.lt(${value})`;
}
