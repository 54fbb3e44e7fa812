export { type Compatibility, diffJsonSchemas, type SchemaDiff } from "./compatibility/diff.ts";
export type { SchemaChange } from "./compatibility/schema-change.ts";
export { type Drift, describeDrift, driftOf, isSameDrift } from "./drift.ts";
export {
  addProfiles,
  byBytes,
  type FieldProfile,
  fieldProfile,
  MOST_UNKNOWN_FIELDS,
  NO_PROFILE,
  type Profile,
  type ProfiledField,
  presentIn,
  profiled,
  valuesIn,
} from "./field-profile.ts";
export { JSON_KINDS, type JsonKind } from "./json-kind.ts";
export { observedJsonSchema } from "./observed-schema.ts";
export { type Proposal, proposeRecord } from "./propose.ts";
