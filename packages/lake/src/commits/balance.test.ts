import { expect, test } from "vitest";
import { counts } from "../testing/lakes.ts";
import { checkBalance } from "./balance.ts";

const GOOD = { ...counts("tasks", "20251127", 7), read: 10, duplicate: 2, quarantined: 1, superseded: 3, rows: 4 };

test("balanced counts pass", () => {
  checkBalance(GOOD);
  checkBalance(counts("tasks", "20251127", 0));
  checkBalance({ ...counts("events", "20251127", 0), superseded: 2, rows: -2 });
});

test.each([
  { read: 11 },
  { read: -1 },
  { rows: 5 },
  { superseded: 8, rows: 0 },
  { rows: Number.NaN },
  { accepted: 7.5 },
  { read: Number.NaN },
])("%j does not balance", (wrong) => {
  expect(() => checkBalance({ ...GOOD, ...wrong })).toThrowError(
    expect.objectContaining({
      code: "COUNTS_DO_NOT_BALANCE",
      message: expect.stringContaining("tasks on 20251127"),
    }),
  );
});
