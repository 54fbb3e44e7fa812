import { pathToFileURL } from "node:url";
const { dailyRows } = await import("/work/main/packages/gold/dist/index.js");
import { testEngines } from "@medallion/engine/testing";
import { sql, join } from "@medallion/engine";
import { mkdtempSync } from "node:fs";
BigInt.prototype.toJSON = function () { return `${this}`; };
const folder = mkdtempSync("/tmp/gold-"); const out = [];
const duck = await testEngines[0].open({ timeZone: "UTC", folder });
const path = `${folder}/20251127.parquet`;
await duck.execute(sql`COPY (SELECT CAST('t' || (i % 90) AS VARCHAR) AS task_id, ['completed','failed','cancelled','queued'][1 + i % 4] AS status, CAST(TIMESTAMP '2025-11-27 00:00:00' + to_seconds(i) AS TIMESTAMPTZ) AS "timestamp", CASE WHEN i % 3 = 0 THEN NULL ELSE 'm' || (i % 5) END AS master, CAST(NULL AS VARCHAR) AS priority, 'x' AS "type", (i * 37 % 100) / 3.0 AS duration_seconds, i % 4 = 0 AS is_success, i % 4 = 1 AS is_failure, i % 4 = 2 AS is_cancelled, CAST(TIMESTAMP '2025-11-27 00:00:00' AS TIMESTAMPTZ) AS ingested_at FROM range(500) AS r(i)) TO ${path} (FORMAT parquet)`);
await duck.close();
for (const e of testEngines) { const x = await e.open({ timeZone: "UTC", folder }); const t = performance.now(); try { out.push(JSON.stringify(await dailyRows(x, [{ path, partition: "20251127" }]), (k, v) => Array.isArray(v) ? [...v].map((y) => JSON.stringify(y, (a, b) => typeof b === "bigint" ? `${b}` : b)).sort() : v)); console.log(e.name, Math.round(performance.now() - t), "ms"); } catch (c) { console.log(e.name, c.message, String(c.cause?.message).slice(0, 1500)); } await x.close(); }
console.log("gold daily rows same:", out[0] === out[1], out[0]?.length); if (out[0] !== out[1]) { console.log(out[0]?.slice(0, 600)); console.log(out[1]?.slice(0, 600)); }
