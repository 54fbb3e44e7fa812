import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { type Engine, identifier, join, type Sql, type SqlValue, sql } from "@medallion/engine";
import { testEngines } from "@medallion/engine/testing";
import { SchemaError } from "@medallion/schema";
import {
  breaksCondition,
  type Expression,
  type ExpressionValue,
  evaluate,
  parseCondition,
  parseExpression,
  printExpression,
} from "@medallion/schema/expression";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { breaksConditionSql, expressionSql } from "./expression-sql.ts";
import { expressions, FIELDS } from "./testing/expressions.ts";
import { instants, integers, numbers, texts } from "./testing/values.ts";

const folder = mkdtempSync(joinPath(tmpdir(), "medallion-expression-"));
let engine: Engine;

afterAll(() => rmSync(folder, { recursive: true }));

type Values = ReadonlyMap<string, ExpressionValue>;

const VALUES: Record<string, fc.Arbitrary<ExpressionValue>> = {
  text: texts,
  double: numbers,
  integer: integers,
  boolean: fc.boolean(),
  instant: instants.map(({ micros }) => micros),
  json: fc.constant("{}"),
};

const records: fc.Arbitrary<Values> = fc
  .tuple(
    ...[...FIELDS].map(([name, type]) => fc.tuple(fc.constant(name), fc.option(VALUES[type] ?? texts, { freq: 4 }))),
  )
  .map((entries) => new Map(entries));

/** A value of a record as a column of its type. */
function columnSql(type: string, value: ExpressionValue): Sql {
  if (type === "instant") return engine.dialect.instantOfMicros(sql`CAST(${value} AS BIGINT)`);
  const written = typeof value === "number" ? (Object.is(value, -0) ? "-0.0" : `${value}`) : value;
  const types: Record<string, Sql> = { double: sql`DOUBLE`, integer: sql`BIGINT`, boolean: sql`BOOLEAN` };
  return sql`CAST(${written} AS ${types[type] ?? sql`STRING`})`;
}

/** Engines do not tell names apart by the case of their letters, so columns have numbers. */
function columnOf(field: string): Sql {
  const names: readonly string[] = [...FIELDS.keys()];
  return identifier(`field${names.indexOf(field)}`);
}

async function keep(values: readonly Values[]): Promise<void> {
  const rows = values.map((record, index) => {
    const columns = [...FIELDS].map(([name, type]) => columnSql(type, record.get(name) ?? null));
    return sql`(${join([sql`${index}`, ...columns])})`;
  });
  const names = join([identifier("index"), ...[...FIELDS.keys()].map(columnOf)]);
  await engine.materialize("records", sql`SELECT * FROM (VALUES ${join(rows)}) AS records(${names})`);
}

/** What the engine says of every record, for each of the fragments. */
async function compute(fragments: readonly Sql[]): Promise<SqlValue[][]> {
  const columns = fragments.map((fragment, index) => sql`${fragment} AS ${identifier(`value${index}`)}`);
  const rows = await engine.rows(sql`SELECT ${join(columns)} FROM ${engine.table("records")} ORDER BY "index"`);
  return rows.map((row) => fragments.map((_, index) => row[`value${index}`] ?? null));
}

function fragmentOf(expression: Expression): Sql {
  const value = expressionSql(engine.dialect, expression, columnOf);
  return expression.type === "instant" ? engine.dialect.micros(value) : value;
}

function comparable(value: ExpressionValue | SqlValue): string {
  if (typeof value === "bigint") return `${value}`;
  return Object.is(value, -0) ? "-0" : JSON.stringify(value);
}

describe.each(testEngines)("expressions in JavaScript and in SQL on $name", (testEngine) => {
  beforeAll(async () => {
    engine = await testEngine.open({ timeZone: "Asia/Kolkata", folder });
  });

  afterAll(() => engine.close());

  it("have the same value", async () => {
    const cases = fc.record({
      ast: fc.array(expressions, { minLength: 1, maxLength: 12 }),
      values: fc.array(records, { minLength: 1, maxLength: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ ast, values }) => {
        await keep(values);
        const found = await compute(ast.map(fragmentOf));
        for (const [row, record] of values.entries()) {
          for (const [column, expression] of ast.entries()) {
            const expected = evaluate(expression, record);
            const context = printExpression(expression);
            expect([context, comparable(found[row]?.[column] ?? null)]).toEqual([context, comparable(expected)]);
          }
        }
      }),
      { numRuns: testEngine.name === "duckdb" ? 150 : 5 },
    );
  });

  it.each([
    "contains('a', note || NULL)",
    "length(note || NULL)",
    "upper(NULL || note)",
    "starts_with(note, NULL || 'a')",
  ])("keep the type of a null that is known beforehand: %s", async (text) => {
    await keep([new Map([["note", "a"]])]);
    expect(await compute([fragmentOf(parseExpression(text, FIELDS))])).toEqual([[null]]);
  });

  it("break a rule only when they are false", async () => {
    const record: Values = new Map([["count", 1]]);
    await keep([record]);
    const conditions = ["count = 1", "count = 2", "price = 2", "NOT price = 2"].map((text) =>
      parseCondition(text, FIELDS),
    );
    const found = await compute(conditions.map((condition) => breaksConditionSql(engine.dialect, condition, columnOf)));
    expect(found).toEqual([[false, true, false, false]]);
    expect(conditions.map((condition) => breaksCondition(condition, record))).toEqual(found[0]);
  });

  it.each([
    ["a deep sum", `${"price + (".repeat(98)}count${")".repeat(98)}`],
    ["a deep condition", `${"NOT (active OR ".repeat(49)}done${")".repeat(49)}`],
    ["a long list", `count IN (${Array.from({ length: 1_000 }, (_, index) => index).join(", ")})`],
    ["nested quotients", `${"price / (".repeat(5)}count${")".repeat(5)}`],
    ["nested rounding", `${"round(".repeat(4)}price * 2${", 1)".repeat(4)}`],
    ["nested signs", `${"abs(-".repeat(49)}price${")".repeat(49)}`],
  ])("are within what an engine can take: %s", async (_, text) => {
    const values: Values[] = [
      new Map<string, ExpressionValue>([
        ["price", 1.5],
        ["count", 7],
        ["active", false],
        ["done", true],
      ]),
    ];
    await keep(values);
    const expression = parseExpression(text, FIELDS);
    const found = await compute([fragmentOf(expression)]);
    expect(found).toEqual([[evaluate(expression, values[0] ?? new Map())]]);
  });
});

it("reads an expression again from what it prints", () => {
  fc.assert(
    fc.property(expressions, (expression) => {
      const printed = printExpression(expression);
      fc.pre(!isTooLarge(printed));
      expect(parseExpression(printed, FIELDS)).toEqual(expression);
    }),
    { numRuns: 2_000 },
  );
});

/** Random expressions know no limit of size, which only the parser sets. */
function isTooLarge(text: string): boolean {
  try {
    parseExpression(text, FIELDS);
    return false;
  } catch (error) {
    return error instanceof SchemaError && error.message.includes("fields and operators in SQL");
  }
}
