import { appendFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Lake } from "@medallion/lake";
import { profilePath } from "@medallion/lake/layout";
import { byBytes, type FieldProfile, fieldProfile, MOST_UNKNOWN_FIELDS } from "@medallion/schema/evolution";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { promoteOnce, temporaryLake } from "../testing/promotion.ts";

const INGESTED = "2025-11-28T10:00:00.000001+00:00";

/** Appends records to bronze and promotes what is new. */
async function runWith(lake: Lake, records: readonly object[], rebuild = false) {
  const path = join(lake.root, "bronze/raw-tasks/20251128.jsonl");
  await mkdir(dirname(path), { recursive: true });
  const bronze = { ingested_at: INGESTED, layer: "bronze" };
  await appendFile(path, records.map((record) => `${JSON.stringify({ ...record, ...bronze })}\n`).join(""));
  await promoteOnce(lake, { rebuild });
}

async function profilesOf(lake: Lake): Promise<FieldProfile[]> {
  const folder = join(lake.root, "silver/profiles/tasks");
  const texts = (await readdir(folder)).sort().map((name) => readFile(join(folder, name), "utf8"));
  return (await Promise.all(texts)).map((text) => fieldProfile.parse(JSON.parse(text)));
}

/** The profiles of records, in plain arithmetic. */
function slowly(records: readonly Record<string, unknown>[]): FieldProfile[] {
  const days = new Map<string, Record<string, unknown>[]>();
  for (const record of records) {
    const time = typeof record.timestamp === "string" ? record.timestamp : INGESTED;
    const day = time.slice(0, 10).replaceAll("-", "");
    days.set(day, [...(days.get(day) ?? []), record]);
  }
  return [...days].sort().map(([date, own]) => {
    const names = [...new Set(own.flatMap((record) => Object.keys(record)))].sort(byBytes);
    const fields = names.map((name) => {
      const kinds: Record<string, number> = {};
      for (const record of own) {
        const kind = kindOf(record, name);
        if (kind !== null) kinds[kind] = (kinds[kind] ?? 0) + 1;
      }
      return { name, kinds };
    });
    return { dataset: "tasks", date, layer: "silver", records: own.length, more_fields: false, fields };
  });
}

function kindOf(record: Record<string, unknown>, name: string): string | null {
  if (!Object.hasOwn(record, name)) return null;
  const value = record[name];
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

const value = fc.oneof(
  fc.constantFrom(null, true, 0, -1.5, 1e300, 2 ** 70, "", "x", "2025-11-27T10:00:00Z", "é\u{1f600}"),
  fc.constantFrom([], [1, { a: null }], {}, { a: { b: [] } }),
);
const unknownName = fc.constantFrom(
  "",
  "a b",
  "A",
  "é",
  "\u{1f600}",
  "~/0",
  "$.x",
  "#",
  "0",
  "'",
  '"',
  "\\",
  "x.y",
  "__proto_",
);
const record = fc
  .tuple(
    fc.record(
      { task_id: value, id: value, status: value, master: value, error: value, priority: value, created_at: value },
      { requiredKeys: [] },
    ),
    fc.dictionary(unknownName, value, { maxKeys: 4, noNullPrototype: true }),
    fc.constantFrom("2025-11-26T23:59:59Z", "2025-11-27T00:00:00Z"),
  )
  .map(([known, unknown, timestamp]): Record<string, unknown> => ({ ...known, ...unknown, timestamp }));

describe("field profiles", () => {
  it("count the types of every field, as slow arithmetic does, however records are spread over runs", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 12 }), fc.nat(12), async (records, cut) => {
        const lake = await temporaryLake();
        await runWith(lake, records.slice(0, cut));
        await runWith(lake, records.slice(cut));
        const expected = slowly(records).map((profile) => ({
          ...profile,
          fields: profile.fields.filter(({ name }) => name !== ""),
          more_fields: profile.fields.some(({ name }) => name === ""),
        }));
        const sums = await profilesOf(lake);
        expect(sums).toEqual(expected);
        await runWith(lake, [], true);
        expect(await profilesOf(lake)).toEqual(sums);
      }),
      { numRuns: 3 },
    );
  }, 120_000);

  it("keep the same names of a day with too many, however they are spread over runs", async () => {
    const lake = await temporaryLake();
    const names = Array.from({ length: MOST_UNKNOWN_FIELDS + 50 }, (_, index) => `n${String(index).padStart(4, "0")}`);
    const base = { task_id: "a", status: "queued", timestamp: "2025-11-27T10:00:00Z" };
    const late = { ...base, ...Object.fromEntries(names.slice(40).map((name) => [name, 1])) };
    await runWith(lake, [late]);
    await runWith(lake, [{ ...base, ...Object.fromEntries(names.slice(0, 60).map((name) => [name, "x"])) }]);
    const [profile] = await profilesOf(lake);
    expect(profile?.more_fields).toBe(true);
    expect(profile?.fields.filter(({ name }) => name.startsWith("n")).map(({ name }) => name)).toEqual(
      names.slice(0, MOST_UNKNOWN_FIELDS),
    );
    expect(profile?.fields.find(({ name }) => name === "n0050")?.kinds).toEqual({ string: 1, number: 1 });
    await runWith(lake, [], true);
    expect(await profilesOf(lake)).toEqual([profile]);
  });

  it("are refused when they are none, and made anew by a rebuild", async () => {
    const lake = await temporaryLake();
    const queued = { task_id: "a", status: "queued", timestamp: "2025-11-27T10:00:00Z" };
    await runWith(lake, [queued]);
    const path = join(lake.root, profilePath("tasks", "20251127"));
    await writeFile(path, "{}");
    await expect(runWith(lake, [queued])).rejects.toThrow(expect.objectContaining({ code: "PROFILE_INVALID" }));
    await runWith(lake, [], true);
    expect((await profilesOf(lake)).map(({ records }) => records)).toEqual([2]);
  });
});
