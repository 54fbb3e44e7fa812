import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { expectNoneTwice, expectOnce, idsInBronze } from "../bronze.ts";
import type { Fault } from "../fault.ts";
import { note } from "../figures.ts";
import { copyOf, digestsOf, filesOf, temporaryFolder } from "../lakes.ts";
import { childScript, medallion, succeed } from "../medallion.ts";
import { eachOf } from "../pool.ts";
import { random, SEED, sample, scaled } from "../scale.ts";
import { SCENES } from "../scenes.ts";

const ERRORS = ["ENOSPC", "EIO", "EACCES"] as const;

describe.each(SCENES.filter(({ everyKill }) => everyKill))("a write that is refused: $name", (scene) => {
  it("is a clear error, and the run succeeds once there is room", async () => {
    const folder = await temporaryFolder();
    const template = join(folder, "template");
    await mkdir(template);
    await scene.prepare(join(template, "lake"));
    const clock = { now: scene.now };
    const undisturbed = join(await copyOf(template, join(folder, "undisturbed")), "lake");
    const { changes } = await medallion(undisturbed, scene.args, { fault: { at: 0, error: "EIO", ...clock } });
    const expected = await digestsOf(undisturbed);
    const every = Array.from({ length: changes ?? 0 }, (_, index) => index + 1).flatMap((at) =>
      ERRORS.map((error): Fault => ({ at, error, moment: "half", lasting: at % 2 === 0, ...clock })),
    );
    const faults = sample(every, scaled(120, 1), random(SEED));
    await eachOf(faults, async (fault, worker) => {
      const lake = join(await copyOf(template, join(folder, `worker-${worker}`)), "lake");
      const { code, stderr } = await medallion(lake, scene.args, { fault });
      // What comes after the commit may fail without harm: the next run does it.
      if (code !== 0) expect([code, stderr]).toEqual([1, expect.stringMatching(new RegExp(fault.error ?? ""))]);
      expect(stderr).not.toMatch(/bug in Medallion|\n +at /);
      await succeed(lake, scene.args, { fault: { at: 0, ...clock } });
      expect(await digestsOf(lake)).toEqual(expected);
      note("writes refused");
    });
  });
});

it("a writer says what was kept, and has kept it", async () => {
  const lake = join(await temporaryFolder(), "lake");
  await succeed(lake, ["init"]);
  const acknowledged: string[] = [];
  for (let round = 0; round < scaled(60, 2); round++) {
    const fault: Fault = {
      at: 3 + round * 3,
      moment: "half",
      error: ERRORS[round % 3] ?? "EIO",
      lasting: round % 2 === 0,
    };
    const { code, stdout, stderr, signal } = await childScript(lake, "append.mjs", [`e${round}`, "30", "3"], { fault });
    expect([signal, code === 0 || stderr.includes("APPEND_FAILED")]).toEqual([null, true]);
    acknowledged.push(...stdout.split("\n").filter(Boolean));
    const found = await idsInBronze(lake);
    expectOnce(found, acknowledged);
    expectNoneTwice(found);
    note("writes refused");
  }
  await succeed(lake, ["run"]);
  expect(await succeed(lake, ["verify"])).toMatchObject({ same: true });
});

it.skipIf(process.platform === "win32")("a real limit of the size of files is a clear error", async () => {
  const lake = join(await temporaryFolder(), "lake");
  await succeed(lake, ["init"]);
  const padding = "x".repeat(1000);
  const lines = Array.from({ length: 400 }, (_, index) =>
    JSON.stringify({ task_id: `r-${index}`, status: "completed", timestamp: "2025-11-27T10:00:00Z", padding }),
  );
  await succeed(lake, ["ingest", "tasks", "-"], { input: `${lines.join("\n")}\n` });
  const before = await filesOf(lake);
  // Blocks of 512 bytes: 64 KiB, less than the silver of these records.
  const run = await medallion(lake, ["run"], { limit: "-f 128", environment: { NODE_OPTIONS: "" } });
  expect(run.stderr).not.toMatch(/bug in Medallion|\n +at /);
  expect(run.code).toBe(1);
  const more = await medallion(lake, ["ingest", "tasks", "-"], { limit: "-f 128", input: `${lines.join("\n")}\n` });
  expect([more.code, more.stderr]).toEqual([1, expect.stringContaining("not acknowledged")]);
  expect((await filesOf(lake)).filter((path) => !before.includes(path))).toEqual([]);
  expect(await succeed(lake, ["run"])).toMatchObject({ read: 400 });
  expect(await succeed(lake, ["verify"])).toMatchObject({ same: true });
});
