import { EngineError } from "../errors.ts";
import type { SqlValue } from "./sql.ts";

/** A value of a small result. Queries cast what is none of these to text. */
export function toSqlValue(value: unknown): SqlValue {
  switch (typeof value) {
    case "bigint":
      return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
    case "string":
    case "number":
    case "boolean":
      return value;
    default:
      if (value === null || value === undefined) return null;
      throw new EngineError("VALUE_INVALID", "A result holds a value that is no scalar; cast it to text in the query.");
  }
}
