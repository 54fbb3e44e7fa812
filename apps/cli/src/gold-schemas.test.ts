import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import { documentOf, workplaceWithLake } from "./testing/medallion.ts";

const SAMPLES = new URL("../../../samples/", import.meta.url).pathname;

/** The schema of each folder's documents, by the beginning of their names. */
const SCHEMA_OF = [
  ["gold/analytics/daily-", "gold-daily-analytics"],
  ["gold/analytics/weekly-", "gold-weekly-analytics"],
  ["gold/kpis/", "gold-kpis"],
  ["gold/reports/", "gold-master-report"],
  ["gold/quality/", "gold-data-quality"],
  ["silver/aggregated-metrics/", "gold-aggregated-metrics"],
] as const;

it("makes only documents that fit the schemas which it publishes", async () => {
  const place = await workplaceWithLake();
  await place.json(["ingest", "tasks", join(SAMPLES, "tasks.jsonl")]);
  const metric = '{"metric":"tokens","value":1.5,"timestamp":"2025-11-27T10:00:00Z"}';
  await place.json(["ingest", "metrics", "--master", "security-master", "--data", metric]);
  await place.json(["run", "20251128"]);
  await place.json(["analytics", "weekly", "20251127"]);
  await place.json(["kpis", "20251120", "20251127"]);
  await place.json(["report", "security-master", "20251127"]);
  await place.json(["schema", "export", "--out", "schemas"]);
  const lake = join(place.folder, "lake");
  const files = (await readdir(lake, { recursive: true })).filter((file) => file.endsWith(".json"));
  const checked = new Set<string>();
  for (const [beginning, name] of SCHEMA_OF) {
    const path = join(place.folder, "schemas", `${name}.schema.json`);
    const validate = new Ajv2020().compile(documentOf(await readFile(path, "utf8")));
    for (const file of files.filter((other) => other.startsWith(beginning))) {
      const fits = validate(documentOf(await readFile(join(lake, file), "utf8")));
      expect({ file, fits, errors: validate.errors }).toEqual({ file, fits: true, errors: null });
      checked.add(name);
    }
  }
  expect([...checked].sort()).toEqual(SCHEMA_OF.map(([, name]) => name).sort());
}, 120_000);
