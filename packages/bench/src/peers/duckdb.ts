import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { argv } from "node:process";
import { DuckDBInstance } from "@duckdb/node-api";

/**
 * The pipeline as one would write it by hand in DuckDB: no rules, no quarantine, no counts; lines that are not JSON are
 * skipped. Arguments: a folder of bronze files and a folder to write to.
 */
const [bronze = "", output = ""] = argv.slice(2);
const silver = join(output, "silver");
const gold = join(output, "gold");
await Promise.all([silver, gold].map((folder) => mkdir(folder, { recursive: true })));

const FIELDS = Object.fromEntries(
  [
    "task_id id status timestamp updated_at completed_at created_at started_at ingested_at",
    "master assigned_to type priority title description error source_file",
  ].flatMap((names) => names.split(" ").map((name) => [name, "VARCHAR"])),
);

const connection = await (await DuckDBInstance.create(":memory:")).connect();
const quoted = (path: string) => `'${path.replaceAll("'", "''")}'`;

await connection.run("SET TimeZone = 'UTC'");
await connection.run(`
  CREATE TABLE silver AS
  SELECT *, strftime("timestamp", '%Y%m%d') AS day,
    json_merge_patch(json, json_object(
      'task_id', task_id, 'timestamp', strftime("timestamp", '%Y-%m-%dT%H:%M:%S.%fZ'), 'master', master,
      'duration_seconds', duration_seconds, 'is_success', is_success, 'is_failure', is_failure,
      'is_cancelled', is_cancelled, 'has_error', has_error, 'layer', 'silver',
      'processed_at', strftime(now(), '%Y-%m-%dT%H:%M:%S.%fZ'))) AS line
  FROM (
    SELECT *, status = 'completed' AS is_success, status = 'failed' AS is_failure,
      status IN ('cancelled', 'canceled') AS is_cancelled, error IS NOT NULL AS has_error,
      (epoch_us(completed_at) - epoch_us(created_at)) / 1000000 AS duration_seconds
    FROM (
      SELECT json, coalesce(task_id, id) AS task_id, status,
        TRY_CAST(coalesce("timestamp", updated_at, completed_at, created_at, ingested_at) AS TIMESTAMPTZ) AS "timestamp",
        coalesce(master, assigned_to) AS master, type, priority, title, description, error, source_file,
        TRY_CAST(created_at AS TIMESTAMPTZ) AS created_at, TRY_CAST(started_at AS TIMESTAMPTZ) AS started_at,
        TRY_CAST(completed_at AS TIMESTAMPTZ) AS completed_at, TRY_CAST(updated_at AS TIMESTAMPTZ) AS updated_at,
        TRY_CAST(ingested_at AS TIMESTAMPTZ) AS ingested_at
      FROM (
        SELECT json, unnest(from_json(json, '${JSON.stringify(FIELDS)}'))
        FROM read_ndjson_objects(${quoted(join(bronze, "*.jsonl"))}, ignore_errors = true)
      )
    )
    WHERE task_id IS NOT NULL AND status IS NOT NULL AND "timestamp" IS NOT NULL
  )
  QUALIFY row_number() OVER (PARTITION BY task_id, "timestamp" ORDER BY ingested_at DESC) = 1`);
await connection.run(`
  COPY (SELECT line, day FROM silver ORDER BY "timestamp", ingested_at)
  TO ${quoted(silver)} (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\u0001', PARTITION_BY (day),
    FILE_EXTENSION 'jsonl', OVERWRITE_OR_IGNORE)`);
await connection.run(`
  COPY (SELECT * EXCLUDE (json, line) FROM silver ORDER BY "timestamp", ingested_at)
  TO ${quoted(silver)} (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (day), OVERWRITE_OR_IGNORE)`);
await connection.run(`
  CREATE TABLE latest AS SELECT * EXCLUDE (json, line) FROM silver
  QUALIFY row_number() OVER (PARTITION BY day, task_id ORDER BY "timestamp" DESC) = 1`);
const documents = await connection.runAndReadAll(`
    SELECT day, to_json({
        'date': day, 'layer': 'gold', 'summary': summary, 'performance': performance,
        'by_master': by_master, 'by_status': by_status, 'by_priority': by_priority, 'by_type': by_type
      }) AS document
    FROM (
      SELECT day,
        {'total_tasks': count(*), 'completed_tasks': count_if(is_success), 'failed_tasks': count_if(is_failure),
          'cancelled_tasks': count_if(is_cancelled),
          'completion_rate': round(100 * count_if(is_success) / count(*), 1),
          'success_rate': round(100 * count_if(is_success) / nullif(count_if(NOT is_cancelled), 0), 1),
          'avg_duration_seconds': round(avg(duration_seconds), 3),
          'min_duration_seconds': round(min(duration_seconds), 3),
          'max_duration_seconds': round(max(duration_seconds), 3)} AS summary,
        {'p50_duration': round(quantile_cont(duration_seconds, 0.5), 3),
          'p95_duration': round(quantile_cont(duration_seconds, 0.95), 3),
          'p99_duration': round(quantile_cont(duration_seconds, 0.99), 3),
          'buckets': {'fast': count_if(duration_seconds < 30),
            'normal': count_if(duration_seconds BETWEEN 30 AND 60), 'slow': count_if(duration_seconds > 60)}} AS performance
      FROM latest GROUP BY day)
    JOIN (SELECT day, list({'master': master, 'total': n, 'completed': completed, 'failed': failed,
        'avg_duration_seconds': average} ORDER BY master) AS by_master
      FROM (SELECT day, coalesce(master, 'unassigned') AS master, count(*) AS n, count_if(is_success) AS completed,
          count_if(is_failure) AS failed, round(avg(duration_seconds), 3) AS average
        FROM latest GROUP BY ALL) GROUP BY day) USING (day)
    JOIN (SELECT day, list({'status': status, 'count': n} ORDER BY status) AS by_status
      FROM (SELECT day, status, count(*) AS n FROM latest GROUP BY ALL) GROUP BY day) USING (day)
    JOIN (SELECT day, list({'priority': priority, 'count': n} ORDER BY priority) AS by_priority
      FROM (SELECT day, coalesce(priority, 'unknown') AS priority, count(*) AS n FROM latest GROUP BY ALL)
      GROUP BY day) USING (day)
    JOIN (SELECT day, list({'type': type, 'count': n} ORDER BY type) AS by_type
      FROM (SELECT day, coalesce(type, 'unknown') AS type, count(*) AS n FROM latest GROUP BY ALL)
      GROUP BY day) USING (day)`);
for (const [day, document] of documents.getRows()) {
  await writeFile(join(gold, `daily-${String(day)}.json`), `${String(document)}\n`);
}
connection.closeSync();
