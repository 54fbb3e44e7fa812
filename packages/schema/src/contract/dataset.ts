import { createHash } from "node:crypto";
import type { z } from "zod";
import { ownValue } from "../json-object.ts";
import { checkDefinition } from "./check-definition.ts";
import { compileField, compileRecord } from "./compile.ts";
import type { Computed } from "./computed.ts";
import { rulesOf } from "./dataset-rules.ts";
import { checkedComputed, checkedRules } from "./expressions.ts";
import type { DatasetField } from "./field.ts";
import { GIVEN_PART } from "./layer-fields.ts";
import type { DatasetPart } from "./part.ts";
import type { RecordRule } from "./record-rule.ts";
import type { Rule, Severity } from "./rules.ts";
import { checkSeverity } from "./severity.ts";

/** What {@link defineDataset} is given. */
export interface DatasetOptions<Shape extends z.core.$ZodShape> {
  /** Lower-case letters, digits and `_`; the word by which commands name it. */
  readonly name: string;
  /** Semantic version of the contract, such as `1.0.0`; goes up when a rule changes. */
  readonly version: string;
  /** The name of its folder in each layer, such as `raw-tasks` and `processed-tasks`. */
  readonly folders: { readonly bronze: string; readonly silver: string };
  /**
   * The fields that silver reads; unknown fields pass through. A record is quarantined when a required field is missing
   * or wrong. An optional field (`.optional()`, `.nullable()`, `.nullish()`, `z.unknown()`) that is wrong becomes null
   * with a warning.
   */
  readonly record: z.ZodObject<Shape>;
  /** Values known so far, for some of the fields; another value is kept and counted as a warning. */
  readonly expected?: { readonly [Field in keyof Shape]?: z.core.$ZodType };
  /** The fields by which records may be duplicates. A field that is absent equals one that is absent. */
  readonly key: readonly (keyof Shape & string)[];
  /** Whether records are duplicates only when they are of the same instant, too. Default: true. */
  readonly sameTime?: boolean;
  /**
   * What a record is compared by that has no field of the key: other fields, also computed ones, or nothing, so that it
   * is never a duplicate (`"distinct"`). Default: the key, like any other record.
   */
  readonly withoutKey?: readonly string[] | "distinct";
  /** What the name means that may be given at ingestion and stands in the names of bronze files. */
  readonly part?: {
    /** The field that is taken from it where the record says nothing. */
    readonly field?: keyof Shape & string;
    /** The data set is made of the files with this name only. */
    readonly only?: string;
    /** The data set is made of the files with any other name. */
    readonly except?: readonly string[];
  };
  /** The field, an `isoInstant()`, whose day is the record's partition. */
  readonly time: keyof Shape & string;
  /**
   * Where a field is taken from when it is absent or null: the first of these that is there. `ingested_at` is the time
   * at which bronze got the record.
   */
  readonly fallbacks?: { readonly [Field in keyof Shape]?: readonly string[] };
  /** Fields that silver computes from those of the record; see `secondsBetween`, `equals`, `present` and `expression`. */
  readonly computed?: Readonly<Record<string, Computed>>;
  /** Rules over several fields; see `rule`. */
  readonly rules?: readonly RecordRule[];
}

/** A named stream of records with one contract. */
export interface Dataset<Shape extends z.core.$ZodShape = z.core.$ZodShape> {
  readonly name: string;
  readonly version: string;
  readonly folders: { readonly bronze: string; readonly silver: string };
  readonly record: z.ZodObject<Shape>;
  readonly expected: { readonly [field: string]: z.core.$ZodType | undefined };
  readonly key: readonly string[];
  readonly sameTime: boolean;
  readonly withoutKey: readonly string[] | "distinct" | null;
  readonly part: DatasetPart;
  readonly time: string;
  readonly fields: readonly DatasetField[];
  readonly computed: Readonly<Record<string, Computed>>;
  /** The rules over several fields. Their severities stand in `rules`. */
  readonly recordRules: readonly RecordRule[];
  /** Every rule. */
  readonly rules: readonly Rule[];
  /** SHA-256 over all that decides a verdict or a value; changes exactly when silver must be rebuilt. */
  readonly rulesHash: string;
}

/** The type of a data set's record after fall-backs, as its zod schema gives it. */
export type RecordOf<D> = D extends Dataset<infer Shape> ? z.infer<z.ZodObject<Shape>> : never;

/**
 * Defines a data set: one zod schema from which validation, types, JSON Schema and the SQL of every engine follow.
 *
 * @throws SchemaError DATASET_INVALID when a name, the version or a folder is not in its form, or key, time, fall-backs,
 *   expected values or computed fields name what is not there or does not fit
 * @throws SchemaError FIELD_NOT_COMPILABLE when the schema of a field or of the record cannot be checked in SQL
 * @throws SchemaError EXPRESSION_INVALID when an expression is wrong, with the place
 *
 * @example
 * const builds = defineDataset({
 *   name: "builds", version: "1.0.0", folders: { bronze: "raw-builds", silver: "builds" },
 *   record: z.object({ build_id: z.string().min(1), finished_at: isoInstant() }),
 *   key: ["build_id"], time: "finished_at",
 * });
 */
export function defineDataset<Shape extends z.core.$ZodShape>(options: DatasetOptions<Shape>): Dataset<Shape> {
  const { name, version, folders, record, key, time } = options;
  const { expected = {}, fallbacks = {}, computed = {}, rules = [], sameTime = true, withoutKey = null } = options;
  const { field = null, only = null, except = [] } = options.part ?? {};
  const part: DatasetPart = { field, only, except };
  const fields = fieldsOf(name, record, expected, fallbacks, part);
  const named = [...Object.keys(fallbacks), ...Object.keys(expected)];
  checkDefinition({ name, version, folders, key, withoutKey, part, time, fields, computed, rules, named });
  const content = {
    ...{ name, version, folders, record, expected, key, sameTime, withoutKey, time, part, fields },
    computed: checkedComputed(fields, computed),
    recordRules: checkedRules(fields, rules),
  };
  const all = rulesOf(fields, content.computed, content.recordRules);
  return { ...content, rules: all, rulesHash: hashOf(content, all) };
}

/** The fields of a record, each with its expected values and the names under which it is looked for. */
function fieldsOf(
  dataset: string,
  record: z.ZodObject,
  expected: Dataset["expected"],
  fallbacks: { readonly [field: string]: readonly string[] | undefined },
  part: DatasetPart,
): DatasetField[] {
  return compileRecord(dataset, record).map((field) => {
    const { name } = field;
    const known = ownValue(expected, name);
    const given = part.field === name ? [GIVEN_PART] : [];
    return {
      ...field,
      expected: known === undefined ? null : compileField(dataset, name, known).check,
      sources: [name, ...(ownValue(fallbacks, name) ?? []), ...given],
    };
  });
}

/**
 * The data set with other severities, by rule id. Rules without which there is no record to keep cannot be set to
 * `warn`: those of the record as a whole and of required fields.
 *
 * @throws SchemaError RULE_UNKNOWN when the data set has no rule of an id; SEVERITY_INVALID for one that cannot be `warn`
 *
 * @example
 * const strict = withSeverities(tasks, { "status.expected": "quarantine", "task_id.required": "fail" });
 */
export function withSeverities<D extends Dataset>(dataset: D, severities: Readonly<Record<string, Severity>>): D {
  for (const [id, severity] of Object.entries(severities)) checkSeverity(dataset, id, severity);
  const rules = dataset.rules.map((rule) => ({ ...rule, severity: ownValue(severities, rule.id) ?? rule.severity }));
  return { ...dataset, rules, rulesHash: hashOf(dataset, rules) };
}

function hashOf(content: Omit<Dataset, "rules" | "rulesHash">, rules: readonly Rule[]): string {
  const { version, key, sameTime, withoutKey, part, time, fields, computed, recordRules } = content;
  const severities = rules.map(({ id, severity }) => [id, severity]);
  const identity = { key, sameTime, withoutKey, part, time };
  return createHash("sha256")
    .update(JSON.stringify({ version, ...identity, fields, computed, recordRules, severities }))
    .digest("hex");
}

/** The version of a data set's rules as silver and gold name it: `1.0.0+0123456789ab`. */
export function rulesVersion(dataset: Pick<Dataset, "version" | "rulesHash">): string {
  return `${dataset.version}+${dataset.rulesHash.slice(0, 12)}`;
}
