/**
 * What a field must be, as plain data: the meeting point of zod (which services run) and SQL (which engines run).
 * Silver turns each of these into one SQL predicate over a JSON value that is there and not null. No kind of value stands
 * for another: `"1"` is no number.
 *
 * - `any`: whatever it is.
 * - `string`: its length in Unicode code points, as zod counts it, limits included.
 * - `instant`: an ISO 8601 date-time that exists, as `isIsoInstant` tells.
 * - `numericText`: a string that is a JSON number which a double can hold, as `isNumericText` tells.
 * - `pattern`: a string that the regular expression matches as a whole; plain syntax of JavaScript, RE2 and Java.
 * - `number`: read as a finite double, as `JSON.parse` reads it; `integer` means whole and at most 2^53 - 1 either way.
 * - `oneOf`: equal to one of the values, strings to the letter, numbers as doubles.
 * - `array`: the number of its members, limits included; its members are not looked at.
 * - `object`: each member that is there fits its check and each required one is there; other members are not looked at.
 * - `anyOf`: fits at least one of the options.
 */
export type FieldCheck =
  | { readonly kind: "any" }
  | { readonly kind: "boolean" }
  | { readonly kind: "string"; readonly minLength: number; readonly maxLength: number | null }
  | { readonly kind: "instant" }
  | { readonly kind: "numericText" }
  | { readonly kind: "pattern"; readonly name: string; readonly source: string }
  | { readonly kind: "number"; readonly integer: boolean; readonly bounds: readonly NumberBound[] }
  | { readonly kind: "oneOf"; readonly values: readonly (string | number | boolean)[] }
  | { readonly kind: "array"; readonly minLength: number; readonly maxLength: number | null }
  | { readonly kind: "object"; readonly members: readonly MemberCheck[] }
  | { readonly kind: "anyOf"; readonly options: readonly FieldCheck[] };

/** A limit on a number; `inclusive` says whether the limit itself is allowed. */
export interface NumberBound {
  readonly side: "min" | "max";
  readonly value: number;
  readonly inclusive: boolean;
}

/** A member of a nested object. A member that is null counts as absent. */
export interface MemberCheck {
  readonly name: string;
  readonly required: boolean;
  readonly check: FieldCheck;
}
