import { describe, expect, it } from "vitest";
import type { ColumnType } from "../column-type.ts";
import { breaksCondition, evaluate } from "./evaluate.ts";
import { instantMicros } from "./instant-micros.ts";
import { parseCondition, parseExpression } from "./parse.ts";

const FIELDS = new Map<string, ColumnType>([
  ["at", "instant"],
  ["x", "double"],
  ["none", "double"],
  ["name", "text"],
  ["yes", "boolean"],
  ["unknown", "boolean"],
  ["payload", "json"],
]);
const VALUES = new Map<string, unknown>([
  ["at", instantMicros("2025-11-27T10:00:00Z")],
  ["x", 2.5],
  ["name", "a😀"],
  ["yes", true],
  ["payload", { a: 1 }],
]);

const value = (text: string) => evaluate(parseExpression(text, FIELDS), VALUES);

describe("evaluate", () => {
  it.each([
    ["unknown AND FALSE", false],
    ["unknown AND yes", null],
    ["unknown OR yes", true],
    ["unknown OR FALSE", null],
    ["NOT unknown", null],
    ["none = none", null],
    ["none IS NULL AND payload IS NOT NULL", true],
    ["x IN (1, 2.5, none)", true],
    ["x NOT IN (1, none)", null],
    ["x BETWEEN 3 AND none", false],
    ["x BETWEEN none AND 3", null],
    ["x / 0", null],
    ["0 / -x", 0],
    ["1e308 * 10", null],
    ["coalesce(1e308 * 10 - 1e308 * 10, 7)", 7],
    ["1 / (1e308 * 10)", null],
    ["round(x) + round(-x)", 0],
    ["round(x)", 3],
    ["round(0.49999999999999994)", 0],
    ["round(2.675, 2)", 2.68],
    ["round(1e300, 15)", 1e300],
    ["floor(-x)", -3],
    ["ceil(-0.5)", 0],
    ["length(name)", 2],
    ["'\uffff' < '😀'", true],
    ["upper('aé') || lower('AÉ')", "AéaÉ"],
    ["trim('  a\t ')", "a\t"],
    ["name LIKE 'a_'", true],
    ["name LIKE 'A_'", false],
    ["'50%' LIKE '50!%' ESCAPE '!'", true],
    ["'\\\\' LIKE '\\\\'", true],
    ["name || NULL IS NULL", true],
    ["least(none, 3, x)", 2.5],
    ["greatest('b', name)", "b"],
    ["nullif(x, 2.5)", null],
    ["CASE WHEN unknown THEN 1 WHEN yes THEN 2 END", 2],
    ["CASE WHEN unknown THEN 1 END", null],
    ["at = '2025-11-27T11:00:00.0000009+01'", true],
    ["seconds_between('2025-11-27T09:59:58.5Z', at)", 1.5],
    ["starts_with(name, 'a') AND ends_with(name, '😀') AND contains(name, '')", true],
  ])("computes %s", (text, expected) => {
    expect(value(text)).toBe(expected);
  });

  it("takes a value of another type for null", () => {
    const values = new Map<string, unknown>([
      ["x", "2.5"],
      ["name", 1],
      ["at", "2025-11-27T10:00:00Z"],
      ["yes", 1],
    ]);
    const expression = parseExpression("x IS NULL AND name IS NULL AND at IS NULL AND yes IS NULL", FIELDS);
    expect(evaluate(expression, values)).toBe(true);
  });
});

it("breaks a rule by what is false, not by what is unknown", () => {
  const broken = (text: string) => breaksCondition(parseCondition(text, FIELDS), VALUES);
  expect([broken("x > 2"), broken("x > 3"), broken("none > 3"), broken("NOT none > 3")]).toEqual([
    false,
    true,
    false,
    false,
  ]);
});

describe("instantMicros", () => {
  it.each([
    ["1970-01-01T00:00:00Z", 0n],
    ["1969-12-31T23:59:59.9999999Z", -1n],
    ["2025-11-27T10:00:00.123456789+05:30", 1_764_217_800_123_456n],
    ["0001-01-01T00:00:00Z", -62_135_596_800_000_000n],
    ["9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999n],
    ["2025-11-27T10:00:00", null],
    ["2025-02-30T10:00:00Z", null],
    ["", null],
  ])("reads %s", (text, micros) => {
    expect(instantMicros(text)).toBe(micros);
  });
});
