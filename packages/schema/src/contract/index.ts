export { ISO_INSTANT_PATTERN } from "../instant-text.ts";
export { NUMERIC_TEXT_PATTERN } from "../numeric.ts";
export type { JsonObject } from "./absent.ts";
export {
  type ColumnType,
  columnType,
  type FieldCheck,
  type MemberCheck,
  type NumberBound,
  readsNumericText,
} from "./check.ts";
export { rulesVersion } from "./dataset.ts";
export { describe, describeMissing, describeSource } from "./describe.ts";
export { fieldTypes } from "./expressions.ts";
export type { DatasetField } from "./field.ts";
export { BRONZE_FIELDS, GIVEN_PART, SILVER_FIELDS } from "./layer-fields.ts";
export { resolveRecord } from "./resolve.ts";
export { expectedRule, negativeRule, RECORD_RULES, requiredRule, validRule } from "./rules.ts";
