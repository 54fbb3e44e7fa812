import { SilverError } from "../errors.ts";

/** The error of a partition whose counts cannot be traced back to bronze any more. */
export function notExplainable(
  problem: string,
  advice: string,
  facts: Record<string, string | number | null>,
): SilverError {
  return new SilverError("NOT_EXPLAINABLE", `This cannot be explained any more: ${problem}. Next: ${advice}.`, facts);
}
