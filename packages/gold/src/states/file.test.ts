import { expect, it } from "vitest";
import { readStatesFile, statesFile } from "./file.ts";
import type { DayStates } from "./states.ts";

const STATES: DayStates = {
  masters: ["m", "ü\n"],
  micros: Float64Array.of(0, Number.MAX_SAFE_INTEGER, Number.NaN),
  states: Uint32Array.of(1, 12, 8),
  keys: [Uint32Array.of(1, 2, 3), Uint32Array.of(4, 5, 6), Uint32Array.of(7, 8, 9), Uint32Array.of(0, 1, 2 ** 32 - 1)],
  places: Uint32Array.of(0, 2, 1),
};

it("reads what it writes, whose first line people can read", () => {
  const file = statesFile(STATES);
  expect(Buffer.from(file).toString("latin1").split("\n")[0]?.trimEnd()).toBe(
    '{"format":1,"tasks":3,"masters":["m","Ã¼\\n"]}',
  );
  expect(readStatesFile(new Uint8Array(file))).toEqual(STATES);
});

it("refuses what is no such file, or is not whole", () => {
  const file = new Uint8Array(statesFile(STATES));
  const text = (content: string) => new Uint8Array(Buffer.from(content));
  const others = [
    file.slice(0, -1),
    new Uint8Array([...file, 0]),
    text(""),
    text("no file\n"),
    text('{"format":2,"tasks":0,"masters":[]}   \n'),
    text('{"format":1,"tasks":-1,"masters":[]}  \n'),
    text('{"format":1,"tasks":0,"masters":[]}\n\n'),
  ];
  for (const other of others) expect(readStatesFile(other)).toBe(null);
});
