import { join } from "node:path";
import type { Engine, Sql } from "@medallion/engine";
import { type CountedCommit, type Lake, partitionHistory } from "@medallion/lake";
import type { Day } from "@medallion/lake/time";
import type { Dataset } from "@medallion/schema";
import { externalSource } from "../promote/external.ts";
import type { BronzeRange } from "../promote/ranges.ts";
import { compareReplay } from "./compare.ts";
import { notExplainable } from "./not-explainable.ts";
import { type NumberedLines, numberedLinesQuery, writeNumberedLines } from "./numbered-lines.ts";
import { copyRanges, type ReplayedRange } from "./ranges.ts";
import { type ReplayedRecord, recordOf } from "./records.ts";
import { outcomesQuery, stagedAgainQuery } from "./replay-query.ts";

const REPLAYED = "medallion_replayed";
const LINES = { standing: "medallion_replay_lines", retired: "medallion_replay_lines_retired" } as const;

export interface ReplayOptions {
  readonly lake: Lake;
  readonly dataset: Dataset;
  readonly day: Day;
  /** The replay ends with this commit. */
  readonly upTo: number;
  /** Absolute path of an empty folder outside of the lake, for copies. The engine must be allowed to read it. */
  readonly folder: string;
  /** Checks the rules that are checked outside of the engine, as for `promote`. Default: there are none. */
  readonly external?: (
    ranges: readonly BronzeRange[],
  ) => Promise<{ readonly rules: readonly string[]; readonly path: string } | null>;
}

/** Bronze that is ready to be judged again. */
export interface PreparedReplay {
  readonly dataset: Dataset;
  readonly day: Day;
  readonly history: readonly CountedCommit[];
  readonly standing: NumberedLines;
  readonly retired: NumberedLines;
  readonly external: { readonly rules: readonly string[]; readonly path: string } | null;
  /** In bytes; an engine needs memory in proportion to it. */
  readonly longestLine: number;
}

/**
 * Copies out of bronze what runs have read for a partition, with the number of every line. Only data sets whose
 * duplicates have the same time can be replayed by the partition.
 * @throws SilverError NOT_EXPLAINABLE when bronze is gone or another, or was judged by other rules
 * @throws LakeError COMMIT_INVALID, STORAGE_FAILED
 */
export async function prepareReplay(options: ReplayOptions): Promise<PreparedReplay> {
  const { lake, dataset, day, upTo, folder } = options;
  if (!dataset.sameTime) throw new TypeError(`duplicates of ${dataset.name} may be on other days`);
  const history = await partitionHistory(lake, dataset.name, day, upTo);
  const other = history.find(({ rules }) => rules?.hash !== dataset.rulesHash);
  if (other !== undefined) {
    const problem = `the records of ${dataset.name} on ${day} were judged in commit ${other.number} by rules (version ${other.rules?.version ?? "unknown"}) that are not those of today`;
    const advice =
      "give the same configuration and schemas as the run, or run again, unless the silver of the day is retired";
    throw notExplainable(problem, advice, { dataset: dataset.name, day, commit: other.number });
  }
  const ranges = await copyRanges(lake, dataset, history, folder);
  const write = (retired: boolean) => {
    const chosen: ReplayedRange[] = ranges.filter((range) => range.retired === retired);
    return writeNumberedLines(chosen, join(folder, `${retired ? "retired" : "standing"}.jsonl`));
  };
  const [standing, retired] = [await write(false), await write(true)];
  const external = (await options.external?.(ranges)) ?? null;
  const longestLine = Math.max(standing.maxLineBytes, retired.maxLineBytes);
  return { dataset, day, history, standing, retired, external, longestLine };
}

/**
 * Judges the records of a partition again as the runs did, one after the other, and says what became of each. The lake
 * is neither read nor written.
 * @param columns what else is to be known of the records: expressions over the columns of silver, by name
 * @returns the records in the order of their files and lines; their counts are those of the commit log
 * @throws SilverError NOT_EXPLAINABLE when they are not
 * @throws EngineError
 */
export async function replayPartition(
  engine: Engine,
  prepared: PreparedReplay,
  columns: ReadonlyMap<string, Sql>,
): Promise<ReplayedRecord[]> {
  const { dataset, history } = prepared;
  if (prepared.standing.lines + prepared.retired.lines === 0) return check(prepared, []);
  await stageAgain(engine, prepared);
  try {
    const staged = engine.table(REPLAYED);
    const replay = async (overtaken: readonly number[]) =>
      (await engine.rows(outcomesQuery(engine, dataset, staged, overtaken, columns))).map(recordOf);
    const records = await replay([]);
    // Of two records that nothing tells apart, an engine may have kept either: only the log knows which.
    const overtaken = compareReplay(history, records).flatMap(({ commit, superseded }) =>
      superseded > 0 ? [commit] : [],
    );
    return check(prepared, overtaken.length === 0 ? records : await replay(overtaken));
  } finally {
    for (const table of [REPLAYED, ...Object.values(LINES)]) await engine.forget(table);
  }
}

async function stageAgain(engine: Engine, prepared: PreparedReplay): Promise<void> {
  const { dataset, day, external } = prepared;
  const groups = [];
  for (const kind of ["standing", "retired"] as const) {
    if (prepared[kind].lines === 0) continue;
    await engine.materialize(LINES[kind], await numberedLinesQuery(engine, prepared[kind]));
    groups.push({ lines: engine.table(LINES[kind]), retired: kind === "retired" });
  }
  const rules = external === null ? null : await externalSource(engine, external);
  await engine.materialize(REPLAYED, stagedAgainQuery(engine, dataset, day, groups, rules));
}

function check({ dataset, day, history }: PreparedReplay, records: ReplayedRecord[]): ReplayedRecord[] {
  const [difference] = compareReplay(history, records);
  if (difference === undefined) return records;
  const { commit, logged, replayed } = difference;
  const problem = `judged again, the records of ${dataset.name} on ${day} in commit ${commit} give ${replayed}, and the log says ${logged}`;
  throw notExplainable(problem, "`medallion verify` says what differs", { dataset: dataset.name, day, commit });
}
