import type { FieldCheck } from "./field-check.ts";

/** One field of a contract, ready for every engine. */
export interface DatasetField {
  readonly name: string;
  /** Whether a record without it, or with one that is wrong, is quarantined. Null counts as absent. */
  readonly required: boolean;
  readonly check: FieldCheck;
  /** What the value should be besides; another one is kept and counted as a warning. */
  readonly expected: FieldCheck | null;
  /** The names under which the field is looked for, its own first. */
  readonly sources: readonly string[];
}
