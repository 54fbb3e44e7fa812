import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { argv } from "node:process";

/**
 * The pipeline in nodejs-polars, without checks. Arguments: the folder that polars is installed in, a folder of bronze
 * files and a folder to write to. JSON Lines hold the declared columns only: a data frame has no other fields.
 */
const [installed, bronze, output] = argv.slice(2);
const { default: pl } = createRequire(join(installed, "node_modules", "x.js"))("nodejs-polars");
const silver = join(output, "silver");
const gold = join(output, "gold");
for (const folder of [silver, gold]) mkdirSync(folder, { recursive: true });

const NAMES = (
  "task_id id status timestamp updated_at completed_at created_at started_at ingested_at " +
  "master assigned_to type priority title description source_file"
).split(" ");
const instant = (expression) => expression.str.strptime(pl.Datetime("ms"), "%Y-%m-%dT%H:%M:%S%.fZ");

const frames = readdirSync(bronze).map((file) => {
  const frame = pl.scanJson(join(bronze, file), { inferSchemaLength: 10_000 }).collectSync();
  const missing = NAMES.filter((name) => !frame.columns.includes(name)).map((name) =>
    pl.lit(null).cast(pl.Utf8).alias(name),
  );
  return frame.withColumns(...missing, ...(frame.columns.includes("error") ? [] : [pl.lit(null).alias("error")]));
});
const bronzeFrame = frames.length === 1 ? frames[0] : pl.concat(frames, { how: "diagonal" });

const rows = bronzeFrame
  .select(...NAMES.map((name) => pl.col(name).cast(pl.Utf8)), pl.col("error").isNotNull().alias("has_error"))
  .withColumns(
    pl.col("task_id").fillNull(pl.col("id")).alias("task_id"),
    pl.col("master").fillNull(pl.col("assigned_to")).alias("master"),
    instant(
      pl
        .col("timestamp")
        .fillNull(pl.col("updated_at"))
        .fillNull(pl.col("completed_at"))
        .fillNull(pl.col("created_at")),
    ).alias("timestamp"),
    instant(pl.col("created_at")).alias("created_at"),
    instant(pl.col("completed_at")).alias("completed_at"),
  )
  .filter(pl.col("task_id").isNotNull().and(pl.col("status").isNotNull()).and(pl.col("timestamp").isNotNull()))
  .withColumns(
    pl.col("completed_at").sub(pl.col("created_at")).cast(pl.Int64).div(pl.lit(1_000_000)).alias("duration_seconds"),
    pl.col("status").eq(pl.lit("completed")).alias("is_success"),
    pl.col("status").eq(pl.lit("failed")).alias("is_failure"),
    pl.col("status").eq(pl.lit("cancelled")).alias("is_cancelled"),
    pl.lit("silver").alias("layer"),
    pl.lit(new Date().toISOString()).alias("processed_at"),
    pl.col("timestamp").dt.strftime("%Y%m%d").alias("day"),
  )
  .sort("ingested_at")
  .unique({ subset: ["task_id", "timestamp"], keep: "last" })
  .sort("timestamp");

const outcome = [
  pl.len().alias("total"),
  pl.col("is_success").sum().alias("completed"),
  pl.col("is_failure").sum().alias("failed"),
  pl.col("is_cancelled").sum().alias("cancelled"),
  pl.col("duration_seconds").mean().alias("avg_duration_seconds"),
];
for (const part of rows.partitionBy("day", true)) {
  const day = part.row(0)[part.columns.indexOf("day")];
  part.writeJSON(join(silver, `${day}.jsonl`), { format: "lines" });
  part.writeParquet(join(silver, `${day}.parquet`), { compression: "zstd" });
  const latest = part.unique({ subset: ["task_id"], keep: "last" });
  const shares = (name) => latest.groupBy(name).agg(pl.len().alias("count")).sort(name).toRecords();
  const quantile = (part) => latest.getColumn("duration_seconds").quantile(part);
  const document = {
    date: day,
    layer: "gold",
    summary: latest.select(...outcome).toRecords()[0],
    by_master: latest
      .groupBy("master")
      .agg(...outcome)
      .sort("master")
      .toRecords(),
    by_status: shares("status"),
    by_priority: shares("priority"),
    by_type: shares("type"),
    performance: { p50_duration: quantile(0.5), p95_duration: quantile(0.95), p99_duration: quantile(0.99) },
  };
  const text = JSON.stringify(document, (_, value) => (typeof value === "bigint" ? Number(value) : value));
  writeFileSync(join(gold, `daily-${day}.json`), `${text}\n`);
}
