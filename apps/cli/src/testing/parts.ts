import { dirname } from "node:path";
import { sql } from "@medallion/engine";
import { testEngines } from "@medallion/engine/testing";
import { acquireLock, beginTransaction, openLake, partitionFiles } from "@medallion/lake";
import { resolveInLake, silverPath } from "@medallion/lake/layout";
import { tasks } from "@medallion/schema";
import { silverColumns } from "@medallion/silver";

/** Writes the tasks of a day again, in parts of about so many bytes, as an engine does that writes parts. */
export async function divideTasks(root: string, day: string, partBytes: number): Promise<void> {
  const lake = await openLake(root);
  const [testEngine] = testEngines;
  const engine = await testEngine?.open({ timeZone: lake.timeZone, folder: dirname(root), partBytes });
  const lock = await acquireLock(lake, { command: "test" });
  const transaction = await beginTransaction(lake, lock);
  try {
    if (engine === undefined) throw new TypeError("there is no engine to test with");
    const folder = tasks.folders.silver;
    const paths = (format: "jsonl" | "parquet") =>
      Promise.all(partitionFiles(transaction.state, folder, day, format).map((file) => resolveInLake(lake, file)));
    const [lines, rows] = [await paths("jsonl"), await paths("parquet")];
    const read = await engine.lines(
      lines.map((path) => ({ path, file: day })),
      { maxLineBytes: 1_000_000, json: false },
    );
    const time = sql`json_extract_string(line, '$.timestamp') AS at, json_extract_string(line, '$.ingested_at') AS kept`;
    const format = { jsonl: "lines", parquet: "parquet" } as const;
    for (const [form, relation, orderBy, columns] of [
      ["jsonl", sql`(SELECT file AS part_of, line, ${time} FROM ${read} AS l)`, ["at", "kept"], ["line"]],
      [
        "parquet",
        sql`(SELECT "partition" AS part_of, * FROM ${engine.parquet(rows.map((path) => ({ path, partition: day })))} AS p)`,
        ["timestamp", "ingested_at"],
        silverColumns(tasks),
      ],
    ] as const) {
      await engine.writePartitions({
        ...{ rows: relation, partitionBy: "part_of", orderBy, columns, format: format[form], partitions: [day] },
        file: (_, part) => transaction.stage(silverPath(folder, day, form, part)),
        inParts: true,
      });
    }
    await transaction.commit({ command: "test", version: "0", reads: [], partitions: [], rules: {} });
  } finally {
    await transaction.abort();
    await lock.release();
    await engine?.close();
  }
}
