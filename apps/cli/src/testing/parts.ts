import { dirname } from "node:path";
import { sql } from "@medallion/engine";
import { testEngines } from "@medallion/engine/testing";
import {
  acquireLock,
  beginTransaction,
  openLake,
  partitionFiles,
  quarantineDays,
  quarantineFiles,
} from "@medallion/lake";
import { type LakePath, quarantinePath, resolveInLake, silverPath } from "@medallion/lake/layout";
import { tasks } from "@medallion/schema";
import { silverColumns } from "@medallion/silver";

/** Writes the tasks of a day, and all that are set aside, again, in parts of about so many bytes, as an engine does that writes parts. */
export async function divideTasks(root: string, day: string, partBytes: number): Promise<void> {
  const lake = await openLake(root);
  const [testEngine] = testEngines;
  const engine = await testEngine?.open({ timeZone: lake.timeZone, folder: dirname(root), partBytes });
  const lock = await acquireLock(lake, { command: "test" });
  const transaction = await beginTransaction(lake, lock);
  try {
    if (engine === undefined) throw new TypeError("there is no engine to test with");
    const { state } = transaction;
    const folder = tasks.folders.silver;
    const paths = (files: readonly LakePath[]) => Promise.all(files.map((file) => resolveInLake(lake, file)));
    const divideLines = async (
      files: readonly LakePath[],
      of: string,
      time: string,
      file: (part: number) => LakePath,
    ) => {
      const sources = (await paths(files)).map((path) => ({ path, file: of }));
      const read = await engine.lines(sources, { maxLineBytes: 1_000_000, json: false });
      const values = sql`json_extract_string(line, ${`$.${time}`}) AS at, json_extract_string(line, '$.ingested_at') AS kept`;
      await engine.writePartitions({
        rows: sql`(SELECT file AS part_of, line, ${values} FROM ${read} AS l)`,
        ...{ partitionBy: "part_of", orderBy: ["at", "kept"], columns: ["line"], format: "lines", partitions: [of] },
        file: (_, part) => transaction.stage(file(part)),
      });
    };
    const lines = partitionFiles(state, folder, day, "jsonl");
    await divideLines(lines, day, "timestamp", (part) => silverPath(folder, day, "jsonl", part));
    for (const of of quarantineDays(state, tasks.name)) {
      const files = quarantineFiles(state, tasks.name, of);
      await divideLines(files, of, "ingested_at", (part) => quarantinePath(tasks.name, of, part));
    }
    const rows = (await paths(partitionFiles(state, folder, day, "parquet"))).map((path) => ({ path, partition: day }));
    await engine.writePartitions({
      rows: sql`(SELECT "partition" AS part_of, * FROM ${engine.parquet(rows)} AS p)`,
      partitionBy: "part_of",
      orderBy: ["timestamp", "ingested_at"],
      ...{ columns: silverColumns(tasks), format: "parquet", partitions: [day] },
      file: (_, part) => transaction.stage(silverPath(folder, day, "parquet", part)),
    });
    await transaction.commit({ command: "test", version: "0", reads: [], partitions: [], rules: {} });
  } finally {
    await transaction.abort();
    await lock.release();
    await engine?.close();
  }
}
