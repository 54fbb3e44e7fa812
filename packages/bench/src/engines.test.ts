import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { z } from "zod";
import { generateFile } from "./generate/generate.ts";
import { measure } from "./measure/measure.ts";
import { medallion } from "./workplace.ts";

declare module "vitest" {
  interface TaskMeta {
    /** How long each engine took, which the report tells. */
    seconds?: Record<string, number>;
  }
}

const spark = process.env.MEDALLION_SPARK_URL ?? "";
const records = Number(process.env.MEDALLION_SPARK_RECORDS ?? 1_000_000);
/** A million records take both engines some minutes, and ten million most of an hour. */
const timeoutMs = Math.max(3_600_000, records * 1.2);
const folder = await mkdtemp(join(tmpdir(), "medallion-engines-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

const found = z.object({
  same: z.boolean(),
  differences: z.array(z.unknown()),
  files: z.number(),
  engines: z.array(z.object({ name: z.string(), seconds: z.number() })),
});

it.skipIf(spark === "")(
  `${records.toLocaleString("en-US")} records are the same on Spark as on DuckDB`,
  async ({ task }) => {
    const [lake, input] = [join(folder, "lake"), join(folder, "tasks.jsonl")];
    await generateFile(input, { records });
    await measure({ words: medallion("init", lake) });
    await measure({ words: medallion("ingest", "tasks", input, "--lake", lake) });
    const { stdout } = await measure({
      words: medallion("diff", "--engines", `duckdb,${spark}`, "--lake", lake, "--json"),
    });
    const { engines, ...compared } = found.parse(JSON.parse(stdout));
    task.meta.seconds = Object.fromEntries(engines.map(({ name, seconds }) => [name, seconds]));
    expect(compared).toMatchObject({ same: true, differences: [] });
    expect(compared.files).toBeGreaterThan(60);
  },
  timeoutMs,
);
