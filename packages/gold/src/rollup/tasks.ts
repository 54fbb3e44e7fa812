import { type Engine, identifier, join, type ParquetSource, type Sql, sql } from "@medallion/engine";
import type { Lake, LakeState } from "@medallion/lake";
import { resolveInLake } from "@medallion/lake/layout";
import type { Day } from "@medallion/lake/time";
import { retiredTasksFiles } from "./paths.ts";

/** The columns of the file of a retired day's tasks: what a task adds to a document. */
export const RETIRED_COLUMNS = [
  "task_id",
  "master",
  "status",
  "priority",
  "type",
  "is_success",
  "is_failure",
  "is_cancelled",
  "micros",
] as const;

/** The files of the tasks of retired days. */
export async function retiredSources(
  lake: Lake,
  state: Pick<LakeState, "gold">,
  days: readonly Day[],
): Promise<ParquetSource[]> {
  const files = days.flatMap((day) =>
    retiredTasksFiles(state, day).map(async (file) => ({ path: await resolveInLake(lake, file), partition: day })),
  );
  return Promise.all(files);
}

/** The tasks of retired days, as a relation of `day` and `RETIRED_COLUMNS`. */
export function retiredStates(engine: Engine, sources: readonly ParquetSource[]): Sql {
  const columns = join(RETIRED_COLUMNS.map((name) => identifier(name)));
  return sql`(SELECT ${identifier("partition")} AS ${identifier("day")}, ${columns} FROM ${engine.parquet(sources)} AS p)`;
}
