import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../engine.ts";
import { sql } from "../sql/sql.ts";
import { openSpark } from "./engine.ts";
import { Cluster, type Fault } from "./testing/cluster.ts";

/** The program that starts a cluster; without it there is nothing to break. */
const script = process.env.MEDALLION_SPARK_CLUSTER;
const SLOWLY = { timeout: 300_000 };
const ROWS = 60_000;

describe.skipIf(script === undefined)(
  "a statement in mid-run (MEDALLION_SPARK_CLUSTER starts a cluster)",
  SLOWLY,
  () => {
    const cluster = script === undefined ? null : new Cluster(script);
    let folder: string;
    let engine: Engine;
    let onRunning = () => {};
    let isBroken = false;

    beforeAll(async () => {
      await cluster?.start();
      folder = await mkdtemp(joinPath(tmpdir(), "medallion-faults-"));
      engine = await openSpark({
        url: cluster?.url ?? "",
        timeZone: "UTC",
        stagingFolder: joinPath(folder, "staging"),
        onProgress: ({ runningTasks, completedTasks }) => {
          if (runningTasks > 0 && completedTasks > 0) onRunning();
        },
      });
    }, SLOWLY.timeout);

    afterAll(async () => {
      await engine?.close();
      await cluster?.stop();
      await rm(folder, { recursive: true, force: true });
    }, SLOWLY.timeout);

    /** Breaks the cluster once the statement has finished some of its tasks and runs others. */
    function breakWhileRunning(...faults: readonly Fault[]): Promise<void> {
      isBroken = false;
      return new Promise((resolve, reject) => {
        onRunning = () => {
          onRunning = () => {};
          isBroken = true;
          faults
            .reduce((before, fault) => before.then(() => cluster?.fault(fault)), Promise.resolve<void>(undefined))
            .then(resolve, reject);
        };
      });
    }

    /** Rows that take seconds to make, by all tasks. */
    const slowRows = sql`(SELECT CAST(id % 2 AS STRING) AS part, id AS n,
    sha2(array_join(transform(sequence(1, 40), i -> sha2(CAST(i * id AS STRING), 256)), ''), 256) AS line
    FROM range(0, ${ROWS}, 1, 16)) AS slow`;

    it.each([
      ["the Connect server is killed and started again", ["kill-connect", "start-connect"]],
      ["a worker is killed", ["kill-worker"]],
    ] as const)("gives the same result, nothing twice, when %s", async (_, faults) => {
      await engine.materialize("before", sql`SELECT 7 AS n`);
      const target = await mkdtemp(joinPath(folder, "target-"));
      const file = (partition: string) => joinPath(target, `${partition}.jsonl`);
      const broken = breakWhileRunning(...faults);
      const counts = await engine.writePartitions({
        rows: slowRows,
        partitionBy: "part",
        orderBy: ["n"],
        format: "lines",
        columns: ["line"],
        partitions: ["0", "1"],
        file,
      });
      expect(isBroken, "the statement ended before the cluster was broken").toBe(true);
      await broken;
      expect([...counts]).toEqual([
        ["0", [ROWS / 2]],
        ["1", [ROWS / 2]],
      ]);
      for (const partition of ["0", "1"]) {
        const lines = (await readFile(file(partition), "utf8")).trimEnd().split("\n");
        expect([lines.length, new Set(lines).size]).toEqual([ROWS / 2, ROWS / 2]);
      }
      expect((await readdir(target)).sort()).toEqual(["0.jsonl", "1.jsonl"]);
      expect(await engine.rows(sql`SELECT n, row_id IS NOT NULL AS has_id FROM ${engine.table("before")}`)).toEqual([
        { n: 7, has_id: true },
      ]);
    });
  },
);
