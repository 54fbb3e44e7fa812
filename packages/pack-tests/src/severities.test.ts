import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Installation } from "./installation.ts";
import { testEngines } from "./testing/engines.ts";
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

const ALL = KINDS.map(({ rule }) => rule);
const MAY_WARN = KINDS.filter((kind) => kind.mayWarn).map(({ rule }) => rule);

let team: Installation;
beforeAll(async () => {
  team = await installed("@medallion/cli", Object.assign({}, ...testEngines.map(({ needs }) => needs)));
  await team.write("builds.jsonl", `${KINDS.map(({ record }) => record).join("\n")}\n`);
});

describe.each(testEngines)("on $name", ({ name, url }) => {
  /** Makes a lake in which rules have a severity, and runs the pipeline over a record that breaks each kind of rule. */
  async function runWith(severity: string, rules: readonly string[]) {
    const severities = { ends_after_start: "warn", ...Object.fromEntries(rules.map((rule) => [rule, severity])) };
    await team.write("medallion.config.ts", teamConfig({ severities, engine: url }));
    const lake = `${name}-${severity}`;
    await team.json("init", lake);
    await team.json("ingest", "builds", "builds.jsonl", "--lake", lake);
    return { lake, ...(await team.medallion("run", "--json", "--lake", lake)) };
  }

  test("a record that breaks a warning is kept and counted", async () => {
    const { code, stdout } = await runWith("warn", MAY_WARN);
    expect(code).toBe(0);
    const rules = MAY_WARN.map((id) => expect.objectContaining({ id, severity: "warn", failed: 1 }));
    expect(objectOf(stdout)).toMatchObject({
      read: KINDS.length,
      accepted: MAY_WARN.length,
      quarantined: KINDS.length - MAY_WARN.length,
      datasets: [{ dataset: "builds", rules: expect.arrayContaining(rules) }],
    });
  });

  test("a record that breaks a rule of quarantine is set aside with the rule", async () => {
    const { code, stdout, lake } = await runWith("quarantine", ALL);
    expect(code).toBe(0);
    expect(objectOf(stdout)).toMatchObject({ read: KINDS.length, accepted: 0, quarantined: KINDS.length });
    const { groups } = await team.json("quarantine", "list", "builds", "--lake", lake);
    expect(groups).toHaveLength(KINDS.length);
    expect(groups).toEqual(expect.arrayContaining(ALL.map((rule) => expect.objectContaining({ rule, records: 1 }))));
  });

  test("a record that breaks a rule of failure stops the run, which commits nothing", async () => {
    const { code, stdout, stderr, lake } = await runWith("fail", ALL);
    expect(code).toBe(1);
    for (const rule of ALL) expect(`${stdout}${stderr}`).toContain(rule);
    const left = await readdir(join(team.folder, lake), { recursive: true });
    expect(left.filter((path) => /silver.*jsonl|commits.*json/.test(path))).toEqual([]);
  });
});
