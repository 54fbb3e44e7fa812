import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { explainNumber } from "@medallion/gold";
import { openLake } from "@medallion/lake";
import { tasks } from "@medallion/schema";
import { describe, expect, it } from "vitest";
import { sharedFolder, type Workplace, workplace } from "../testing/medallion.ts";
import { Recomputation } from "../testing/recompute.ts";
import { readDocument } from "./document.ts";
import { replayDay } from "./replay-day.ts";

const cortex = join(sharedFolder, "cortex");

/** Explains every number of every daily document and computes it again from the lines; returns how many there are. */
async function explainAll({ folder }: Workplace): Promise<number> {
  const lake = await openLake(join(folder, "lake"));
  const names = await readdir(join(folder, "lake/gold/analytics"));
  const recomputation = new Recomputation(lake.root);
  let count = 0;
  for (const name of names.sort()) {
    const day = name.slice("daily-".length, -".json".length);
    const { document, numbers, commit } = await readDocument(lake, day);
    const options = { dataset: tasks, schemas: [], day, upTo: commit, threads: 2 };
    const { signal } = new AbortController();
    const records = await replayDay(lake, { ...options, signal, onStep: () => undefined });
    for (const number of numbers) {
      const explanation = explainNumber(document, number, records);
      expect(await recomputation.value(explanation), `${document} ${number.path}`).toBe(number.value);
      count += 1;
    }
  }
  return count;
}

describe.skipIf(!existsSync(cortex))("every number of the daily documents of ../shared/cortex", () => {
  it("is given by the bronze lines listed for it", async () => {
    const place = await workplace();
    await place.json(["init"]);
    await place.json(["ingest", "tasks", join(cortex, "tasks.jsonl")]);
    await place.json(["run"]);
    expect(await explainAll(place)).toBeGreaterThan(500);
  }, 120_000);

  it("is given by the lines of ten pieces with a run after each", async () => {
    const place = await workplace();
    await place.json(["init"]);
    const lines = (await readFile(join(cortex, "tasks.jsonl"), "utf8")).split("\n").filter(Boolean);
    for (let piece = 0; piece < 10; piece += 1) {
      const part = lines.slice(Math.round((piece * lines.length) / 10), Math.round(((piece + 1) * lines.length) / 10));
      await place.json(["ingest", "tasks", "-"], `${part.join("\n")}\n`);
      await place.json(["run"]);
    }
    expect(await explainAll(place)).toBeGreaterThan(500);
  }, 180_000);
});
