import { mkdirSync, mkdtempSync, readFileSync, readdirSync, appendFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { acquireLock, beginTransaction, initLake } from "@medallion/lake";
import { events, lineage, metrics } from "@medallion/schema";
import { testEngines } from "@medallion/engine/testing";
import { planPromotion, measurePromotion, promote } from "@medallion/silver";
const lin = (o, i) => JSON.stringify(o).slice(0, -1) + `,"ingested_at":"2025-11-27T01:00:00.${String(i).padStart(6, "0")}+00:00","layer":"bronze"}\n`;
const make = {
  lineage: (i) => ({ lineage_id: i % 3 ? `l${i % 9}` : undefined, task_id: `t${i % 5}`, event_type: ["a", "b", ""][i % 3], timestamp: `2025-11-27T10:00:0${i % 4}Z`, metadata: { x: [1, 2.5] } }),
  events: (i) => ({ event_id: i % 2 ? `e${i % 7}` : undefined, type: `k${i % 3}`, payload: { b: i % 4, a: 1.50 }, timestamp: i % 5 ? `2025-11-27T10:00:0${i % 2}Z` : undefined }),
  metrics: (i) => ({ metric_id: i % 2 ? `m${i % 7}` : undefined, metric: `k${i % 3}`, value: [i, `${i}.5`, "x", 1e21, "1d", i / 3][i % 6], timestamp: `2025-11-27T10:00:0${i % 2}Z`, master_id: i % 3 ? "m1" : null }),
};
const out = [];
for (const e of testEngines) {
  const lake = (await initLake(join(mkdtempSync("/tmp/oth-"), "lake"))).lake; const parts = {};
  for (const dataset of [lineage, events, metrics]) {
    const p = join(lake.root, "bronze", dataset.folders.bronze, `${dataset.name === "events" ? "k-" : dataset.name === "metrics" ? "m1-" : ""}20251127.jsonl`); mkdirSync(dirname(p), { recursive: true }); appendFileSync(p, Array.from({ length: 60 }, (_, i) => lin(make[dataset.name](i), i)).join(""));
    const lock = await acquireLock(lake, { command: "test" }); const transaction = await beginTransaction(lake, lock); const engine = await e.open({ timeZone: lake.timeZone, folder: lake.root });
    try { const t = performance.now(); const plan = await planPromotion(lake, transaction.state, dataset, { rebuild: false }); const ranges = await measurePromotion(lake, transaction, plan);
      const r = await promote({ lake, engine, transaction, plan, ranges, processedAt: 1764300000000000n });
      parts[dataset.name] = r.partitions; await transaction.commit({ command: "test", version: "0", reads: r.reads, partitions: r.partitions, rules: { [dataset.name]: { version: dataset.version, hash: dataset.rulesHash } }, rows: r.rows }); console.log(e.name, dataset.name, Math.round(performance.now() - t), "ms", JSON.stringify(r.partitions.map((x) => [x.day, x.read, x.accepted, x.duplicate, x.quarantined])));
    } catch (x) { console.log(e.name, dataset.name, String(x.message).slice(0, 500), String(x.cause?.message).slice(0, 1200)); } finally { await transaction.abort(); await engine.close(); await lock.release(); }
  }
  const root = join(lake.root, "silver"); out.push({ parts, silver: Object.fromEntries(readdirSync(root, { recursive: true, withFileTypes: true }).filter((x) => x.isFile() && /jsonl?$/.test(x.name)).map((x) => join(x.parentPath, x.name)).sort().map((f) => [f.slice(root.length), readFileSync(f, "utf8")])) });
}
const [a, b] = out;
for (const k of new Set([...Object.keys(a.silver), ...Object.keys(b?.silver ?? {})])) { if (a.silver[k] === b?.silver[k]) console.log("SAME", k, a.silver[k].length); else { const x = (a.silver[k] ?? "").split("\n"), y = (b?.silver[k] ?? "").split("\n"); const i = x.findIndex((l, j) => l !== y[j]); console.log("DIFF", k, x.length, y.length, i, "\n  ", x[i]?.slice(0, 500), "\n  ", y[i]?.slice(0, 500)); } }
console.log("counts same", JSON.stringify(a.parts) === JSON.stringify(b?.parts));
