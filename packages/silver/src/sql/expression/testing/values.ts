import { instantMicros } from "@medallion/schema/expression";
import fc from "fast-check";

const TEXTS = [
  "",
  " ",
  "a",
  "ab",
  "A",
  "aB ",
  " é",
  "É",
  "😀",
  "a😀b",
  "\uffff",
  "\u{10ffff}",
  "'",
  '"',
  "a\0",
  "\0",
  "\\",
  "%",
  "_",
  "!",
];

/** Well-formed text with all that engines may see differently. */
export const texts: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.string({ unit: fc.constantFrom(...TEXTS, "\n", "\t", "z", "Z", "0"), maxLength: 5 }),
  fc.string({ unit: "binary", maxLength: 4 }),
);

const HALVES = [0.5, 1.5, 2.5, -0.5, -2.5, 0.049, 0.15, 1.005, 2.675, 0.49999999999999994, 1125899906842624.5];
const LARGE = [2 ** 53, 2 ** 53 + 2, 1e15, 1e16, 1e22, 1e154, 1e300, 1e308, Number.MAX_VALUE, Number.MAX_SAFE_INTEGER];
const SMALL = [0, -0, 1, -1, 2, 3, 10, 0.1, 0.2, 0.3, 1e-7, 1e-300, Number.MIN_VALUE];

/** Finite doubles. */
export const numbers: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(...SMALL, ...HALVES),
  fc.constantFrom(...LARGE, ...LARGE.map((value) => -value)),
  fc.integer({ min: -20, max: 20 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

export const integers: fc.Arbitrary<number> = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.maxSafeInteger());

const INSTANTS = [
  "0001-01-01T00:00:00Z",
  "1925-06-30T12:00:00.1234567Z",
  "1970-01-01T00:00:00+00:00",
  "2025-11-27T10:00:00Z",
  "2025-11-27T12:00:00.000001+0200",
  "2025-11-27T10:00:00.0000019-18",
  "9999-12-31T23:59:59.999999999Z",
];

/** Instants as text, and as microseconds since the epoch. */
export const instants: fc.Arbitrary<{ text: string; micros: bigint }> = fc
  .oneof(
    fc.constantFrom(...INSTANTS),
    fc
      .date({ min: new Date("0001-01-02T00:00:00Z"), max: new Date("9999-12-30T00:00:00Z"), noInvalidDate: true })
      .map((date) => date.toISOString()),
  )
  .map((text) => ({ text, micros: instantMicros(text) ?? 0n }));
