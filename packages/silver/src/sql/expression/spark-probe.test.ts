import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { type Engine, identifier, join, type Sql, type SqlValue, sql } from "@medallion/engine";
import { testEngines } from "@medallion/engine/testing";
import {
  breaksCondition,
  type Expression,
  type ExpressionValue,
  evaluate,
  parseCondition,
  parseExpression,
  printExpression,
} from "@medallion/schema";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { breaksConditionSql, expressionSql } from "./expression-sql.ts";
import { expressions, FIELDS } from "./testing/expressions.ts";
import { instants, integers, numbers, texts } from "./testing/values.ts";

const folder = mkdtempSync(joinPath(tmpdir(), "medallion-expression-"));
let engine: Engine;

beforeAll(async () => {
  engine = await testEngines[1]!.open({ timeZone: "Asia/Kolkata", folder });
});

afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

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


it("probe", async () => {
  const { appendFileSync } = await import("node:fs");
  for (let round = 0; round < 8; round++) {
    const ast = fc.sample(expressions, 30);
    const values = fc.sample(records, 15);
    await keep(values);
    const found = await compute(ast.map(fragmentOf));
    let bad = 0;
    for (const [column, expression] of ast.entries()) for (const [row, record] of values.entries()) {
      const [a, b] = [comparable(found[row]?.[column] ?? null), comparable(evaluate(expression, record))];
      if (a !== b) { bad++; appendFileSync("/tmp/exprspark/diff.txt", JSON.stringify({ text: printExpression(expression), spark: a, js: b, record: [...record].map(([k, v]) => k + "=" + String(v)) }) + "\n"); break; }
    }
    appendFileSync("/tmp/exprspark/diff.txt", `round ${round}: ${bad} of 30 differ\n`);
  }
});
