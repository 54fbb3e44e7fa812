import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Installation } from "./installation.ts";
import { bytesIn, installedPackages } from "./installed-size.ts";
import { runExamples } from "./testing/examples.ts";
import { installed } from "./testing/installed.ts";

let team: Installation;
beforeAll(async () => {
  team = await installed("@medallion/schema");
});

test("it brings zod and nothing else", async () => {
  const modules = join(team.folder, "node_modules");
  expect(await installedPackages(modules)).toEqual(["@medallion/schema", "zod"]);
  expect(await bytesIn(modules)).toBeLessThan(10_000_000);
});

test("a service checks a task, has its type and publishes its JSON Schema", async () => {
  await team.write(
    "service.ts",
    `import { checkRecord, recordJsonSchema, type Task, tasks } from "@medallion/schema";
const task: Task = { task_id: "a", status: "queued", timestamp: "2025-11-27T10:00:00Z" };
// @ts-expect-error a task has a status
export const wrong: Task = { task_id: "a", timestamp: "2025-11-27T10:00:00Z" };
const verdict = checkRecord(tasks, task);
export const id: string = verdict.ok ? verdict.record.task_id : verdict.violations[0]?.rule ?? "";
export const schema = recordJsonSchema(tasks);
`,
  );
  expect(await team.complaints("service.ts")).toBe("");
  const printed = await team.node(`
    import { checkRecord, recordJsonSchema, tasks } from "@medallion/schema";
    const { title, required } = recordJsonSchema(tasks);
    console.log(JSON.stringify({ ok: checkRecord(tasks, { id: "a", status: "queued" }).ok,
      broken: checkRecord(tasks, { id: 7 }).violations.map(({ rule }) => rule), title, required }));`);
  expect(JSON.parse(printed)).toEqual({
    ok: true,
    broken: ["task_id.valid", "status.required"],
    title: expect.stringMatching(/^tasks \d+\.\d+\.\d+$/),
    required: expect.arrayContaining(["status"]),
  });
});

test("the examples of the README print what they say", async () => {
  const { printed, said } = await runExamples(team, "packages/schema/README.md");
  expect(printed).toEqual(said);
});
