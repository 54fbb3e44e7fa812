import type { Sql, SqlValue } from "./sql.ts";

/** How an engine writes what is not text of the statement. */
export interface Quoting {
  identifier(name: string): string;
  value(value: SqlValue): string;
}

/** The text of a statement. */
export function renderSql(statement: Sql, quoting: Quoting): string {
  return statement.parts
    .map((part) => {
      switch (part.kind) {
        case "text":
          return part.text;
        case "identifier":
          return quoting.identifier(part.name);
        case "value":
          return quoting.value(part.value);
        default:
          return part satisfies never;
      }
    })
    .join("");
}
