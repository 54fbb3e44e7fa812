import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { explainNumber } from "@medallion/gold";
import { openLake } from "@medallion/lake";
import { tasks } from "@medallion/schema";
import { expect } from "vitest";
import { readDocument } from "../explain/document.ts";
import { replayDay } from "../explain/replay-day.ts";
import type { Workplace } from "./medallion.ts";
import { Recomputation } from "./recompute.ts";

/**
 * Explains every number of every daily document of a lake and computes it again from the bronze lines that are listed
 * for it; returns the paths of those that are not 0.
 */
export async function explainAll({ folder }: Workplace): Promise<string[]> {
  const lake = await openLake(join(folder, "lake"));
  const names = await readdir(join(folder, "lake/gold/analytics"));
  const recomputation = new Recomputation(lake.root);
  const explained: string[] = [];
  for (const name of names.filter((file) => /^daily-.*\.json$/.test(file)).sort()) {
    const day = name.slice("daily-".length, -".json".length);
    const { document, numbers, commit } = await readDocument(lake, day);
    const { signal } = new AbortController();
    const options = { dataset: tasks, schemas: [], day, upTo: commit, threads: 2 };
    const records = await replayDay(lake, { ...options, signal, onStep: () => undefined });
    for (const number of numbers) {
      const explanation = explainNumber(document, number, records);
      expect(await recomputation.value(explanation), `${document} ${number.path}`).toBe(number.value);
      if (number.value !== null && number.value !== 0) explained.push(`${day} ${number.path}`);
    }
  }
  return explained;
}
