import { identifier, type Sql, sql } from "../../sql/sql.ts";

/**
 * Computes a value once and uses it under a name in an expression: SQL has no such thing but a list of one item. The
 * name must be another one than those of the bindings around it and of any column.
 */
export function bind(name: string, value: Sql, body: (value: Sql) => Sql): Sql {
  const variable = identifier(`medallion ${name}`);
  return sql`get(transform(array(${value}), ${variable} -> ${body(variable)}), 0)`;
}

/** Applies an expression to every item of a list. */
export function mapList(name: string, list: Sql, body: (item: Sql) => Sql): Sql {
  const variable = identifier(`medallion ${name}`);
  return sql`transform(${list}, ${variable} -> ${body(variable)})`;
}
