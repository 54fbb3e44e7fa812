import { appendFile, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { testEngines } from "@medallion/engine/testing";
import { type Lake, readState } from "@medallion/lake";
import { firstPartOf } from "@medallion/lake/layout";
import { events, lineage, metrics, tasks } from "@medallion/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { promoteOnce, temporaryLake } from "../testing/promotion.ts";

async function appendBronze(lake: Lake, day: string, lines: readonly string[], file = "raw-tasks/"): Promise<void> {
  const path = join(lake.root, "bronze", `${file}${day}.jsonl`);
  await mkdir(dirname(path), { recursive: true });
  await appendFile(path, lines.map((line) => `${line}\n`).join(""));
}

/** The files below silver that end in one way, in the order of the parts of each partition. */
async function filesOf(lake: Lake, ending: string): Promise<string[]> {
  const root = join(lake.root, "silver");
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.name.endsWith(ending))
    .map((entry) => `silver${join(entry.parentPath, entry.name).slice(root.length)}`)
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
}

/** The lines of silver by partition, whatever its parts, without the times of processing. */
async function silverOf(lake: Lake): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const file of await filesOf(lake, ".jsonl")) {
    const text = await readFile(join(lake.root, file), "utf8");
    const partition = firstPartOf(file) ?? file;
    texts[partition] = (texts[partition] ?? "") + text.replaceAll(/,"processed_at":"[^"]*"/g, "");
  }
  return texts;
}

const timestamp = fc.constantFrom(
  "2025-11-26T23:59:59.5Z",
  "2025-11-27T00:00:00Z",
  "2025-11-27T01:00:00+01:00",
  "2025-11-28T09:00:00Z",
);
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const id = fc.constantFrom("a", "b", "c");

const cases = [
  {
    dataset: tasks,
    file: "raw-tasks/",
    record: fc.record({ task_id: id, status: fc.constantFrom("queued", "completed", "failed"), timestamp }),
    broken: ['{"task_id":"","status":"queued"}', '{"task_id":"a","task_id":"b","status":"q","timestamp":"2025-11-27"}'],
  },
  {
    dataset: lineage,
    file: "events/lineage-",
    record: fc.record({
      lineage_id: some(id),
      task_id: id,
      event_type: fc.constantFrom("x", "y"),
      timestamp,
      n: fc.nat(1),
    }),
    broken: ['{"task_id":"a","event_type":"x"}'],
  },
  {
    dataset: events,
    file: "events/heartbeat-",
    record: fc.record({ event_id: some(id), timestamp: some(timestamp), payload: fc.nat(2) }),
    broken: ['{"event_id":"a","event_type":1}'],
  },
  {
    dataset: metrics,
    file: "raw-metrics/m-",
    record: fc.record({ metric_id: some(id), metric: fc.constant("x"), value: fc.constantFrom(1, "1.50"), timestamp }),
    broken: ['{"metric":"x","value":"1,5","timestamp":"2025-11-27T00:00:00Z"}'],
  },
];

/** Bronze lines; several may have been ingested in the same microsecond, by different writers. */
function bronzeLines(record: fc.Arbitrary<object>, broken: readonly string[]): fc.Arbitrary<string[]> {
  const text = fc.oneof(
    { weight: 8, arbitrary: record.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.constantFrom(...broken) },
  );
  return fc.array(fc.tuple(text, fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 24 }).map((items) =>
    items.map(([body, tick], index) => {
      const micro = String(Math.floor(index / 4) * 10 + tick).padStart(6, "0");
      return `${body.slice(0, -1)}${body === "{}" ? "" : ","}"ingested_at":"2025-11-28T10:00:00.${micro}+00:00","layer":"bronze"}`;
    }),
  );
}

describe.each(testEngines)("promote on $name", (testEngine) => {
  const isSlow = testEngine.name !== "duckdb";

  it.each(cases)(
    "gives the same silver of $dataset.name however its records are spread over runs, and its rows over parts",
    async (given) => {
      const { dataset, file, record, broken } = given;
      await fc.assert(
        fc.asyncProperty(
          bronzeLines(record, broken),
          fc.array(fc.nat(24), { maxLength: isSlow ? 1 : 3 }),
          fc.array(fc.constantFrom(1, 300, 1000, 1_000_000), { minLength: 4, maxLength: 4 }),
          async (all, cuts, sizes) => {
            const [once, pieces] = [await temporaryLake(), await temporaryLake()];
            await appendBronze(once, "20251128", all, file);
            await promoteOnce(once, { dataset });
            const bounds = [0, ...cuts.map((cut) => Math.min(cut, all.length)), all.length].sort((a, b) => a - b);
            for (let index = 1; index < bounds.length; index += 1) {
              await appendBronze(pieces, "20251128", all.slice(bounds[index - 1], bounds[index]), file);
              await promoteOnce(pieces, { dataset, testEngine, partBytes: sizes[index - 1] ?? 1 });
            }
            expect(await silverOf(pieces)).toEqual(await silverOf(once));
            const { silver, quarantine } = await readState(pieces);
            const found = [...(await filesOf(pieces, ".jsonl")), ...(await filesOf(pieces, ".parquet"))];
            expect(found.filter((file) => firstPartOf(file) !== null).sort()).toEqual(
              [...silver, ...quarantine].sort(),
            );
            for (const lake of [once, pieces]) {
              const totals = [...(await readState(lake)).partitions.values()];
              const sum = (of: "read" | "rows" | "duplicate" | "superseded" | "quarantined") =>
                totals.reduce((total, partition) => total + partition[of], 0);
              expect(sum("read")).toBe(all.length);
              expect(sum("rows") + sum("duplicate") + sum("superseded") + sum("quarantined")).toBe(all.length);
            }
          },
        ),
        { numRuns: isSlow ? 2 : 3, ...(isSlow ? { endOnFailure: true } : {}) },
      );
    },
    isSlow ? 300_000 : 120_000,
  );
});

describe("promote", () => {
  it("makes silver anew when the rules have changed, and only then", async () => {
    const lake = await temporaryLake();
    const line = '{"task_id":"a","status":"queued","ingested_at":"2025-11-28T10:00:00.000001+00:00","layer":"bronze"}';
    await appendBronze(lake, "20251128", [line]);
    await promoteOnce(lake);
    expect(await promoteOnce(lake)).toBeNull();
    const changed = { ...tasks, version: "2.0.0", rulesHash: "0".repeat(64) };
    expect(await promoteOnce(lake, { dataset: changed })).toMatchObject({
      plan: { rebuild: true, reason: "changed rules" },
      partitions: [{ read: 1, rebuilt: true }],
    });
    expect(await promoteOnce(lake, { dataset: changed })).toBeNull();
  });

  it("adds to quarantine in parts, and says what to do when one of them is gone", async () => {
    const lake = await temporaryLake();
    const folder = "silver/quarantine/tasks";
    // All at the same time, which none of the lines has.
    const broken = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => `{"task_id":"","n":${from + index},"layer":"bronze"}`);
    const numbers = async () => {
      const texts = await Promise.all(
        (await filesOf(lake, ".jsonl")).map((file) => readFile(join(lake.root, file), "utf8")),
      );
      const lines: { raw: string }[] = texts.flatMap((text) =>
        text
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line)),
      );
      return lines.map(({ raw }): number => JSON.parse(raw).n).sort((a, b) => a - b);
    };
    const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);
    await appendBronze(lake, "20251128", broken(0, 8));
    expect(await promoteOnce(lake, { partBytes: 500 })).toMatchObject({ partitions: [{ quarantined: 8, rows: 0 }] });
    const first = await filesOf(lake, ".jsonl");
    expect(first.slice(0, 2)).toEqual([`${folder}/20251128.jsonl`, `${folder}/20251128-0002.jsonl`]);
    expect(await numbers()).toEqual(upTo(8));
    await appendBronze(lake, "20251128", broken(8, 12));
    await promoteOnce(lake, { partBytes: 1000 });
    expect((await filesOf(lake, ".jsonl")).length).toBeLessThan(first.length);
    expect(await numbers()).toEqual(upTo(12));
    await promoteOnce(lake, { partBytes: 500, rebuild: true });
    expect(await numbers()).toEqual(upTo(12));
    const { commits } = { commits: (await readState(lake)).lastCommit?.writes ?? [] };
    const rows = commits.flatMap(({ file, rows }) => (file.startsWith(folder) ? [rows ?? 0] : []));
    expect([rows.length > 1, rows.reduce((sum, count) => sum + count, 0)]).toEqual([true, 12]);

    await rm(join(lake.root, folder, "20251128-0002.jsonl"));
    await appendBronze(lake, "20251128", broken(12, 13));
    await expect(promoteOnce(lake)).rejects.toMatchObject({
      code: "SILVER_MISSING",
      message: expect.stringContaining("20251128-0002.jsonl"),
    });
    await promoteOnce(lake, { rebuild: true });
    expect(await filesOf(lake, ".jsonl")).toEqual([`${folder}/20251128.jsonl`]);
    expect(await numbers()).toEqual(upTo(13));
  });

  it("says what to do when a file of silver is gone", async () => {
    const lake = await temporaryLake();
    const line = (id: string) =>
      `{"task_id":"${id}","status":"queued","ingested_at":"2025-11-28T10:00:00.00000${id}+00:00","layer":"bronze"}`;
    await appendBronze(lake, "20251128", [line("1")]);
    await promoteOnce(lake);
    await rm(join(lake.root, "silver/processed-tasks/20251128.jsonl"));
    await appendBronze(lake, "20251128", [line("2")]);
    await expect(promoteOnce(lake)).rejects.toMatchObject({
      code: "SILVER_MISSING",
      message: expect.stringContaining("--rebuild"),
    });
    expect(await promoteOnce(lake, { rebuild: true })).toMatchObject({ partitions: [{ read: 2, rows: 2 }] });
  });
});
