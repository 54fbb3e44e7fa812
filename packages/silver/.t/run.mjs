import { stageQuery, STAGED } from "./dist/sql/stage.js";
import { constructs, constructValues } from "./constructs.js";
import { recordTexts, taskValues } from "./record-texts.js";
import { tasks } from "@medallion/schema";
import { identifier, join, sql } from "@medallion/engine";
import { testEngines } from "@medallion/engine/testing";
import { mkdtempSync, writeFileSync } from "node:fs";
import fc from "fast-check";
BigInt.prototype.toJSON = function () { return `${this}n`; };
const folder = mkdtempSync("/tmp/agree-");
const N = Number(process.argv[2] ?? 500);
const engines = await Promise.all(testEngines.map((e) => e.open({ timeZone: process.argv[3] ?? "UTC", folder })));
const at = (i) => `2025-11-27T01:00:00.${String(i).padStart(6, "0")}+00:00`;
for (const [dataset, values] of [[tasks, taskValues], [constructs, constructValues]]) {
  const texts = fc.sample(recordTexts(values), N);
  const path = `${folder}/20251127.jsonl`;
  writeFileSync(path, texts.map((t, i) => { const b = t.slice(0, -1); return `${b}${b === "{" ? "" : ","}"ingested_at":"${at(i)}","layer":"bronze"}\n`; }).join(""));
  for (const trusted of [true, false]) {
    const all = [];
    for (const e of engines) {
      const t = performance.now();
      try {
        const lines = e.lines([{ path, file: "bronze/raw/20251127.jsonl" }], { maxLineBytes: 1 << 20, json: trusted });
        const q = stageQuery(e.dialect, dataset, { lines, trusted, processedAt: 1764237600000000n });
        if (process.argv[4] === "print" && e.name === "spark") writeFileSync("/tmp/stage.sql", e.dialect.render(q));
        await e.materialize("staged", q);
        const types = Object.fromEntries(dataset.fields.map((f) => [f.name, f.check.kind === "instant" ? "instant" : f.check.kind === "number" && !f.check.integer ? "dbl" : f.check.kind])); for (const k of Object.keys(dataset.computed)) if (dataset.computed[k].kind === "secondsBetween") types[k] = "double"; const cols = [STAGED.day, STAGED.ingestedDay, STAGED.rule, STAGED.line, "_rescued_data", "source_file", ...dataset.fields.map((f) => f.name), ...Object.keys(dataset.computed)];
        const rows = await e.rows(sql`SELECT ${e.dialect.micros(identifier("ingested_at"))} AS "when", ${join(cols.map((c, i) => sql`${types[c] === "instant" ? e.dialect.instantText(identifier(c)) : types[c] === "double" ? sql`CAST(${identifier(c)} * 1000 AS BIGINT)` : sql`CAST(${identifier(c)} AS STRING)`} AS ${identifier("c" + i)}`))}, ${e.dialect.jsonStrings(identifier(STAGED.warnings))} AS w FROM ${e.table("staged")} ORDER BY 1 NULLS FIRST`);
        all.push(rows);
      } catch (x) { console.log(e.name, dataset.name, String(x.message).slice(0, 1500)); if (x.cause) console.log(String(x.cause.message).slice(0, 800)); process.exitCode = 1; all.push([]); }
      console.log(e.name, dataset.name, trusted, all.at(-1).length, Math.round(performance.now() - t), "ms");
    }
    const [a, b] = all; const norm = (k, v) => v; let bad = 0; const kinds = {};
    for (let i = 0; i < Math.max(a.length, b?.length ?? 0); i++) for (const k of Object.keys(a[i] ?? {})) if (JSON.stringify(a[i]?.[k]) !== JSON.stringify(b?.[i]?.[k])) { bad++; kinds[k] = (kinds[k] ?? 0) + 1; if (kinds[k] <= 2 && b?.length) console.log("  DIFF", k, JSON.stringify(a[i]?.[k]), "|", JSON.stringify(b?.[i]?.[k]), "|", texts[i]?.slice(0, 300)); }
    console.log("diffs", bad, JSON.stringify(kinds).slice(0, 200));
  }
}
for (const e of engines) await e.close();
