import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Dialect } from "../dialect.ts";
import { identifier, type Sql, sql } from "../sql/sql.ts";
import { testEngines } from "../testing.ts";
import { SLOWLY, Suite } from "./testing/each.ts";

const INPUTS = 1_000;

const digits = fc.stringMatching(/^[0-9]{1,17}$/);
/** JSON numbers as programs write them, and as nobody does. */
const numbers = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value.toFixed(3)),
  fc.double({ min: -1e30, max: 1e30, noNaN: true }).map((value) => value.toExponential(4)),
  fc.tuple(fc.integer({ min: -99, max: 99 }), digits).map(([whole, fraction]) => `${whole}.${fraction}`),
  fc.bigInt().map(String),
);
const text = fc.string({ unit: "binary" }).filter((value) => value.isWellFormed());
const escaped = text.map((value) => {
  const units = Array.from({ length: value.length }, (_, index) => value.charCodeAt(index));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("")}"`;
});
const strings = fc.oneof(
  text.map((value) => JSON.stringify(value)),
  escaped,
);
const documents = fc
  .array(fc.tuple(strings, fc.oneof(strings, numbers, fc.json(), fc.json({ maxDepth: 6 }))), { maxLength: 8 })
  .map(
    (members) => `{"v": ${members[0]?.[1] ?? "null"}${members.map(([key, value]) => ` ,${key}:${value}`).join("")}}`,
  );
const two = (max: number) => fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, "0"));
const instants = fc
  .tuple(
    fc.integer({ min: 1, max: 9999 }).map((year) => String(year).padStart(4, "0")),
    two(12).map((month) => (month === "00" ? "10" : month)),
    two(31).map((day) => (day === "00" ? "26" : day)),
    fc.tuple(two(23), two(59), two(59)).map((parts) => parts.join(":")),
    fc.oneof(
      fc.constant(""),
      digits.map((fraction) => `.${fraction.slice(0, 9)}`),
    ),
    fc.constantFrom("", "", "Z", "+05:30", "-0800", "+18", "-17:59"),
  )
  .map(([year, month, day, time, fraction, offset]) => `${year}-${month}-${day}T${time}${fraction}${offset}`);

/** A value of a document as text, read as silver reads it. */
function valueText(dialect: Dialect, document: Sql): Sql {
  const fields = identifier("fields");
  const read = dialect.jsonFields(document, [["v"]], new Set([0]));
  return sql`(SELECT ${dialect.jsonText(fields, 0)} FROM (SELECT ${read} AS fields) AS f)`;
}

const double = (input: Sql) => sql`CAST(${input} AS DOUBLE)`;

const questions: readonly {
  readonly name: string;
  readonly inputs: fc.Arbitrary<string>;
  readonly ask: (dialect: Dialect, input: Sql) => Sql;
}[] = [
  { name: "texts of values", inputs: documents, ask: valueText },
  { name: "texts of numbers", inputs: numbers.map((number) => `{"v":[${number}]}`), ask: valueText },
  { name: "members", inputs: documents, ask: (dialect, input) => dialect.jsonStrings(dialect.jsonMembers(input)) },
  { name: "keys", inputs: documents, ask: (dialect, input) => dialect.jsonStrings(dialect.jsonKeys(input)) },
  { name: "digests", inputs: documents, ask: (dialect, input) => dialect.jsonDigest(input) },
  { name: "JSON strings", inputs: text, ask: (dialect, input) => dialect.jsonString(input) },
  { name: "lengths", inputs: text, ask: (dialect, input) => dialect.characterCount(input) },
  { name: "JSON numbers", inputs: numbers, ask: (dialect, input) => dialect.jsonNumber(double(input)) },
  { name: "doubles", inputs: numbers, ask: (dialect, input) => dialect.finiteDouble(input) },
  { name: "instants", inputs: instants, ask: (dialect, input) => dialect.micros(dialect.isoInstant(input)) },
  {
    name: "texts of instants",
    inputs: instants,
    ask: (dialect, input) => dialect.instantText(dialect.isoInstant(input)),
  },
  { name: "days", inputs: instants, ask: (dialect, input) => dialect.day(dialect.isoInstant(input)) },
];

describe.skipIf(testEngines.length < 2)("DuckDB and Spark (where both are in the list)", SLOWLY, () => {
  const suites = testEngines.map((candidate) => new Suite(candidate));

  it.each(questions)("agree on $name", async ({ inputs, ask }) => {
    const samples = fc.sample(inputs, INPUTS);
    const [first = [], ...others] = await Promise.all(suites.map((suite) => suite.each(samples, ask)));
    for (const answers of others) {
      const different = samples.flatMap((input, index) =>
        Object.is(first[index], answers[index]) ? [] : [{ input, first: first[index], other: answers[index] }],
      );
      expect(different.slice(0, 5)).toEqual([]);
    }
  });
});
