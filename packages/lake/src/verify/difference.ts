import type { LakePath } from "../layout/paths.ts";

/**
 * How a file of the lake is not what the commit log says: `missing`, shorter than it was (`truncated`), with other content
 * (`changed`), or there although no commit wrote it (`unknown`).
 */
export type DifferenceKind = "missing" | "truncated" | "changed" | "unknown";

/** A file that is not what it should be. */
export interface Difference {
  readonly file: LakePath;
  readonly kind: DifferenceKind;
  /** What was expected, what was found, and where in the file. */
  readonly problem: string;
}
