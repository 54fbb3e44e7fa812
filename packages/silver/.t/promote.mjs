import { mkdirSync, mkdtempSync, writeFileSync, readFileSync, readdirSync, appendFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { acquireLock, beginTransaction, initLake, nowMicros, readState } from "@medallion/lake";
import { tasks, events, lineage, metrics } from "@medallion/schema";
import { testEngines } from "@medallion/engine/testing";
import { planPromotion, measurePromotion, promote } from "@medallion/silver";
const datasets = [tasks, ...(process.argv[2] === "all" ? [lineage, events, metrics] : [])];
const rec = (i, extra = {}) => JSON.stringify({ task_id: `t${i % 40}`, status: ["completed", "failed", "queued"][i % 3], timestamp: `2025-11-2${6 + (i % 2)}T1${i % 10}:00:00${i % 4 === 0 ? "" : "Z"}`, created_at: "2025-11-26T09:00:00Z", completed_at: `2025-11-26T09:0${i % 10}:00.5Z`, master: i % 5 ? `m${i % 5}` : null, priority: i % 7 ? i : "high", weird: [1, 2.50, { a: "é\u2028" }], ...extra });
const lin = (s, i) => s.slice(0, -1) + `,"ingested_at":"2025-11-27T01:00:00.${String(i).padStart(6, "0")}+00:00","layer":"bronze"}\n`;
const wrap = (raw, i, err) => JSON.stringify({ raw, ...(err ? { raw_error: err } : {}), ingested_at: `2025-11-27T02:00:00.${String(i).padStart(6, "0")}+00:00`, layer: "bronze" }) + "\n";
async function run(e, lake, dataset, rebuild = false) {
  const lock = await acquireLock(lake, { command: "test" });
  const transaction = await beginTransaction(lake, lock);
  const engine = await e.open({ timeZone: lake.timeZone, folder: lake.root });
  try {
    const plan = await planPromotion(lake, transaction.state, dataset, { rebuild });
    const ranges = await measurePromotion(lake, transaction, plan);
    if (ranges.length === 0) return null;
    const processedAt = 1764300000000000n;
    const t = performance.now();
    const r = await promote({ lake, engine, transaction, plan, ranges, processedAt, onStep: (s) => console.log("  ", e.name, s, Math.round(performance.now() - t)) });
    console.log("  ", e.name, "done", Math.round(performance.now() - t));
    await transaction.commit({ command: "test", version: "0", reads: r.reads, partitions: r.partitions, rules: { [dataset.name]: { version: dataset.version, hash: dataset.rulesHash } }, rows: r.rows });
    return r.partitions;
  } finally { await transaction.abort(); await engine.close(); await lock.release(); }
}
const silver = (lake) => { const root = join(lake.root, "silver"); return Object.fromEntries(readdirSync(root, { recursive: true, withFileTypes: true }).filter((x) => x.isFile() && /jsonl?$/.test(x.name)).map((x) => join(x.parentPath, x.name)).sort().map((f) => [f.slice(root.length), readFileSync(f, "utf8")])); };
const out = [];
for (const e of testEngines) {
  const folder = mkdtempSync("/tmp/prom-");
  const lake = (await initLake(join(folder, "lake"))).lake;
  const put = (day, text) => { const p = join(lake.root, "bronze/raw-tasks", `${day}.jsonl`); mkdirSync(dirname(p), { recursive: true }); appendFileSync(p, text); };
  const parts = [];
  try {
    put("20251127", Array.from({ length: 100 }, (_, i) => lin(rec(i), i)).join("") + wrap("not json", 1, "not JSON: x") + wrap('{"task_id":"w","status":"completed","timestamp":"2025-11-27T10:00:00Z","ingested_at":"x"}', 2) + wrap("[1]", 3, "not a JSON object") + lin('{"task_id":"a","task_id":"b","status":"x"}', 200));
    parts.push(await run(e, lake, tasks));
    put("20251127", Array.from({ length: 50 }, (_, i) => lin(rec(i, { x: i }), 300 + i)).join("") + wrap("bad", 9, "not JSON: y"));
    parts.push(await run(e, lake, tasks));
    parts.push(await run(e, lake, tasks, true));
    put("20251128", "{broken\n" + lin(rec(7), 500) + '"\xff"\n');
    parts.push(await run(e, lake, tasks));
  } catch (x) { console.log(e.name, String(x.stack).slice(0, 1500), String(x.cause?.message).slice(0, 1500), String(x.statement).slice(0, 3000)); process.exitCode = 1; }
  out.push({ silver: silver(lake), parts });
}
const [a, b] = out; BigInt.prototype.toJSON = function () { return `${this}`; };
console.log("files", Object.keys(a.silver), Object.keys(b?.silver ?? {}).length);
for (const k of new Set([...Object.keys(a.silver), ...Object.keys(b?.silver ?? {})])) { if (a.silver[k] === b?.silver[k]) console.log("SAME", k, a.silver[k].length); else { const x = (a.silver[k] ?? "").split("\n"), y = (b?.silver[k] ?? "").split("\n"); const i = x.findIndex((l, j) => l !== y[j]); console.log("DIFF", k, x.length, y.length, i, "\n  ", x[i]?.slice(0, 500), "\n  ", y[i]?.slice(0, 500)); } }
console.log("counts same", JSON.stringify(a.parts) === JSON.stringify(b?.parts));
