import { encodeName } from "../layout/names.ts";

/** Which files of a bronze folder a data set is made of, by the name before the day. */
export interface PartChoice {
  /** The files with this name only; null: any. */
  readonly only: string | null;
  /** No file with one of these names. */
  readonly except: readonly string[];
}

/**
 * Whether a bronze file belongs to a data set.
 * @param encoded the name before the day, as `listBronze` gives it; null for none
 */
export function takesPart({ only, except }: PartChoice, encoded: string | null): boolean {
  if (only !== null) return encoded === encodeName(only);
  return encoded === null || !except.some((name) => encodeName(name) === encoded);
}
