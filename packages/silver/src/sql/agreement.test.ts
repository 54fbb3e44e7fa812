import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Engine, identifier, sql } from "@medallion/engine";
import { testEngines } from "@medallion/engine/testing";
import { checkRecord, type Dataset, events, lineage, metrics, tasks } from "@medallion/schema";
import { GIVEN_PART } from "@medallion/schema/contract";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { STAGED, stageQuery } from "./stage.ts";
import { constructs, constructValues } from "./testing/constructs.ts";
import { eventValues, lineageValues, metricValues, recordTexts, strings, taskValues } from "./testing/record-texts.ts";

const RECORDS = 2_000;
/** Enough to meet every rule on an engine that runs elsewhere. */
const FEW_RECORDS = 400;
const PART = "given";
const folder = mkdtempSync(join(tmpdir(), "medallion-agreement-"));
let engine: Engine;

afterAll(() => rmSync(folder, { recursive: true }));

/** The instant at which a record was ingested: each has its own, which tells the rows apart. */
function ingestedAt(index: number): string {
  return `2025-11-27T01:00:00.${String(index).padStart(6, "0")}+00:00`;
}

const FIRST_INGESTED = BigInt(Date.parse("2025-11-27T01:00:00Z")) * 1000n;

function bronzeLine(text: string, index: number): string {
  const body = text.slice(0, -1);
  return `${body}${body === "{" ? "" : ","}"ingested_at":"${ingestedAt(index)}","layer":"bronze"}`;
}

/** The broken rules of a record, by severity. */
interface Broken {
  readonly rules: readonly string[];
  readonly warnings: readonly string[];
}

/** What zod says. Warnings of a record that is set aside are not counted by silver. */
function verdictOfZod(dataset: Dataset, text: string, index: number): Broken {
  const verdict = checkRecord(dataset, JSON.parse(text), { ingestedAt: ingestedAt(index), part: PART });
  const ids = (violations: readonly { rule: string }[]) => violations.map(({ rule }) => rule).sort();
  return verdict.ok ? { rules: [], warnings: ids(verdict.warnings) } : { rules: ids(verdict.violations), warnings: [] };
}

function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string").sort() : [];
}

/** What the compiled SQL says, in the order of the records. */
async function verdictsOfSql(dataset: Dataset, texts: readonly string[], trusted: boolean): Promise<Broken[]> {
  const path = join(folder, "20251127.jsonl");
  writeFileSync(path, `${texts.map(bronzeLine).join("\n")}\n`);
  const lines = await engine.lines([{ path, file: "bronze/raw/20251127.jsonl", part: PART }], {
    maxLineBytes: 1 << 20,
    json: trusted,
  });
  const { dialect } = engine;
  const [rule, line, warnings] = [STAGED.rule, STAGED.line, STAGED.warnings].map(identifier);
  const staged = stageQuery(dialect, dataset, { lines, trusted, processedAt: FIRST_INGESTED });
  const rows = await engine.rows(sql`SELECT ${dialect.micros(identifier("ingested_at"))} - ${FIRST_INGESTED} AS "index",
    ${rule ?? sql`NULL`} AS "rule", ${line ?? sql`NULL`} AS line, ${dialect.jsonStrings(warnings ?? sql`NULL`)} AS warnings
    FROM (${staged}) ORDER BY "index"`);
  expect(rows.map(({ index }) => index)).toEqual(texts.map((_, index) => index));
  return rows.map((row) => {
    const setAside = row.rule !== null;
    const document: unknown = JSON.parse(setAside ? String(row.line) : `${row.line}}`);
    const rules = setAside && typeof document === "object" && document !== null && "rules" in document;
    const warned = stringsOf(JSON.parse(row.warnings === null ? "[]" : String(row.warnings)));
    return {
      rules: rules ? stringsOf(document.rules) : [],
      warnings: warned.filter((id) => !id.endsWith(".negative")),
    };
  });
}

const datasets = [
  { dataset: tasks, values: taskValues },
  { dataset: lineage, values: lineageValues },
  { dataset: events, values: eventValues },
  { dataset: metrics, values: metricValues },
  { dataset: constructs, values: constructValues },
];

describe.each(testEngines)("on $name", (testEngine) => {
  const records = testEngine.name === "duckdb" ? RECORDS : FEW_RECORDS;

  beforeAll(async () => {
    engine = await testEngine.open({ timeZone: "UTC", folder });
  });

  afterAll(() => engine.close());

  describe.each(datasets)("zod and the compiled SQL of $dataset.name", ({ dataset, values }) => {
    it.each([true, false])("say the same of every record (lines known to be JSON: %s)", async (trusted) => {
      const texts = fc.sample(recordTexts(values), records);
      const expected = texts.map((text, index) => verdictOfZod(dataset, text, index));
      const found = await verdictsOfSql(dataset, texts, trusted);
      const different = texts.flatMap((text, index) => {
        const [zod, compiled] = [expected[index], found[index]];
        return JSON.stringify(zod) === JSON.stringify(compiled) ? [] : [{ zod, compiled, text }];
      });
      expect(different.slice(0, 5)).toEqual([]);
      expect(expected.some(({ rules }) => rules.length > 0)).toBe(true);
      expect(expected.filter(({ rules }) => rules.length === 0).length).toBeGreaterThan(records / 10);
    });
  });

  it("reads strings of any characters as zod does", async () => {
    const texts = fc
      .sample(strings, records)
      .map((value) => `{"id":"1","at":"2025-11-27T10:00:00Z","active":true,"where":{"x":1},"label":${value}}`);
    const expected = texts.map((text, index) => verdictOfZod(constructs, text, index));
    expect(await verdictsOfSql(constructs, texts, true)).toEqual(expected);
  });

  it("reads the instants at the ends of the calendar as zod does", async () => {
    const instants = [
      "0000-12-31T10:00:00-18",
      "0001-01-01T00:00:00Z",
      "0001-01-01T00:00:00+01:00",
      "9999-12-31T23:59:59.999999999Z",
      "9999-12-31T23:59:59-00:30",
      "9999-12-31T23:59:59",
    ];
    const texts = instants.map((at) => `{"task_id":"1","status":"queued","timestamp":"${at}"}`);
    const expected = texts.map((text, index) => verdictOfZod(tasks, text, index));
    expect(await verdictsOfSql(tasks, texts, true)).toEqual(expected);
  });
});

describe.each(datasets)("records of $dataset.name", ({ dataset, values }) => {
  it("break every rule of the fields somewhere", () => {
    const texts = fc.sample(recordTexts(values), RECORDS);
    const broken = new Set(
      texts.flatMap((text, index) => {
        const { rules, warnings } = verdictOfZod(dataset, text, index);
        return [...rules, ...warnings];
      }),
    );
    const rules = dataset.rules.filter(({ field, id }) => field !== null && !id.endsWith(".negative"));
    expect(rules.map(({ id }) => id).filter((id) => !broken.has(id))).toEqual(unbreakable(dataset));
  });
});

/** A field that falls back on the time of ingestion, or on what was given there, is never missing. */
function unbreakable(dataset: Dataset): string[] {
  return dataset.fields.flatMap(({ name, required, sources }) =>
    required && (sources.includes("ingested_at") || sources.includes(GIVEN_PART)) ? [`${name}.required`] : [],
  );
}
