import { execFileSync } from "node:child_process";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ingest } from "../ingest.ts";
import { temporaryFolder, temporaryLake } from "../testing/lake.ts";

async function namedPipe(): Promise<string> {
  const path = join(await temporaryFolder(), "pipe");
  execFileSync("mkfifo", [path], { stdio: "ignore" });
  return path;
}

it.skipIf(process.platform === "win32")("a named pipe is waited for, and read to the end of its writers", async () => {
  const path = await namedPipe();
  const reading = ingest(await temporaryLake(), { folder: "raw-tasks" }, [{ kind: "path", path }]);
  const writer = await open(path, "w");
  await writer.write('{"n":1}\n{"n":');
  await writer.write("2}\n");
  await writer.close();
  expect(await reading).toMatchObject({ records: 2, files: [{ path, records: 2 }] });
});

it.skipIf(process.platform === "win32")(
  "a named pipe that nobody writes to is given up when the signal says so",
  async () => {
    const sources = [{ kind: "path", path: await namedPipe() } as const];
    const stop = new AbortController();
    const reading = ingest(await temporaryLake(), { folder: "raw-tasks" }, sources, { signal: stop.signal });
    const ended = expect(reading).rejects.toMatchObject({ code: "INTERRUPTED" });
    setImmediate(() => stop.abort());
    await ended;
  },
);
