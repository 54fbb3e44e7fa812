import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { linesIn, workplaceWithLake } from "../testing/medallion.ts";

const DRAFT = "http://json-schema.org/draft-07/schema#";

async function schemasIn(folder: string): Promise<void> {
  await mkdir(join(folder, "schemas"));
  const schemas = {
    "task-spec.json": { $schema: DRAFT, required: ["title"], properties: { title: { type: "string", minLength: 1 } } },
    "task-queue-entry.schema.json": { $schema: DRAFT, $ref: "task-spec.json" },
    "heartbeat.schema.json": { $schema: DRAFT, required: ["worker_id"], properties: { at: { format: "date-time" } } },
  };
  for (const [name, schema] of Object.entries(schemas)) {
    await writeFile(join(folder, "schemas", name), JSON.stringify(schema));
  }
}

const tasks = [
  '{"task_id":"a","status":"completed","timestamp":"2025-11-27T10:00:00Z","title":"good\u2028title"}',
  '{"task_id":"b","status":"completed","timestamp":"2025-11-27T10:00:00Z","ingested_at":"own"}',
  '{"task_id":"c","status":"completed","timestamp":"2025-11-27T10:00:00Z","title":""}',
  "{broken",
];

it("counts what the schemas of a folder refuse as warnings, and keeps it", async () => {
  const place = await workplaceWithLake();
  await schemasIn(place.folder);
  await place.json(["ingest", "tasks", "-"], tasks.join("\n"));
  await place.json(["ingest", "events", "--type", "heartbeat", "--data", '{"n":1}']);
  await place.json(["ingest", "events", "--type", "other", "--data", '{"n":1}']);
  const result = await place.json(["run", "--schemas", "schemas"]);
  expect(result).toMatchObject({ read: 6, accepted: 5, quarantined: 1 });
  const warnings = Object.assign({}, ...Object.values(Object(result.partitions)).map((item) => Object(item).warnings));
  expect(warnings).toEqual({ "schema.task-spec": 2, "schema.task-queue-entry": 2, "schema.heartbeat": 1 });
  expect(await place.json(["run", "--schemas", "schemas"])).toMatchObject({ status: "nothing to do" });
}, 60_000);

it("sets aside what the schemas refuse where the configuration says so", async () => {
  const place = await workplaceWithLake();
  await schemasIn(place.folder);
  const config = { lake: "lake", schemas: { folder: "schemas", severity: "quarantine" } };
  await writeFile(join(place.folder, "medallion.config.json"), JSON.stringify(config));
  await place.json(["ingest", "tasks", "-"], tasks.join("\n"));
  expect(await place.json(["run"])).toMatchObject({ accepted: 1, quarantined: 3 });
  const aside = await linesIn(join(place.folder, "lake/silver/quarantine/tasks"));
  expect(aside.map(({ rule, reason }) => [rule, String(reason).split(":")[0]]).sort()).toEqual([
    ["record.json", expect.any(String)],
    ["schema.task-queue-entry", "task-queue-entry.schema.json"],
    ["schema.task-queue-entry", "task-queue-entry.schema.json"],
  ]);
}, 60_000);

it("names every file that is no schema", async () => {
  const place = await workplaceWithLake();
  await mkdir(join(place.folder, "schemas"));
  await writeFile(join(place.folder, "schemas/a.json"), "{");
  await writeFile(join(place.folder, "schemas/b.json"), '{"type":"nonsense"}');
  const { code, stderr } = await place.medallion(["run", "--schemas", "schemas"]);
  expect(code).toBe(2);
  expect(stderr).toContain("a.json");
  expect(stderr).toContain("b.json");
}, 60_000);
