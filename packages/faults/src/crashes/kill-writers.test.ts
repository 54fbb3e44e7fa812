import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { expectNoneTwice, expectOnce, idsInBronze } from "../bronze.ts";
import { MOMENTS } from "../fault.ts";
import { note } from "../figures.ts";
import { filesOf, temporaryFolder } from "../lakes.ts";
import { childScript, medallion, succeed } from "../medallion.ts";
import { random, SEED, scaled } from "../scale.ts";

const RECORDS = 40;
const taskLine = (id: string) =>
  JSON.stringify({ task_id: id, status: "completed", timestamp: "2025-11-27T10:00:00Z" });

it("a writer that is killed has lost nothing that it acknowledged, and the next ones append after it", async () => {
  const lake = join(await temporaryFolder(), "lake");
  await succeed(lake, ["init"]);
  const next = random(SEED);
  const acknowledged: string[] = [];
  const kills = scaled(60, 14);
  for (let kill = 0; kill < kills; kill++) {
    const moment = MOMENTS[kill % MOMENTS.length] ?? "after";
    const fault = { at: 1 + Math.floor(next() * 2 * RECORDS), moment };
    const { stdout, signal } = await childScript(lake, "append.mjs", [`w${kill}`, `${RECORDS}`, "2"], { fault });
    acknowledged.push(...stdout.split("\n").filter(Boolean));
    if (signal === null) expect(stdout.split("\n")).toHaveLength(RECORDS + 1);
    const found = await idsInBronze(lake);
    expectOnce(found, acknowledged);
    expectNoneTwice(found);
    if (signal !== null) note("kills survived");
  }
  note("records acknowledged and found", acknowledged.length);
  const { read } = documentOf(await succeed(lake, ["run"]));
  expect(Number(read)).toBeGreaterThanOrEqual(acknowledged.length);
  const silver = documentOf(await succeed(lake, ["verify"]));
  expect(silver).toMatchObject({ same: true });
  expect((await filesOf(lake)).filter((path) => path.startsWith("_medallion/tmp/"))).toEqual([]);
});

it("what is ingested with --new is in bronze once, however often it was killed", async () => {
  const folder = await temporaryFolder();
  const next = random(SEED + 1);
  for (let round = 0; round < scaled(40, 2); round++) {
    const lake = join(folder, `lake-${round}`);
    const source = join(folder, `tasks-${round}.jsonl`);
    await succeed(lake, ["init"]);
    const ids = Array.from({ length: RECORDS }, (_, index) => `n${round}-${index}`);
    await writeFile(
      source,
      `${ids
        .slice(0, RECORDS / 2)
        .map(taskLine)
        .join("\n")}\n`,
    );
    const args = ["ingest", "tasks", source, "--new"];
    for (let kill = 0; kill < 2; kill++) {
      const fault = { at: 1 + Math.floor(next() * 24), moment: MOMENTS[Math.floor(next() * 3)] ?? "after" };
      const { signal } = await medallion(lake, args, { fault });
      expectNoneTwice(await idsInBronze(lake));
      if (signal !== null) note("kills survived");
    }
    await writeFile(source, `${ids.map(taskLine).join("\n")}\n`);
    await succeed(lake, args);
    const found = await idsInBronze(lake);
    expectOnce(found, ids);
    expect(found.size).toBe(ids.length);
    await succeed(lake, ["run"]);
    expect((await filesOf(lake)).filter((path) => path.startsWith("_medallion/tmp/"))).toEqual([]);
  }
});

it("a record given on the command line is kept when the command says so", async () => {
  const lake = join(await temporaryFolder(), "lake");
  await succeed(lake, ["init"]);
  const next = random(SEED + 2);
  const acknowledged: string[] = [];
  for (let kill = 0; kill < scaled(60, 24); kill++) {
    const fault = { at: 1 + Math.floor(next() * 7), moment: MOMENTS[kill % 3] ?? "after" };
    const { code, signal } = await medallion(lake, ["ingest", "tasks", "--data", taskLine(`d-${kill}`)], { fault });
    if (code === 0) acknowledged.push(`d-${kill}`);
    const found = await idsInBronze(lake);
    expectOnce(found, acknowledged);
    expectNoneTwice(found);
    if (signal !== null) note("kills survived");
  }
  note("records acknowledged and found", acknowledged.length);
  await succeed(lake, ["run"]);
});

function documentOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
