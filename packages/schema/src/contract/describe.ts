import type { FieldCheck, NumberBound } from "./field-check.ts";
import { GIVEN_PART } from "./layer-fields.ts";

/** What a field must be, in words that end the sentence "… must be": used in reasons and error messages. */
export function describeCheck(check: FieldCheck): string {
  switch (check.kind) {
    case "any":
      return "any value";
    case "boolean":
      return "true or false";
    case "string":
      return describeString(check.minLength, check.maxLength);
    case "instant":
      return "an ISO 8601 date-time that exists";
    case "numericText":
      return "a string that is a number";
    case "pattern":
      return `a string in the form of ${check.name}`;
    case "number":
      return [check.integer ? "a whole number" : "a number", ...check.bounds.map(describeBound)].join(", ");
    case "oneOf":
      return check.values.length === 1
        ? JSON.stringify(check.values[0])
        : `one of ${check.values.map((value) => JSON.stringify(value)).join(", ")}`;
    case "array":
      return describeSize("an array", "members", check.minLength, check.maxLength);
    case "object":
      return check.members.length === 0
        ? "an object"
        : `an object with a fitting ${check.members.map((member) => `"${member.name}"`).join(", ")}`;
    case "anyOf":
      return check.options.map(describeCheck).join(" or ");
    default:
      return check satisfies never;
  }
}

/** Why a required field counts as missing: none of its sources is there. */
export function describeMissing(name: string, sources: readonly string[]): string {
  const others = sources.slice(1).map((source) => {
    return source === GIVEN_PART ? ", and none was given at ingestion" : `, and so is "${source}"`;
  });
  return `"${name}" is missing or null${others.join("")}`;
}

/** One of a field's sources, as the beginning of a sentence. */
export function describeSource(source: string): string {
  return source === GIVEN_PART ? "what was given at ingestion" : `"${source}"`;
}

function describeString(min: number, max: number | null): string {
  if (min === 1 && max === null) return "a non-empty string";
  return describeSize("a string", "characters", min, max);
}

function describeSize(noun: string, unit: string, min: number, max: number | null): string {
  if (min === 0 && max === null) return noun;
  if (min === max) return `${noun} of exactly ${min} ${unit}`;
  if (max === null) return `${noun} of at least ${min} ${unit}`;
  return min === 0 ? `${noun} of at most ${max} ${unit}` : `${noun} of ${min} to ${max} ${unit}`;
}

function describeBound(bound: NumberBound): string {
  const words = bound.side === "min" ? ["at least", "more than"] : ["at most", "less than"];
  return `${bound.inclusive ? words[0] : words[1]} ${bound.value}`;
}
