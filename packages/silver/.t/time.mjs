import { stageQuery, STAGED } from "./dist/sql/stage.js";
import { tasks } from "@medallion/schema";
import { identifier, join, sql } from "@medallion/engine";
import { openSpark } from "@medallion/engine/spark";
import { mkdtempSync, writeFileSync } from "node:fs";
const folder = mkdtempSync("/tmp/agree-");
const e = await openSpark({ url: process.env.MEDALLION_SPARK_URL, timeZone: "UTC", stagingFolder: folder + "/s" });
const path = `${folder}/20251127.jsonl`;
writeFileSync(path, '{"task_id":"1","status":"queued","timestamp":"2025-11-27T10:00:00Z","ingested_at":"2025-11-27T10:00:00.000000+00:00","layer":"bronze"}\n');
for (let i = 0; i < 3; i++) {
  const lines = e.lines([{ path, file: "bronze/raw/20251127.jsonl" }], { maxLineBytes: 1 << 20, json: true });
  const q = stageQuery(e.dialect, tasks, { lines, trusted: true, processedAt: 1764237600000000n });
  let t = performance.now(); await e.rows(sql`SELECT 1 AS a FROM (${q}) LIMIT 0`); const limit0 = performance.now() - t;
  t = performance.now(); await e.materialize("staged", q); const mat = performance.now() - t;
  console.log("limit 0", Math.round(limit0), "materialize", Math.round(mat), "length", e.dialect.render(q).length);
}
await e.close();
