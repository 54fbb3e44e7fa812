import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { join as joinSql, sql } from "@medallion/engine";
import { type TestEngine, testEngines } from "@medallion/engine/testing";
import { acquireLock, beginTransaction, initLake } from "@medallion/lake";
import { encodeName } from "@medallion/lake/layout";
import { type AggregatedMetrics, aggregatedMetrics } from "@medallion/schema/gold";
import { expect, it, onTestFinished } from "vitest";
import { stageAggregates } from "./stage.ts";

const DAY = "20251127";

/** Writes rows (master, name, value, second) as the metrics of a day, stages their documents and reads them. */
async function documentsOf(
  testEngine: TestEngine,
  rows: readonly (readonly [string | null, string, number, number])[],
) {
  const folder = await mkdtemp(join(tmpdir(), "medallion-aggregate-"));
  const { lake } = await initLake(join(folder, "lake"));
  const lock = await acquireLock(lake, { command: "test" });
  const transaction = await beginTransaction(lake, lock);
  const engine = await testEngine.open({ timeZone: "UTC", folder });
  onTestFinished(async () => {
    await engine.close();
    await lock.release();
    await rm(folder, { recursive: true, force: true });
  });
  const values = rows.map(
    ([master, name, value, second]) =>
      sql`SELECT ${DAY} AS "day", CAST(${master} AS STRING) AS master, ${name} AS metric_name,
        CAST(${value} AS DOUBLE) AS metric_value,
        ${engine.dialect.instantOfMicros(sql`${BigInt(Date.UTC(2025, 10, 27, 0, 0, second)) * 1000n}`)} AS "timestamp"`,
  );
  const path = join(transaction.folder, "metrics.parquet");
  await engine.writePartitions({
    rows: sql`(${joinSql(values, sql` UNION ALL `)})`,
    partitionBy: "day",
    orderBy: ["timestamp"],
    format: "parquet",
    columns: ["master", "metric_name", "metric_value", "timestamp"],
    partitions: [DAY],
    file: () => path,
  });
  await mkdir(join(lake.root, "silver/aggregated-metrics"), { recursive: true });
  const days = new Map([[DAY, [path]]]);
  const staged = await stageAggregates({ lake, engine, transaction, days, processedAt: 1_764_201_600_000_000n });
  const commit = await transaction.commit({ command: "test", version: "0", reads: [], partitions: [], rules: {} });
  const files = await readdir(join(lake.root, "silver/aggregated-metrics"));
  const documents: AggregatedMetrics[] = [];
  for (const file of staged)
    documents.push(aggregatedMetrics.parse(JSON.parse(await readFile(join(lake.root, file), "utf8"))));
  return { documents, files: files.sort(), commit };
}

it.each(testEngines)("aggregates by master and metric, in exact decimals, on $name", async (testEngine) => {
  const { documents, files } = await documentsOf(testEngine, [
    ["security-master", "tokens", 1.1, 5],
    ["security-master", "tokens", 2.2, 3],
    ["security-master", "tokens", 3.3, 4],
    ["security-master", "latency", -0.5, 1],
    [null, "tokens", 1e300, 1],
    ["../../x", "tokens", 0.1, 1],
  ]);
  expect(files).toEqual(
    ["../../x", "security-master", "unassigned"].map((name) => `${encodeName(name)}-${DAY}.json`).sort(),
  );
  const tokens = { metric_name: "tokens", count: 3, sum: 6.6, avg: 2.2, min: 1.1, max: 3.3, p50: 2.2, p95: 3.19 };
  expect(documents.find(({ master }) => master === "security-master")).toEqual({
    ...{ master: "security-master", date: DAY, layer: "silver", processed_at: "2025-11-27T00:00:00.000000Z" },
    metrics: [
      {
        ...{ metric_name: "latency", count: 1, sum: -0.5, avg: -0.5, min: -0.5, max: -0.5, p50: -0.5, p95: -0.5 },
        ...{ first_timestamp: "2025-11-27T00:00:01.000000Z", last_timestamp: "2025-11-27T00:00:01.000000Z" },
      },
      {
        ...tokens,
        p95: expect.closeTo(3.19, 12),
        ...{ first_timestamp: "2025-11-27T00:00:03.000000Z", last_timestamp: "2025-11-27T00:00:05.000000Z" },
      },
    ],
  });
  expect(documents.find(({ master }) => master === "unassigned")?.metrics[0]?.sum).toBe(1e300);
  expect(documents.find(({ master }) => master === "../../x")?.metrics[0]?.sum).toBe(0.1);
});
