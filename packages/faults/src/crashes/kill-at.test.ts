import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Fault, MOMENTS } from "../fault.ts";
import { note } from "../figures.ts";
import { copyOf, digestsOf, temporaryFolder } from "../lakes.ts";
import { medallion, succeed } from "../medallion.ts";
import { eachOf } from "../pool.ts";
import { random, SEED, sample, scaled } from "../scale.ts";
import { SCENES, type Scene } from "../scenes.ts";

const SHORT_KILLS = 1;
const FULL_KILLS = 40;
const SHORT_SCENES = 2;

/** What is compared: everything but the log, where a command that is done twice is logged twice. */
async function contentOf(lake: string, scene: Scene): Promise<Record<string, string>> {
  const digests = await digestsOf(lake);
  const isCompared = (path: string) => scene.logsOnce || !path.startsWith("_medallion/commits/");
  return Object.fromEntries(Object.entries(digests).filter(([path]) => isCompared(path)));
}

const scenes = sample(SCENES, scaled(SCENES.length, SHORT_SCENES), random());

describe.each(scenes)("killed at a change to a file: $name", (scene) => {
  it("the next one does the work, and the lake is as if nothing had happened", async () => {
    const folder = await temporaryFolder();
    const template = join(folder, "template");
    await mkdir(template);
    await scene.prepare(join(template, "lake"));
    const undisturbed = join(await copyOf(template, join(folder, "undisturbed")), "lake");
    const clock = { now: scene.now };
    const { changes, code, stderr } = await medallion(undisturbed, scene.args, { fault: { at: 0, ...clock } });
    expect([code, stderr]).toEqual([0, ""]);
    await succeed(undisturbed, ["run"], { fault: { at: 0, ...clock } });
    const expected = await contentOf(undisturbed, scene);
    expect(Object.keys(expected).filter((path) => path.startsWith("_medallion/tmp/"))).toEqual([]);
    const every = Array.from({ length: changes ?? 0 }, (_, index) => index + 1).flatMap((at) =>
      // After one change is before the next one.
      MOMENTS.filter((moment) => moment !== "after" || at === changes).map(
        (moment): Fault => ({ at, moment, ...clock }),
      ),
    );
    expect(every.length).toBeGreaterThan(60);
    const kills = scene.everyKill ? every.length : FULL_KILLS;
    const faults = sample(every, scaled(kills, SHORT_KILLS), random(SEED + scene.name.length));
    await eachOf(faults, async (fault, worker) => {
      const lake = join(await copyOf(template, join(folder, `worker-${worker}`)), "lake");
      const killed = await medallion(lake, scene.args, { fault });
      expect(killed.signal).toBe("SIGKILL");
      for (const args of [scene.args, ["run"]]) await succeed(lake, args, { fault: { at: 0, ...clock } });
      expect(await contentOf(lake, scene)).toEqual(expected);
      note("kills survived");
    });
  });
});
