import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { note } from "../figures.ts";
import { bronzeLines, temporaryFolder } from "../lakes.ts";
import { succeed } from "../medallion.ts";
import { SEED, scaled } from "../scale.ts";

const FILES = scaled(2000, 40);

/** Fields that mean something, with values that may be anything. */
const record = fc.dictionary(
  fc.oneof(
    fc.constantFrom(
      "task_id",
      "id",
      "status",
      "timestamp",
      "created_at",
      "completed_at",
      "master",
      "error",
      "layer",
      "raw",
    ),
    fc.constantFrom("event_type", "metric_name", "metric_value", "value", "ingested_at", "__proto__"),
    fc.string(),
  ),
  fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(
      "completed",
      "2025-11-27T10:00:00Z",
      "2025-11-27T23:59:60Z",
      "2025-11-27T10:00:00+0100",
      "1e400",
      -0,
      1e308,
    ),
  ),
  { maxKeys: 6 },
);
const text = fc.oneof(
  record.map((value) => Buffer.from(JSON.stringify(value))),
  fc.json().map((value) => Buffer.from(value)),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  // Nearly JSON: a byte of a record is another one.
  fc.tuple(record, fc.nat(), fc.nat({ max: 255 })).map(([value, at, byte]) => {
    const bytes = Buffer.from(JSON.stringify(value));
    bytes[at % bytes.length] = byte;
    return bytes;
  }),
);

it("bytes and JSON of every kind go from bronze to gold, and every line is accounted for", async () => {
  const folder = await temporaryFolder();
  const lake = join(folder, "lake");
  await succeed(lake, ["init"]);
  for (const dataset of ["tasks", "lineage", "events", "metrics"]) {
    const sources = join(folder, dataset);
    await mkdir(sources);
    const files = fc.sample(text, { numRuns: FILES, seed: SEED + dataset.length });
    for (const [index, bytes] of files.entries()) await writeFile(join(sources, `${index}.json`), bytes);
    await succeed(lake, ["ingest", dataset, sources]);
    note("hostile inputs", files.length);
  }
  const lines = (
    await Promise.all(["raw-tasks", "events", "raw-metrics"].map((name) => bronzeLines(lake, name)))
  ).flat();
  const run = await succeed(lake, ["run"]);
  expect(run).toMatchObject({ read: lines.length });
  expect(await succeed(lake, ["verify"])).toMatchObject({ same: true });
});
