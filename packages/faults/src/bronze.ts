import { expect } from "vitest";
import { bronzeLines } from "./lakes.ts";

/** How often each id stands in the tasks of bronze. What a writer left that died in mid-line is no record of anyone. */
export async function idsInBronze(lake: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const line of await bronzeLines(lake, "raw-tasks")) {
    const id = /^\{"task_id":"([^"]*)".*"layer":"bronze"[^{]*\}$/.exec(line)?.[1];
    if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

/** Expects every id in bronze exactly once. */
export function expectOnce(found: ReadonlyMap<string, number>, ids: readonly string[]): void {
  expect(ids.filter((id) => found.get(id) !== 1)).toEqual([]);
}

/** Expects no id twice. */
export function expectNoneTwice(found: ReadonlyMap<string, number>): void {
  expect([...found].filter(([, count]) => count > 1)).toEqual([]);
}
