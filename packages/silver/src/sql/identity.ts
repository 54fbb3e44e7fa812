import { all, any, identifier, type Sql, sql } from "@medallion/engine";
import type { Dataset } from "@medallion/schema";

/** One of the values by which two records are the same; nulls are equal. */
export interface IdentityColumn {
  readonly name: string;
  /** @param of a column of the relation that holds the record */
  readonly value: (of: ColumnOf) => Sql;
}

/** A column of a relation, by the name of the field. */
export type ColumnOf = (name: string) => Sql;

/** A column of the relation with an alias. */
export function columnOf(alias: "c" | "l" | "p" | "r" | "s"): ColumnOf {
  const prefix = { c: sql`c.`, l: sql`l.`, p: sql`p.`, r: sql`r.`, s: sql`s.` }[alias];
  return (name) => sql`${prefix}${identifier(name)}`;
}

/** The values by which two records of a data set are the same. */
export function identityColumns(dataset: Dataset): IdentityColumn[] {
  const { key, sameTime, time, withoutKey } = dataset;
  const plain = [...key, ...(sameTime ? [time] : [])].map((name) => ({ name, value: (of: ColumnOf) => of(name) }));
  const others = Array.isArray(withoutKey) ? withoutKey : [];
  const instead = others.map((name: string) => ({
    name: `without key.${name}`,
    value: (of: ColumnOf) => sql`CASE WHEN ${hasNoKey(dataset, of)} THEN ${of(name)} END`,
  }));
  return [...plain, ...instead];
}

/** The fields that the identity is made of. */
export function identityFields(dataset: Dataset): string[] {
  const { key, withoutKey, time } = dataset;
  return [...new Set([...key, ...(Array.isArray(withoutKey) ? withoutKey : []), time])];
}

/** Whether two relations hold the same record. `right` has the columns by the names of {@link identityColumns}. */
export function isSame(dataset: Dataset, left: ColumnOf, right: ColumnOf): Sql {
  return all(identityColumns(dataset).map(({ name, value }) => equal(dataset, name, value(left), right(name))));
}

/** Whether two relations that both have the columns by the names of {@link identityColumns} hold the same record. */
export function matches(dataset: Dataset, left: ColumnOf, right: ColumnOf): Sql {
  return all(identityColumns(dataset).map(({ name }) => equal(dataset, name, left(name), right(name))));
}

/** Equality in which nulls are equal; a plain one where there are none, which engines do faster. */
function equal(dataset: Dataset, name: string, left: Sql, right: Sql): Sql {
  const isRequired = dataset.fields.some((field) => field.name === name && field.required);
  return isRequired ? sql`${left} = ${right}` : sql`${left} IS NOT DISTINCT FROM ${right}`;
}

/** Whether a record can be a duplicate at all. */
export function isComparable(dataset: Dataset, of: ColumnOf): Sql {
  return dataset.withoutKey === "distinct" ? sql`NOT ${hasNoKey(dataset, of)}` : sql`true`;
}

function hasNoKey(dataset: Dataset, of: ColumnOf): Sql {
  return sql`(NOT ${any(dataset.key.map((name) => sql`${of(name)} IS NOT NULL`))})`;
}
