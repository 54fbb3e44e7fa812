import type { Severity } from "./rules.ts";

/** A rule over several fields of a record. */
export interface RecordRule {
  /** Lower-case letters, digits and `_`. */
  readonly id: string;
  /** What must not be false, as an expression; see docs/expressions.md. */
  readonly condition: string;
  readonly onViolation: Severity;
}

/**
 * A rule over several fields. A record breaks it when the condition is false; where a field that it needs is absent, the
 * condition is unknown and the rule is kept, as by SQL's `CHECK`.
 *
 * @param options.onViolation default: `quarantine`
 *
 * @example
 * const rules = [rule("ends_after_start", "completed_at >= created_at", { onViolation: "warn" })];
 */
export function rule(id: string, condition: string, options: { readonly onViolation?: Severity } = {}): RecordRule {
  return { id, condition, onViolation: options.onViolation ?? "quarantine" };
}
