import { join } from "node:path";
import { acquireLock, openLake } from "@medallion/lake";
import { expect, it } from "vitest";
import { temporaryFolder } from "../lakes.ts";
import { medallion, succeed } from "../medallion.ts";

const TASK = '{"task_id":"a","status":"completed","timestamp":"2025-11-27T10:00:00Z"}';

it("of two runs one works; the other one says who, and waits when it is told to", async () => {
  const root = join(await temporaryFolder(), "lake");
  await succeed(root, ["init"]);
  await succeed(root, ["ingest", "tasks", "--data", TASK]);
  const lock = await acquireLock(await openLake(root), { command: "medallion run" });
  const refused = await medallion(root, ["run"]);
  expect(refused.code).toBe(75);
  expect(refused.stderr).toContain(`locked by process ${process.pid} on `);
  const started = performance.now();
  expect(await medallion(root, ["run", "--wait", "1"])).toMatchObject({ code: 75 });
  expect(performance.now() - started).toBeGreaterThan(1000);
  const waiting = succeed(root, ["run", "--wait", "100"]);
  await lock.release();
  expect(await waiting).toMatchObject({ read: 1 });
});

it("runs that begin at the same moment do the work once", async () => {
  const root = join(await temporaryFolder(), "lake");
  await succeed(root, ["init"]);
  await succeed(root, ["ingest", "tasks", "--data", TASK]);
  const outcomes = await Promise.all(Array.from({ length: 3 }, () => medallion(root, ["run"])));
  expect(outcomes.filter(({ code }) => code !== 0 && code !== 75)).toEqual([]);
  expect(await succeed(root, ["status"])).toMatchObject({
    commits: 1,
    datasets: [{ dataset: "tasks", rows: 1 }, {}, {}, {}],
  });
});
