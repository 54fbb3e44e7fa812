import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { note } from "../figures.ts";
import { copyOf, digestsOf, temporaryFolder } from "../lakes.ts";
import { medallion, succeed } from "../medallion.ts";
import { eachOf } from "../pool.ts";
import { random, SEED, sample, scaled } from "../scale.ts";
import { SCENES } from "../scenes.ts";

it("killed at random moments, in the middle of the engine's work too, runs are done by the next one", async () => {
  const folder = await temporaryFolder();
  const next = random(SEED + 3);
  const scenes = SCENES.filter(({ logsOnce }) => logsOnce);
  for (const scene of sample(scenes, scaled(scenes.length, 1), next)) {
    const template = join(folder, scene.name);
    await mkdir(template);
    await scene.prepare(join(template, "lake"));
    const clock = { fault: { at: 0, now: scene.now } };
    const undisturbed = join(await copyOf(template, join(folder, "undisturbed")), "lake");
    const started = performance.now();
    await succeed(undisturbed, scene.args, clock);
    const longest = performance.now() - started;
    await succeed(undisturbed, ["run"], clock);
    const expected = await digestsOf(undisturbed);
    const moments = Array.from({ length: scaled(20, 1) }, () => Math.ceil(next() * longest));
    await eachOf(moments, async (killAfter, worker) => {
      const lake = join(await copyOf(template, join(folder, `worker-${worker}`)), "lake");
      const { signal } = await medallion(lake, scene.args, { ...clock, killAfter });
      for (const args of [scene.args, ["run"]]) await succeed(lake, args, clock);
      expect(await digestsOf(lake)).toEqual(expected);
      if (signal !== null) note("kills survived");
    });
  }
});
