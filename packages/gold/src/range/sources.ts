import type { ParquetSource } from "@medallion/engine";
import type { Day } from "@medallion/lake/time";

/** The files of days, for an engine to read them. */
export function sourcesOf(days: readonly { readonly day: Day; readonly paths: readonly string[] }[]): ParquetSource[] {
  return days.flatMap(({ day, paths }) => paths.map((path) => ({ path, partition: day })));
}
