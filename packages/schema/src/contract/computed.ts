/**
 * A field that silver computes from others, as plain data that every engine can evaluate.
 *
 * - `equals`: true when the field is one of the values.
 * - `present`: true when the field is there and not null.
 * - `secondsBetween`: `to - from` in seconds with microseconds, null unless both are valid; a negative span becomes
 *   null and is counted as a warning.
 * - `recordDigest`: SHA-256 of the record, in hexadecimal, when the field `unless` is absent or wrong; else null. Two
 *   records have the same digest exactly when they have the same members, whatever their order and the white space.
 * - `expression`: the value of an expression over the fields of the record; see docs/expressions.md.
 */
export type Computed =
  | { readonly kind: "equals"; readonly field: string; readonly values: readonly string[] }
  | { readonly kind: "present"; readonly field: string }
  | { readonly kind: "secondsBetween"; readonly from: string; readonly to: string }
  | { readonly kind: "recordDigest"; readonly unless: string }
  | { readonly kind: "expression"; readonly text: string };

/** True when `field` is one of `values`. */
export function equals(field: string, ...values: readonly string[]): Computed {
  return { kind: "equals", field, values };
}

/** True when `field` is present and not null. */
export function present(field: string): Computed {
  return { kind: "present", field };
}

/** The seconds from one instant field to another; see {@link Computed}. */
export function secondsBetween(from: string, to: string): Computed {
  return { kind: "secondsBetween", from, to };
}

/** What tells records apart that have no `unless`, such as an id; see {@link Computed}. */
export function recordDigest(unless: string): Computed {
  return { kind: "recordDigest", unless };
}

/**
 * The value of an expression over the fields of the record, in a small part of SQL that every engine computes alike; a
 * field that is absent or wrong is null.
 *
 * @example
 * const computed = { minutes: expression("seconds_between(started_at, finished_at) / 60") };
 */
export function expression(text: string): Computed {
  return { kind: "expression", text };
}
