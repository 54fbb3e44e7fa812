import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { expectOnce, idsInBronze } from "../bronze.ts";
import { note } from "../figures.ts";
import { temporaryFolder } from "../lakes.ts";
import { childScript, succeed } from "../medallion.ts";
import { scaled } from "../scale.ts";

const WRITERS = 16;
const RECORDS = scaled(10_000, 300);
/** Writers are started anew so often, so that runs and readers go on beside many of them. */
const ROUNDS = scaled(20, 2);

/** Reads all of silver, gold and the commits once, and fails at the first document or line that is torn. */
async function readAll(lake: string): Promise<number> {
  let count = 0;
  for (const folder of ["silver", "gold", "_medallion/commits"]) {
    const entries = await readdir(join(lake, folder), { recursive: true, withFileTypes: true });
    for (const entry of entries.filter((found) => /\.jsonl?$/.test(found.name))) {
      const text = await readFile(join(entry.parentPath, entry.name), "utf8").catch(() => null);
      if (text === null) continue;
      count += 1;
      if (entry.name.endsWith(".json")) JSON.parse(text);
      else for (const line of text.trimEnd().split("\n")) JSON.parse(line);
    }
  }
  return count;
}

/** Sixteen processes at a time append their share of the records, then the next sixteen. */
async function appendInRounds(lake: string): Promise<Awaited<ReturnType<typeof childScript>>[]> {
  const outcomes = [];
  for (let round = 0; round < ROUNDS; round++) {
    const started = Array.from({ length: WRITERS }, (_, writer) =>
      childScript(lake, "append.mjs", [`p${writer}-${round}`, `${RECORDS / ROUNDS}`, "200"]),
    );
    outcomes.push(...(await Promise.all(started)));
  }
  return outcomes;
}

it("sixteen processes append while runs go on and readers read: nothing is lost, doubled or torn", async () => {
  const lake = join(await temporaryFolder(), "lake");
  await succeed(lake, ["init"]);
  let [isWriting, isRunning] = [true, true];
  const writers = appendInRounds(lake).finally(() => {
    isWriting = false;
  });
  const runs = (async () => {
    let commits = 0;
    while (isWriting) {
      await succeed(lake, ["run", "--wait", "600"]);
      commits += 1;
    }
    return commits;
  })().finally(() => {
    isRunning = false;
  });
  const reader = (async () => {
    let files = 0;
    while (isRunning) files += await readAll(lake);
    return files;
  })();
  const outcomes = await writers;
  expect(outcomes.map(({ code, stderr }) => [code, stderr])).toEqual(Array(WRITERS * ROUNDS).fill([0, ""]));
  const ran = await runs;
  expect(ran).toBeGreaterThan(0);
  note("runs beside writers", ran);
  const read = await reader;
  expect(read).toBeGreaterThan(ROUNDS);
  note("files read while they were written", read);
  await succeed(lake, ["run"]);
  const acknowledged = outcomes.flatMap(({ stdout }) => stdout.split("\n").filter(Boolean));
  expect(acknowledged).toHaveLength(WRITERS * RECORDS);
  const found = await idsInBronze(lake);
  expectOnce(found, acknowledged);
  expect(found.size).toBe(acknowledged.length);
  note("records acknowledged and found", acknowledged.length);
  const gold: unknown = JSON.parse(await readFile(join(lake, "gold/analytics/daily-20251127.json"), "utf8"));
  expect(gold).toMatchObject({
    summary: { total_tasks: WRITERS * RECORDS },
    quality: { read: WRITERS * RECORDS, accepted: WRITERS * RECORDS, duplicates: 0, quarantined: 0 },
  });
  expect(await succeed(lake, ["verify"])).toMatchObject({ same: true });
});
