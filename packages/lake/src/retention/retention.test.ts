import { existsSync } from "node:fs";
import { rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { listBronze } from "../bronze/bronze-files.ts";
import { checkBronze, pendingBronze } from "../bronze/pending.ts";
import { readState } from "../commits/read-state.ts";
import type { LakeState } from "../commits/state.ts";
import type { Lake } from "../lake.ts";
import { temporaryLake } from "../testing/lakes.ts";
import { contentOf } from "../testing/one-run.ts";
import { append, BRONZE, DATASET, inTransaction, promoteAll, SILVER } from "../testing/simulation.ts";
import { addDays } from "../time/days.ts";
import { applyRetention, removals, retirements } from "./apply.ts";
import { type DatasetRetention, planRetention } from "./plan.ts";

const FIRST = "20251101";
const day = (number: number) => addDays(FIRST, number);

function policy(bronze: number | "never", silver: number | "never"): DatasetRetention[] {
  return [{ name: DATASET, bronzeFolder: BRONZE, silverFolders: [SILVER], bronze, silver }];
}

async function retain(lake: Lake, rules: readonly DatasetRetention[], today: string) {
  return inTransaction(lake, async (transaction) => {
    const plan = await planRetention(lake, transaction.state, rules, today);
    if (removals(plan).length > 0) await applyRetention(transaction, plan, { command: "retention", version: "1" });
    return plan;
  });
}

const said = (items: Awaited<ReturnType<typeof retain>>["items"]) =>
  items.map((item) => `${item.layer} ${item.day}: ${item.kept ?? "goes"}`);

async function lakeWithLines(...lines: [ingested: number, line: string][]): Promise<Lake> {
  const lake = await temporaryLake();
  for (const [ingested, line] of lines) await append(lake, day(ingested), line);
  await promoteAll(lake, false);
  return lake;
}

test("silver goes by its day, bronze after it, quarantine with bronze; each says why it is kept", async () => {
  const lake = await lakeWithLines(
    [0, `good ${day(0)}`],
    [0, "bad"],
    [5, `good ${day(5)}`],
    [5, `good ${day(40)}`],
    [40, `good ${day(40)}`],
    [9, "bad"],
  );
  await append(lake, day(8), `good ${day(8)}`);
  const state = await readState(lake);
  const before = await contentOf(lake);
  const plan = await planRetention(lake, state, policy(20, 10), day(41));
  expect(said(plan.items)).toEqual([
    `bronze ${day(0)}: goes`,
    `bronze ${day(5)}: silver`,
    `bronze ${day(8)}: unread`,
    `bronze ${day(9)}: goes`,
    `bronze ${day(40)}: young`,
    `silver ${day(0)}: goes`,
    `silver ${day(5)}: goes`,
    `silver ${day(9)}: goes`,
    `silver ${day(40)}: young`,
    `quarantine ${day(0)}: goes`,
    `quarantine ${day(9)}: bronze`,
  ]);
  expect(retirements(plan).map((partition) => partition.day)).toEqual([day(0), day(5), day(9)]);
  expect(plan.items.find((item) => item.layer === "silver")?.files).toEqual([
    { file: `silver/processed-tasks/${day(0)}.jsonl`, bytes: 9 },
    { file: `silver/processed-tasks/${day(0)}.parquet`, bytes: 9 },
  ]);
  expect(await contentOf(lake)).toEqual(before);
  await retain(lake, policy(20, 10), day(41));
  const after = await contentOf(lake);
  const gone = Object.keys(before).filter((path) => !(path in after));
  expect(gone).toEqual([
    `bronze/raw-tasks/${day(0)}.jsonl`,
    `bronze/raw-tasks/${day(9)}.jsonl`,
    ...[day(0), day(5)].flatMap((name) =>
      ["jsonl", "parquet"].map((format) => `silver/processed-tasks/${name}.${format}`),
    ),
    `silver/quarantine/tasks/${day(0)}.jsonl`,
  ]);
  expect(said((await planRetention(lake, await readState(lake), policy(20, 10), day(41))).items)).not.toContain("goes");
});

test("never means never, and a day is older only after N whole days", async () => {
  const lake = await lakeWithLines([0, `good ${day(0)}`], [0, "bad"]);
  const kept = async (rules: readonly DatasetRetention[], today: string) =>
    said((await planRetention(lake, await readState(lake), rules, today)).items);
  expect(await kept(policy("never", "never"), day(9999))).toEqual(
    ["bronze", "silver", "quarantine"].map((layer) => `${layer} ${day(0)}: for ever`),
  );
  expect(await kept(policy(0, 30), day(30))).toEqual([
    `bronze ${day(0)}: silver`,
    `silver ${day(0)}: young`,
    `quarantine ${day(0)}: bronze`,
  ]);
  expect(await kept(policy(0, 30), day(31))).toEqual(
    ["bronze", "silver", "quarantine"].map((layer) => `${layer} ${day(0)}: goes`),
  );
  const needed = { needed: () => true };
  const plan = await planRetention(lake, await readState(lake), policy(0, 0), day(31), needed);
  expect(said(plan.items)).toContain(`silver ${day(0)}: needed`);
});

test("a bronze file that is gone by retention is neither missing nor new; what comes under its name is read from byte 0", async () => {
  const lake = await lakeWithLines([0, `good ${day(0)}`]);
  await retain(lake, policy(1, 1), day(9));
  const path = `bronze/raw-tasks/${day(0)}.jsonl`;
  expect(existsSync(join(lake.root, path))).toBe(false);
  const state = await readState(lake);
  expect(state.files.get(path)).toMatchObject({ offset: 14, lines: 1, retired: true });
  expect(await pendingBronze(lake, state, DATASET, BRONZE)).toEqual([]);
  await append(lake, day(0), `good ${day(8)}`);
  expect(await pendingBronze(lake, state, DATASET, BRONZE)).toMatchObject([{ path, from: 0, size: 14 }]);
  expect(said((await planRetention(lake, state, policy(1, 1), day(9))).items)).toEqual([`bronze ${day(0)}: unread`]);
  await promoteAll(lake, false);
  const later = await readState(lake);
  expect(later.files.get(path)).toMatchObject({ offset: 14, retired: false });
  expect(later.partitions.get(`tasks/${day(8)}`)).toMatchObject({ read: 1, rows: 1, retired: false });
});

test("bytes that come between plan and commit stop the commit, and bronze that was cut stops the plan", async () => {
  const lake = await lakeWithLines([0, `good ${day(0)}`]);
  await inTransaction(lake, async (transaction) => {
    const plan = await planRetention(lake, transaction.state, policy(1, 1), day(9));
    await append(lake, day(0), "late");
    const applied = applyRetention(transaction, plan, { command: "retention", version: "1" });
    await expect(applied).rejects.toMatchObject({ code: "LAKE_INVALID", message: expect.stringContaining("19 bytes") });
  });
  expect(existsSync(join(lake.root, `silver/processed-tasks/${day(0)}.jsonl`))).toBe(true);
  await writeFile(join(lake.root, `bronze/raw-tasks/${day(0)}.jsonl`), "");
  await expect(planRetention(lake, await readState(lake), policy(1, 1), day(9))).rejects.toMatchObject({
    code: "BRONZE_TRUNCATED",
  });
});

test("days at the ends of the calendar are days like any other, and a number of days that is none is refused", async () => {
  const lake = await lakeWithLines([0, "bad"]);
  for (const name of ["00010101", "99991231"]) await append(lake, name, "bad");
  await promoteAll(lake, false);
  const state = await readState(lake);
  const { items } = await planRetention(lake, state, policy(1_000_000, 0), "20251201");
  expect(said(items).filter((line) => line.startsWith("silver"))).toEqual([
    "silver 00010101: goes",
    `silver ${day(0)}: goes`,
    "silver 99991231: young",
  ]);
  for (const days of [-1, 1.5, Number.NaN]) {
    const planning = planRetention(lake, state, policy(days, 1), "20251201");
    await expect(planning).rejects.toMatchObject({ code: "RETENTION_INVALID" });
  }
  await expect(planRetention(lake, state, policy(1, 1), "today")).rejects.toMatchObject({ code: "DAY_INVALID" });
});

test("data sets that share a folder of bronze each have their own files; other files stay", async () => {
  const lake = await lakeWithLines([0, `good ${day(0)}`]);
  await writeFile(join(lake.root, `bronze/raw-tasks/other-${day(0)}.jsonl`), "x\n");
  await writeFile(join(lake.root, "silver/processed-tasks/README"), "x");
  await writeFile(join(lake.root, `silver/processed-tasks/${day(3)}.jsonl`), "no partition\n");
  const rules = policy(1, 1).map((dataset) => ({ ...dataset, part: { only: null, except: ["other"] } }));
  expect(said((await retain(lake, rules, day(9))).items)).toEqual([`bronze ${day(0)}: goes`, `silver ${day(0)}: goes`]);
  expect(Object.keys(await contentOf(lake)).filter((path) => /^(bronze|silver)/.test(path))).toEqual([
    `bronze/raw-tasks/other-${day(0)}.jsonl`,
    `silver/processed-tasks/${day(3)}.jsonl`,
    "silver/processed-tasks/README",
  ]);
});

test.skipIf(process.platform === "win32")("a link where a partition should be is refused", async () => {
  const lake = await lakeWithLines([0, `good ${day(0)}`]);
  const file = join(lake.root, `silver/processed-tasks/${day(0)}.jsonl`);
  await rm(file);
  await symlink(join(lake.root, `silver/processed-tasks/${day(0)}.parquet`), file);
  await expect(retain(lake, policy(1, 1), day(9))).rejects.toMatchObject({ code: "LAKE_INVALID" });
});

type Step =
  | { readonly kind: "append"; readonly ingested: number; readonly day: number; readonly good: boolean }
  | { readonly kind: "run" | "rebuild" }
  | {
      readonly kind: "retain";
      readonly bronze: number | "never";
      readonly silver: number | "never";
      readonly today: number;
    };

const days = fc.integer({ min: 0, max: 12 });
const span = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constant("never" as const));
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant("append" as const), ingested: days, day: days, good: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("run" as const, "rebuild" as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("retain" as const), bronze: span, silver: span, today: days }),
  },
);

/** The counts of every partition, and whether it has files. */
function totals(state: LakeState): Record<string, object> {
  const entries = [...state.partitions].map(
    ([key, { read, accepted, quarantined, rows }]) => [key, { read, accepted, quarantined, rows }] as const,
  );
  return Object.fromEntries(entries.filter(([, { read }]) => read > 0));
}

test("over any history nothing goes that was not promoted, counts stay, and a rebuild finds all it needs", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 20 }), async (steps) => {
      const lake = await temporaryLake();
      let appended = 0;
      for (const made of steps) {
        if (made.kind === "append") {
          await append(lake, day(made.ingested), made.good ? `good ${day(made.day)}` : "bad");
          appended++;
        } else if (made.kind === "retain") {
          const before = await readState(lake);
          const pending = await pendingBronze(lake, before, DATASET, BRONZE);
          const plan = await retain(lake, policy(made.bronze, made.silver), day(made.today));
          const after = await readState(lake);
          expect(totals(after)).toEqual(totals(before));
          expect(await pendingBronze(lake, after, DATASET, BRONZE)).toEqual(pending);
          expect(after.last - before.last).toBe(removals(plan).length > 0 ? 1 : 0);
        } else {
          if (made.kind === "rebuild") await promoteAll(lake, false);
          const before = totals(await readState(lake));
          await promoteAll(lake, made.kind === "rebuild");
          if (made.kind === "rebuild") expect(totals(await readState(lake))).toEqual(before);
        }
        await checkLake(lake);
      }
      await promoteAll(lake, false);
      const state = await readState(lake);
      expect([...state.partitions.values()].reduce((sum, partition) => sum + partition.read, 0)).toBe(appended);
    }),
    { numRuns: 12 },
  );
}, 120_000);

/** Silver has the files of its partitions, no more and no fewer; bronze has all that was read and not retired. */
async function checkLake(lake: Lake): Promise<void> {
  const state = await readState(lake);
  checkBronze(state, BRONZE, await listBronze(lake, BRONZE));
  const silver = Object.keys(await contentOf(lake)).filter((path) => path.endsWith(".parquet"));
  const expected = [...state.partitions.values()]
    .filter((partition) => partition.rows > 0 && !partition.retired)
    .map((partition) => `silver/processed-tasks/${partition.day}.parquet`);
  expect(silver).toEqual(expected.sort());
  for (const partition of state.partitions.values()) {
    if (partition.retired) continue;
    for (const source of partition.sources) expect(state.files.get(source)?.retired).toBe(false);
  }
}
