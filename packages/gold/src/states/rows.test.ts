import { createHash } from "node:crypto";
import { sql } from "@medallion/engine";
import { testEngines } from "@medallion/engine/testing";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type GoldLake, openGoldLake } from "../testing/gold-lake.ts";
import { statesOf } from "./rows.ts";

describe.each(testEngines)("states of rows on $name", (testEngine) => {
  vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
  let place: GoldLake;

  beforeAll(async () => {
    place = await openGoldLake("UTC", testEngine);
  });

  afterAll(() => place.close());

  it("are in the order of durations, with the outcome and the master, and by key", async () => {
    const row = (day: string, id: string, master: string, flags: readonly (boolean | null)[], micros: number | null) =>
      sql`SELECT ${day} AS day, ${id} AS task_id, ${master} AS master, CAST(${flags[0] ?? null} AS BOOLEAN) AS is_success,
        CAST(${flags[1] ?? null} AS BOOLEAN) AS is_failure, CAST(${flags[2] ?? null} AS BOOLEAN) AS is_cancelled,
        CAST(${micros} AS BIGINT) AS micros`;
    const relation = sql`(${row("1", "ü'\\", "n", [true, false, false], 0)}
      UNION ALL ${row("1", "b", "m", [false, true, false], null)}
      UNION ALL ${row("1", "c", "n", [false, false, true], Number.MAX_SAFE_INTEGER)}
      UNION ALL ${row("1", "d", "m", [null, null, null], 1_234_567_890)}
      UNION ALL ${row("1", "e", "m", [true, false, false], 0)}
      UNION ALL ${row("1", "f", "m", [false, false, false], null)}
      UNION ALL ${row("1", "task-168000", "m", [true, false, false], 3)}
      UNION ALL ${row("1", "task-189619", "n", [false, true, false], 1)}
      UNION ALL ${row("1", "task-93411", "m", [true, false, false], 2)}
      UNION ALL ${row("1", "task-137700", "n", [false, true, false], 2)}
      UNION ALL ${row("2", "b", "m", [true, false, false], 2 ** 53)}
      UNION ALL ${row("3", "b", "m", [true, false, false], -1)})`;
    const states = await statesOf(place.engine, relation);
    expect([...states.keys()]).toEqual(["1"]);
    const { masters, micros, states: bits, keys, places } = states.get("1")!;
    expect(masters).toEqual(["m", "n"]);
    const keyAt = (index: number) => keys.map((words) => (words[index] ?? 0).toString(16).padStart(8, "0")).join("");
    const byKey = [
      { id: "ü'\\", bits: 8 + 1, micros: 0 },
      { id: "b", bits: 2, micros: Number.NaN },
      { id: "c", bits: 8 + 4, micros: Number.MAX_SAFE_INTEGER },
      { id: "d", bits: 0, micros: 1_234_567_890 },
      { id: "e", bits: 1, micros: 0 },
      { id: "f", bits: 0, micros: Number.NaN },
      // Two pairs whose keys have the first 32 bits in common; of one pair, the rows, in the order of masters, are not in that of keys.
      { id: "task-168000", bits: 1, micros: 3 },
      { id: "task-189619", bits: 8 + 2, micros: 1 },
      { id: "task-93411", bits: 1, micros: 2 },
      { id: "task-137700", bits: 8 + 2, micros: 2 },
    ]
      .map((task) => ({ ...task, key: createHash("sha256").update(task.id).digest("hex").slice(0, 32) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    const found = [...places].map((place, index) => ({ key: keyAt(index), bits: bits[place], micros: micros[place] }));
    expect(found).toEqual(
      byKey.map(({ key, bits: wanted, micros: duration }) => ({ key, bits: wanted, micros: duration })),
    );
    // Equal durations are in the order of their keys.
    const isTimed = ({ micros: duration }: { micros: number }) => !Number.isNaN(duration);
    const inOrder = [
      ...byKey.filter(isTimed).sort((a, b) => a.micros - b.micros),
      ...byKey.filter((task) => !isTimed(task)),
    ];
    expect([...places].map((place) => inOrder[place]?.key)).toEqual(byKey.map(({ key }) => key));
  });
});
