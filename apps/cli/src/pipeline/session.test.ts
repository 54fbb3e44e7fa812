import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDuckDb, sql } from "@medallion/engine";
import { expect, it, onTestFinished } from "vitest";
import { untilAborted } from "./session.ts";

async function engineAt(signal: AbortController) {
  const folder = await mkdtemp(join(tmpdir(), "medallion-session-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const engine = await openDuckDb({ timeZone: "UTC", folders: [folder], temporaryFolder: join(folder, "spill") });
  return { engine, abort: () => setImmediate(() => signal.abort()) };
}

it("a statement that is interrupted ends as an interruption, not as a failure of the engine", async () => {
  const controller = new AbortController();
  const { engine, abort } = await engineAt(controller);
  const work = untilAborted(engine, controller.signal, (own) => {
    abort();
    return own.rows(sql`SELECT count(*) FROM range(1000000000000) AS a WHERE range % 7 = 3`);
  });
  await expect(work).rejects.toMatchObject({ name: "AbortError" });
});

it("another failure stays what it is, also when the work was to end", async () => {
  const controller = new AbortController();
  const { engine } = await engineAt(controller);
  const work = untilAborted(engine, controller.signal, async () => {
    controller.abort();
    throw new RangeError("broken");
  });
  await expect(work).rejects.toThrow("broken");
});
