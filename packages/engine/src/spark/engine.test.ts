import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { sql } from "../sql/sql.ts";
import { encode } from "./connect/protobuf.ts";
import { fakeServer } from "./connect/testing/fake-server.ts";
import { openSpark } from "./engine.ts";

const retries = { attempts: 2, firstWaitMs: 1, longestWaitMs: 1 };

async function open(url: string) {
  const folder = await mkdtemp(join(tmpdir(), "medallion-spark-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return openSpark({ url, timeZone: "Europe/Berlin", stagingFolder: join(folder, "staging"), retries });
}

it("says when Spark cannot be reached", async () => {
  await expect(open("sc://127.0.0.1:1")).rejects.toMatchObject({ code: "ENGINE_UNAVAILABLE" });
});

it("says when the token is refused", async () => {
  const server = await fakeServer((call) => {
    call.fail(16, "who are you?");
    return true;
  });
  await expect(open(server.url)).rejects.toMatchObject({
    code: "ENGINE_UNAVAILABLE",
    message: expect.stringContaining("Check the token"),
  });
});

it("refuses a wrong connection string before it connects", async () => {
  await expect(open("sc://")).rejects.toMatchObject({ code: "ENGINE_OPTION_INVALID" });
});

/** A server that does whatever it is told, and has nothing to tell. */
function obedientServer() {
  return fakeServer((call) => {
    if (call.method !== "ExecutePlan") return false;
    call.send(encode({ 13: "1", 14: encode({}) }));
    call.end();
    return true;
  });
}

it("sets the session's time zone, and ends the session when it is closed", async () => {
  const server = await obedientServer();
  const engine = await open(server.url);
  await engine.close();
  const [configured] = server.calls;
  const pairs = configured?.request.message(3)?.message(1)?.messages(1) ?? [];
  const settings = new Map(pairs.map((pair) => [pair.text(1), pair.text(2)]));
  expect(settings.get("spark.sql.session.timeZone")).toBe("Europe/Berlin");
  expect(settings.get("spark.sql.variable.substitute")).toBe("false");
  expect(server.calls.at(-1)?.method).toBe("ReleaseSession");
});

it("asks nobody how long the lines of a file are", async () => {
  const server = await obedientServer();
  const engine = await open(server.url);
  const maxLineBytes = () => Promise.reject(new Error("all of the file would be read to answer"));
  const lines = await engine.lines([{ path: "/lake/20251127.jsonl", file: "f" }], { maxLineBytes, json: true });
  await engine.execute(sql`SELECT * FROM ${lines}`);
  await engine.close();
});
