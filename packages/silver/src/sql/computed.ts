import { all, type Dialect, identifier, join, type Sql, sql } from "@medallion/engine";
import type { Computed, Dataset } from "@medallion/schema";
import { type ColumnType, fieldTypes } from "@medallion/schema/contract";
import { type ExpressionType, parseExpression } from "@medallion/schema/expression";
import { expressionSql } from "./expression/expression-sql.ts";
import { type ContractSql, columnsOf, type FieldSql } from "./fields.ts";

/** A computed field in SQL: its value as a column, its JSON text, and the condition under which it breaks its rule. */
export interface ComputedSql {
  readonly name: string;
  readonly value: Sql;
  readonly json: Sql;
  readonly negative: Sql | null;
}

/** The computed fields of a data set. Whole microseconds of spans are read from `spanColumns`. */
export function computedSql(dialect: Dialect, dataset: Dataset, contract: ContractSql): ComputedSql[] {
  const types = fieldTypes(dataset.fields);
  return Object.entries(dataset.computed).map(([name, rule]) => computedField(dialect, contract, types, name, rule));
}

/** The columns `span.<name>`: the microseconds of every span, negative ones included. */
export function spanColumns(dialect: Dialect, dataset: Dataset, contract: ContractSql): Sql[] {
  return Object.entries(dataset.computed).flatMap(([name, rule]) => {
    if (rule.kind !== "secondsBetween") return [];
    const [from, to] = [instantOfField(contract, rule.from), instantOfField(contract, rule.to)];
    return [sql`${dialect.micros(to)} - ${dialect.micros(from)} AS ${identifier(`span.${name}`)}`];
  });
}

/** The columns `digest.<name>` of the record's text, which is read from the column `body`. */
export function digestColumns(dialect: Dialect, dataset: Dataset, contract: ContractSql): Sql[] {
  return Object.entries(dataset.computed).flatMap(([name, rule]) => {
    if (rule.kind !== "recordDigest") return [];
    const { source } = fieldOf(contract, rule.unless);
    const known = sql`${source} IS NOT NULL AND ${identifier(`valid.${rule.unless}`)}`;
    return [
      sql`CASE WHEN NOT (${known}) THEN ${dialect.jsonDigest(sql`(body || '}')`)} END AS ${identifier(`digest.${name}`)}`,
    ];
  });
}

function computedField(
  dialect: Dialect,
  contract: ContractSql,
  types: ReadonlyMap<string, ColumnType>,
  name: string,
  rule: Computed,
): ComputedSql {
  switch (rule.kind) {
    case "equals": {
      const field = fieldOf(contract, rule.field);
      const isOneOf = sql`${field.text} IN (${join(rule.values.map((value) => sql`${value}`))})`;
      return truth(name, all([field.isString, isOneOf]));
    }
    case "present":
      return truth(name, sql`${fieldOf(contract, rule.field).source} IS NOT NULL`);
    case "secondsBetween": {
      const span = identifier(`span.${name}`);
      const kept = sql`CASE WHEN ${span} >= 0 THEN ${span} END`;
      return {
        name,
        value: dialect.seconds(kept),
        json: sql`coalesce(${dialect.secondsText(kept)}, 'null')`,
        negative: sql`coalesce(${span} < 0, false)`,
      };
    }
    case "recordDigest": {
      const value = identifier(`digest.${name}`);
      return { name, value, json: sql`coalesce(${dialect.jsonString(value)}, 'null')`, negative: null };
    }
    case "expression": {
      const { type } = parseExpression(rule.text, types);
      const value = identifier(`expression.${name}`);
      return { name, value, json: jsonOf(dialect, type, value), negative: null };
    }
    default:
      return rule satisfies never;
  }
}

/** A value of an expression as JSON text. */
function jsonOf(dialect: Dialect, type: ExpressionType, value: Sql): Sql {
  const text: Record<ExpressionType, Sql> = {
    text: dialect.jsonString(value),
    number: dialect.jsonNumber(value),
    boolean: sql`CASE WHEN ${value} THEN 'true' ELSE 'false' END`,
    instant: sql`'"' || ${dialect.instantText(value)} || '"'`,
    json: value,
  };
  return sql`CASE WHEN ${value} IS NULL THEN 'null' ELSE ${text[type]} END`;
}

/** The columns `expression.<name>` of computed fields that are expressions. */
export function expressionColumns(dialect: Dialect, dataset: Dataset, contract: ContractSql): Sql[] {
  const types = fieldTypes(dataset.fields);
  return Object.entries(dataset.computed).flatMap(([name, rule]) => {
    if (rule.kind !== "expression") return [];
    const value = expressionSql(dialect, parseExpression(rule.text, types), columnsOf(dialect, contract));
    return [sql`${value} AS ${identifier(`expression.${name}`)}`];
  });
}

function truth(name: string, condition: Sql): ComputedSql {
  const value = sql`coalesce(${condition}, false)`;
  return { name, value, json: sql`CASE WHEN ${value} THEN 'true' ELSE 'false' END`, negative: null };
}

function fieldOf(contract: ContractSql, name: string): FieldSql {
  const field = contract.byName.get(name);
  if (field === undefined) throw new TypeError(`"${name}" is no field of the contract`);
  return field;
}

function instantOfField(contract: ContractSql, name: string): Sql {
  const { instant } = fieldOf(contract, name);
  if (instant === null) throw new TypeError(`"${name}" is no instant`);
  return instant;
}
