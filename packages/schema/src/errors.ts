/** What can go wrong in this package; each code is stable across versions. */
export type SchemaErrorCode =
  | "DATASET_INVALID"
  | "FIELD_NOT_COMPILABLE"
  | "EXPRESSION_INVALID"
  | "RULE_UNKNOWN"
  | "SEVERITY_INVALID";

/** A data set was defined in a way that cannot work. `facts` names the data set and the field. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
  readonly code: SchemaErrorCode;
  readonly facts: Readonly<Record<string, string | number | null>>;

  constructor(code: SchemaErrorCode, message: string, facts: Record<string, string | number | null>) {
    super(message);
    this.code = code;
    this.facts = facts;
  }
}
