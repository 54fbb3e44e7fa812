import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, expectTypeOf, test } from "vitest";
import { configOf, folderWith, problemsOf } from "../testing/configs.ts";
import { DEFAULTS, settingOf } from "./config.ts";
import { configuredDatasets } from "./datasets.ts";
import { loadConfig } from "./load-config.ts";
import { defineConfig, type UserConfig } from "./user-config.ts";

const BUILDS = `
import { defineConfig } from "@medallion/cli";
import { defineDataset, isoInstant } from "@medallion/schema";
import { z } from "zod";
const builds = defineDataset({
  name: "builds", version: "1.0.0", folders: { bronze: "raw-builds", silver: "builds" },
  record: z.object({ build_id: z.string().min(1), finished_at: isoInstant() }),
  key: ["build_id"], time: "finished_at",
});
`;

test("without a file there are the defaults", async () => {
  const workingDirectory = await folderWith({});
  const none = { ...DEFAULTS, file: null, foundBy: null };
  const load = (options = {}, environment = {}) => loadConfig(options, { workingDirectory, environment });
  expect(await load()).toEqual({ ...none, lake: "coordination/medallion", lakeFrom: "default" });
  const environment = { MEDALLION_LAKE: "b" };
  expect(await load({}, environment)).toEqual({ ...none, lake: "b", lakeFrom: "MEDALLION_LAKE" });
  expect(await load({ lake: "a" }, environment)).toEqual({ ...none, lake: "a", lakeFrom: "--lake" });
});

test("all that a file may say", async () => {
  const folder = await folderWith({
    "medallion.config.ts": `${BUILDS}
export default defineConfig({
  lake: "data/lake",
  timezone: "europe/berlin",
  datasets: [builds],
  rules: { builds: { "build_id.required": "fail" }, tasks: { "status.expected": "quarantine" } },
  retention: { bronze: "never", datasets: { builds: { silver: 7 }, tasks: { bronze: 400 } } },
  freshness: { warn_after: "26h", datasets: { builds: { error_after: "1d12h" } } },
  schemas: { folder: "schemas" },
  engine: { url: "sc://localhost:15002", threads: 2, memoryLimit: "1.5 GB" },
  schedule: { cron: "15 1 * * *" },
});`,
  });
  const config = await loadConfig({}, { workingDirectory: folder, environment: {} });
  expect({ ...config, datasets: config.datasets.map((dataset) => dataset.name) }).toEqual({
    file: join(folder, "medallion.config.ts"),
    foundBy: "search",
    lake: join(folder, "data/lake"),
    lakeFrom: "configuration",
    timezone: "Europe/Berlin",
    datasets: ["builds"],
    rules: { builds: { "build_id.required": "fail" }, tasks: { "status.expected": "quarantine" } },
    retention: {
      bronze: "never",
      silver: 30,
      datasets: { builds: { bronze: "never", silver: 7 }, tasks: { bronze: 400, silver: 30 } },
    },
    freshness: {
      warnAfter: 93_600,
      errorAfter: null,
      datasets: { builds: { warnAfter: 93_600, errorAfter: 129_600 } },
    },
    schemas: { folder: join(folder, "schemas"), severity: "warn" },
    engine: { url: "sc://localhost:15002", threads: 2, memoryLimit: "1.5 GB" },
    schedule: { cron: "15 1 * * *" },
  });
  expect(settingOf(config.retention, "builds").silver).toBe(7);
  expect(settingOf(config.retention, "events").silver).toBe(30);
  const datasets = await configuredDatasets(config);
  expect(datasets.map((dataset) => dataset.name)).toEqual(["tasks", "lineage", "events", "metrics", "builds"]);
  const severityOf = (name: string, id: string) =>
    datasets.find((dataset) => dataset.name === name)?.rules.find((rule) => rule.id === id)?.severity;
  expect(severityOf("builds", "build_id.required")).toBe("fail");
  expect(severityOf("tasks", "status.expected")).toBe("quarantine");
  expect(severityOf("tasks", "status.required")).toBe("quarantine");
});

test.each(["ts", "mts", "js", "mjs"])("a file may end in .%s, and import others", async (extension) => {
  const folder = await folderWith({
    [`medallion.config.${extension}`]:
      'import { days } from "./days.mjs";\nexport default { retention: { silver: days } };',
    "days.mjs": "export const days = 12;",
  });
  const config = await loadConfig({}, { workingDirectory: folder, environment: {} });
  expect(config.retention.silver).toBe(12);
});

test("a file that is named counts before one that is found", async () => {
  const workingDirectory = await folderWith({
    "medallion.config.json": '{ "lake": "found" }',
    "a/one.json": '{ "lake": "one" }',
    "two.json": "{}",
  });
  const load = (options: object, environment: object) =>
    loadConfig(options, { workingDirectory, environment: { ...environment } });
  const environment = { MEDALLION_CONFIG: "two.json" };
  expect(await load({}, environment)).toMatchObject({
    foundBy: "MEDALLION_CONFIG",
    lake: join(workingDirectory, "coordination/medallion"),
  });
  expect(await load({ config: "a/one.json" }, environment)).toMatchObject({
    foundBy: "--config",
    lake: join(workingDirectory, "a/one"),
  });
});

test("what is installed beside the file counts before Medallion's own", async () => {
  const folder = await folderWith({
    "medallion.config.ts": 'import { silver } from "zod";\nexport default { retention: { silver } };',
    "node_modules/zod/package.json": '{ "name": "zod", "type": "module", "exports": "./main.js" }',
    "node_modules/zod/main.js": "export const silver = 5;",
  });
  const config = await loadConfig({}, { workingDirectory: folder, environment: {} });
  expect(config.retention.silver).toBe(5);
});

test("a file runs once, and again when it has changed", async () => {
  const workingDirectory = await folderWith({});
  const file = join(workingDirectory, "medallion.config.ts");
  const content = (silver: string) => `const seen = Symbol.for("medallion.test.runs");
globalThis[seen] = (globalThis[seen] ?? 0) + 1;
export default { retention: { silver: ${silver} } };`;
  const load = async () => (await loadConfig({}, { workingDirectory, environment: {} })).retention.silver;
  await writeFile(file, content("globalThis[seen]"));
  expect([await load(), await load()]).toEqual([1, 1]);
  await writeFile(file, content("10 + globalThis[seen]"));
  expect(await load()).toBe(12);
});

test("data sets have names and folders of their own", async () => {
  const other = (name: string, bronze: string, silver: string) =>
    `{ ...builds, name: "${name}", folders: { bronze: "${bronze}", silver: "${silver}" } }`;
  const list = [other("tasks", "a", "b"), "builds", other("builds", "c", "d"), other("e", "events", "quarantine")];
  expect(await problemsOf(`${BUILDS}export default { datasets: [${list.join(", ")}, { name: "x" }] };`)).toEqual([
    'datasets[0].name: "tasks" is a built-in data set; give this one another name',
    'datasets[2].name: another data set of this file has the name "builds"',
    'datasets[3].folders.bronze: the folder "events" is that of lineage',
    'datasets[3].folders.silver: the folder "quarantine" is that of Medallion',
    "datasets[4]: expected a data set made by defineDataset of @medallion/schema, found an object",
  ]);
});

test("a setting for a data set of the file may stand before it", async () => {
  const config = await configOf(
    `${BUILDS}export default { retention: { datasets: { builds: { silver: 1 } } }, datasets: [builds] };`,
  );
  expect(settingOf(config.retention, "builds")).toEqual({ bronze: 90, silver: 1 });
});

test.each([
  ["a fault that it throws", '\n\nthrow new TypeError("boom");', /^medallion\.config\.ts:3: boom$/],
  ["a text that it throws", 'throw "boom";', /^medallion\.config\.ts: it throws "boom"$/],
  ["a syntax error", "export default {\n  a: = 1,\n};", /^medallion\.config\.ts:2: ParseError/],
  [
    "a missing module",
    'import { x } from "./none";\nexport default x;',
    /^medallion\.config\.ts:1: Cannot find module/,
  ],
  ["no default export", "export const lake = 1;", /expected a default export/],
  ["a data set that cannot work", `${BUILDS.replace("1.0.0", "one")}`, /^medallion\.config\.ts:5: Data set "builds"/],
])("%s is told with its place and without a stack", async (_, content, message) => {
  const folder = await folderWith({ "medallion.config.ts": content });
  const loading = loadConfig({}, { workingDirectory: folder, environment: {} });
  await expect(loading).rejects.toMatchObject({ code: "CONFIG_INVALID", message: expect.stringMatching(message) });
  await expect(loading).rejects.not.toMatchObject({ message: expect.stringMatching(/\n|node_modules/) });
});

test("JSON that is none is an error", async () => {
  expect(await problemsOf('{ "lake": ', "medallion.config.json")).toEqual([expect.stringMatching(/^expected JSON/)]);
});

test("an example of every wrong value, all shown at once", async () => {
  const content = `
const circular: Record<string, unknown> = {};
circular.me = circular;
export default {
  lake: "", timezone: "Mars", datasets: circular, retentoin: {},
  rules: { taks: {}, tasks: { "status.expectd": "warn", "task_id.required": "warn", "status.expected": "no" }, events: 3 },
  retention: { bronze: -1, silver: 1.5, datasets: { "my set": {}, tasks: circular } },
  freshness: { warn_after: "2d", error_after: "26h", datasets: { tasks: { warn_after: "26" } } },
  schemas: {}, engine: { url: "http://x", threads: 0, memoryLimit: "much" }, schedule: { cron: "daily" },
};`;
  const problems = await problemsOf(content);
  const places = problems.map((problem) => problem.slice(0, problem.indexOf(": ")));
  expect(places.sort()).toEqual(
    [
      ...["lake", "timezone", "datasets", "retentoin", "rules.taks", 'rules.tasks["status.expectd"]', "rules.events"],
      ...['rules.tasks["task_id.required"]', 'rules.tasks["status.expected"]', "retention.bronze", "retention.silver"],
      ...[
        'retention.datasets["my set"]',
        "retention.datasets.tasks.me",
        "freshness",
        "freshness.datasets.tasks.warn_after",
      ],
      ...["schemas.folder", "engine.url", "engine.threads", "engine.memoryLimit", "schedule.cron"],
    ].sort(),
  );
  expect(problems).toContain('retention.bronze: expected a whole number of days or "never", found -1');
  expect(problems.find((problem) => problem.startsWith("retentoin"))).toContain('the nearest known key is "retention"');
  expect(problems.find((problem) => problem.includes("status.expectd"))).toMatch(
    /"status\.expected" .*task_id\.required/,
  );
});

test("a lake above the working directory is named by its whole path", async () => {
  const folder = await folderWith({ ".git/HEAD": "", "medallion.config.json": '{ "lake": "lake" }' });
  await mkdir(join(folder, "below"));
  await writeFile(join(folder, "below/x"), "");
  const config = await loadConfig({}, { workingDirectory: join(folder, "below"), environment: {} });
  expect(config.lake).toBe(join(folder, "lake"));
});

test("the example of the README loads", async () => {
  const readme = await readFile(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");
  const [, example = ""] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  const { datasets, retention } = await configOf(example);
  expect(datasets.map((dataset) => dataset.name)).toEqual(["builds"]);
  expect(settingOf(retention, "builds")).toEqual({ bronze: "never", silver: 30 });
});

test("defineConfig returns and types what it is given", () => {
  const config: UserConfig = { retention: { bronze: "never" } };
  expect(defineConfig(config)).toBe(config);
  expectTypeOf<Parameters<typeof defineConfig>[0]["lake"]>().toEqualTypeOf<string | undefined>();
});
