import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Installation } from "./installation.ts";
import { installed } from "./testing/installed.ts";
import { teamConfig } from "./testing/team-config.ts";
import { objectOf } from "./workspace.ts";

const RIGHT = {
  ...{ team: "web", result: "passed", started_at: "2025-11-24T09:00:00Z", finished_at: "2025-11-24T09:05:00Z" },
  ...{ tests: 10, failures: 1, cost: 2 },
};

/** For each kind of rule, a rule, whether the record could be kept, and a record that breaks it and no other. */
const KINDS: readonly { rule: string; mayWarn: boolean; record: string }[] = [
  { rule: "record.json", mayWarn: false, record: '{"build_id":"k-1",' },
  { rule: "record.object", mayWarn: false, record: "[17]" },
  { rule: "record.unique_keys", mayWarn: false, record: '{"build_id":"k-2","build_id":"k-3"}' },
  { rule: "build_id.required", mayWarn: false, record: JSON.stringify(RIGHT) },
  { rule: "result.valid", mayWarn: false, record: JSON.stringify({ ...RIGHT, build_id: "k-4", result: "" }) },
  { rule: "tests.valid", mayWarn: true, record: JSON.stringify({ ...RIGHT, build_id: "k-5", tests: "many" }) },
  { rule: "result.expected", mayWarn: true, record: JSON.stringify({ ...RIGHT, build_id: "k-6", result: "odd" }) },
  {
    rule: "seconds.negative",
    mayWarn: true,
    record: JSON.stringify({ ...RIGHT, build_id: "k-7", finished_at: "2025-11-24T08:00:00Z" }),
  },
  { rule: "failures_within_tests", mayWarn: true, record: JSON.stringify({ ...RIGHT, build_id: "k-8", failures: 11 }) },
];

let team: Installation;
beforeAll(async () => {
  team = await installed("@medallion/cli");
  await team.write("builds.jsonl", `${KINDS.map(({ record }) => record).join("\n")}\n`);
});

/** Makes a lake in which every kind of rule has a severity, and runs the pipeline over a record that breaks each. */
async function runWith(severity: string, rules: readonly string[]) {
  const severities = Object.fromEntries(rules.map((rule) => [rule, severity]));
  await team.write("medallion.config.ts", teamConfig({ severities: { ends_after_start: "warn", ...severities } }));
  await team.json("init", severity);
  await team.json("ingest", "builds", "builds.jsonl", "--lake", severity);
  return team.medallion("run", "--json", "--lake", severity);
}

const mayWarn = KINDS.filter((kind) => kind.mayWarn).map(({ rule }) => rule);
const mustStay = KINDS.filter((kind) => !kind.mayWarn).map(({ rule }) => rule);

test("a record that breaks a warning is kept and counted", async () => {
  const { code, stdout } = await runWith("warn", mayWarn);
  expect(code).toBe(0);
  const report = objectOf(stdout);
  expect(report).toMatchObject({ read: KINDS.length, accepted: mayWarn.length, quarantined: mustStay.length });
  const [dataset] = Array.isArray(report.datasets) ? report.datasets : [];
  for (const id of mayWarn) {
    expect(dataset.rules).toContainEqual(expect.objectContaining({ id, severity: "warn", failed: 1 }));
  }
});

test("a record that breaks a rule of quarantine is set aside with the rule", async () => {
  const { code, stdout } = await runWith(
    "quarantine",
    KINDS.map(({ rule }) => rule),
  );
  expect(code).toBe(0);
  expect(objectOf(stdout)).toMatchObject({ read: KINDS.length, accepted: 0, quarantined: KINDS.length });
  const { groups } = await team.json("quarantine", "list", "builds", "--lake", "quarantine");
  const expected = KINDS.map(({ rule }) => expect.objectContaining({ rule, records: 1 }));
  expect(groups).toHaveLength(KINDS.length);
  expect(groups).toEqual(expect.arrayContaining(expected));
});

test("a record that breaks a rule of failure stops the run, which commits nothing", async () => {
  const { code, stdout, stderr } = await runWith(
    "fail",
    KINDS.map(({ rule }) => rule),
  );
  expect(code).toBe(1);
  for (const { rule } of KINDS) expect(`${stdout}${stderr}`).toContain(rule);
  const left = await readdir(join(team.folder, "fail"), { recursive: true });
  expect(left.filter((path) => /silver.*jsonl|commits.*json/.test(path))).toEqual([]);
});
