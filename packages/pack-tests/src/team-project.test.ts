import { cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Installation } from "./installation.ts";
import { installed } from "./testing/installed.ts";
import { silverLines } from "./testing/silver.ts";
import { teamConfig } from "./testing/team-config.ts";

const HEADER = "build_id,team,result,started_at,finished_at,tests,failures,cost";

/** The files that the team's CI leaves, day by day. On the third day it also names its runner, and words the tests. */
const FILES = {
  "web-1.csv": `${HEADER}
b-1,web,passed,2025-11-24T09:00:00Z,2025-11-24T09:05:00Z,120,0,0.50
b-2,web,failed,2025-11-24T10:00:00Z,2025-11-24T10:20:00Z,120,3,1.25
b-2,web,failed,2025-11-24T10:00:00Z,2025-11-24T10:20:00Z,120,3,1.25
b-3,web,skipped,2025-11-24T12:00:00Z,2025-11-24T11:00:00Z,10,1,
b-4,web,failed,2025-11-24T12:00:00Z,2025-11-24T12:30:00Z,10,11,1.00
`,
  "web-2.csv": `id,result,started_at,ended_at,tests,failures,cost
b-5,passed,2025-11-25T09:00:00+01:00,2025-11-25T09:05:00+01:00,121,0,0.10
b-6,passed,,2025-11-25T23:59:59.999999Z,,,
b-7,passed,2025-11-25T09:00:00Z
`,
  "web-3.csv": `${HEADER},runner
b-8,web,passed,2025-11-26T09:00:00Z,2025-11-26T09:05:00Z,120 tests,0,0.50,r-7
b-9,web,passed,2025-11-26T10:00:00Z,2025-11-26T10:20:00Z,90,2,1.25,r-8
`,
  "web-4.csv": `${HEADER}
b-10,web,passed,2025-11-27T09:00:00Z,2025-11-27T09:05:00Z,120,0,0.50
b-11,web,passed,2025-11-24T22:00:00Z,2025-11-24T22:05:00Z,120,0,0.50
`,
};

let team: Installation;
beforeAll(async () => {
  team = await installed("@medallion/cli");
  await team.write("medallion.config.ts", teamConfig({}));
  await Promise.all(Object.entries(FILES).map(([name, content]) => team.write(name, content)));
  await team.json("init");
});

/** Keeps a file in bronze and runs the pipeline, as a scheduled job does. */
async function day(file: keyof typeof FILES): Promise<Record<string, unknown>> {
  await team.json("ingest", "builds", "--part", "web", file);
  return team.json("run");
}

/** The rows of a query. */
async function query(sql: string): Promise<unknown> {
  const { code, stdout, stderr } = await team.medallion("query", sql, "--format", "json");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout);
}

test("the configuration type-checks, and takes no unknown key", async () => {
  await team.write("wrong.config.ts", teamConfig({}).replace("retention:", "retentions:"));
  expect(await team.complaints("medallion.config.ts")).toBe("");
  expect(await team.complaints("wrong.config.ts")).toMatch(/^wrong\.config\.ts\(\d+,\d+\): error TS2561: .*retention/);
});

test("first day: rules, fall-backs and computed fields of the team's own", async () => {
  expect(await day("web-1.csv")).toMatchObject({
    commit: 1,
    partitions: [
      {
        ...{ dataset: "builds", day: "20251124", read: 5, accepted: 3, duplicate: 1, quarantined: 1, rows: 3 },
        rejects: { failures_within_tests: 1 },
        warnings: { ends_after_start: 1, "result.expected": 1, "seconds.negative": 1 },
      },
    ],
  });
  expect(await query("select build_id, seconds, failure_share, speed from silver_builds order by 1")).toEqual([
    { build_id: "b-1", seconds: 300, failure_share: 0, speed: "fast" },
    { build_id: "b-2", seconds: 1200, failure_share: 0.025, speed: "slow" },
    { build_id: "b-3", seconds: null, failure_share: 0.1, speed: "fast" },
  ]);
  expect(await team.json("status")).toMatchObject({ pending: [] });
});

test("second day: fields under other names, and a row that is too short", async () => {
  expect(await day("web-2.csv")).toMatchObject({ commit: 2, read: 3, accepted: 2, quarantined: 1 });
  expect(
    await query("select build_id, team, finished_at::text as at from silver_builds where day = '20251125'"),
  ).toEqual([
    { build_id: "b-5", team: "web", at: expect.stringContaining("08:05:00") },
    { build_id: "b-6", team: "web", at: expect.stringContaining("23:59:59.999999") },
  ]);
  const exported = await team.medallion("export", "builds", "--start", "20251125");
  expect(exported.stdout.split("\n").map((line) => line.split(",")[0])).toEqual(["build_id", "b-5", "b-6", ""]);
});

test("third day: a new column passes through, a value of another type becomes null", async () => {
  expect(await day("web-3.csv")).toMatchObject({ accepted: 2, partitions: [{ warnings: { "tests.valid": 1 } }] });
  expect(
    await query("select build_id, tests, _rescued_data as rest from silver_builds where day = '20251126'"),
  ).toEqual([
    { build_id: "b-8", tests: null, rest: { tests: "120 tests", runner: "r-7" } },
    { build_id: "b-9", tests: 90, rest: { runner: "r-8" } },
  ]);
});

test("third day: the drift is in the history of the fields", async () => {
  const { code, stdout } = await team.medallion("schema", "history", "builds");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^20251126: new field "runner" \(string\)/m);
  expect(stdout).toMatch(/^20251126: "tests" was number and is string or number$/m);
});

test("third day: the contract that is proposed knows the new field, and type-checks", async () => {
  const { code, stdout } = await team.medallion("schema", "propose", "builds");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ {2}runner: z\.string\(\)\.nullish\(\),$/m);
  await team.write("proposed.ts", stdout);
  expect(await team.complaints("proposed.ts")).toBe("");
});

test("fourth day: late data, and a rule is mended", async () => {
  expect(await day("web-4.csv")).toMatchObject({ partitions: [{ day: "20251124" }, { day: "20251127" }] });
  const { stdout } = await team.medallion("quarantine", "show", "builds", "--rule", "failures_within_tests");
  expect(stdout).toContain('"build_id":"b-4"');
  await team.write("medallion.config.ts", teamConfig({ version: "1.1.0", failures: "failures <= tests * 2" }));
  const plan = await team.json("plan");
  const reasons = ["changed rules"];
  const days = ["20251124", "20251125", "20251126", "20251127"];
  expect(plan.datasets).toContainEqual(
    expect.objectContaining({
      dataset: "builds",
      partitions: expect.arrayContaining(days.map((day) => ({ day, reasons, records: 0 }))),
    }),
  );
});

test("fourth day: the replay promotes what passes now, once", async () => {
  expect(await team.json("quarantine", "replay")).toMatchObject({ replayed: 1, still_set_aside: 1 });
  const count = "select count(*)::int as n from silver_builds where build_id = 'b-4'";
  expect(await query(count)).toEqual([{ n: 1 }]);
  const before = await silverLines(join(team.folder, "lake/silver"));
  expect(await team.json("quarantine", "replay")).toMatchObject({ replayed: 0, still_set_aside: 1 });
  expect(await team.json("run")).toMatchObject({ status: "nothing to do" });
  expect(await silverLines(join(team.folder, "lake/silver"))).toEqual(before);
  expect(await team.json("quarantine", "list", "builds")).toMatchObject({
    groups: [
      { rule: "failures_within_tests", records: 0, replayed: 1 },
      { rule: "record.json", records: 1, replayed: 0 },
    ],
  });
});

test("replaying, rebuilding and running from scratch give the same silver", async () => {
  const replayed = await silverLines(join(team.folder, "lake/silver/builds"));
  expect(Object.keys(replayed)).toEqual(["20251124.jsonl", "20251125.jsonl", "20251126.jsonl", "20251127.jsonl"]);
  await team.json("run", "--rebuild");
  expect(await silverLines(join(team.folder, "lake/silver/builds"))).toEqual(replayed);
  await team.json("init", "scratch");
  await mkdir(join(team.folder, "scratch/bronze"), { recursive: true });
  await cp(join(team.folder, "lake/bronze"), join(team.folder, "scratch/bronze"), { recursive: true });
  await team.json("run", "--lake", "scratch");
  expect(await silverLines(join(team.folder, "scratch/silver/builds"))).toEqual(replayed);
  await rm(join(team.folder, "scratch"), { recursive: true });
  expect(await team.json("verify")).toMatchObject({ same: true, differences: [] });
});

test("retention removes silver by the team's own terms, and never its bronze", async () => {
  const { items } = await team.json("retention", "--apply");
  expect(items).toContainEqual(expect.objectContaining({ layer: "silver", day: "20251124", kept: null }));
  expect(items).toContainEqual(expect.objectContaining({ layer: "bronze", kept: "for ever" }));
  expect(await query("select count(*)::int as n from silver_builds")).toEqual([{ n: 0 }]);
  expect(await team.json("run")).toMatchObject({ status: "nothing to do" });
});
