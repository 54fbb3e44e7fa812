import { createHash } from "node:crypto";
import type { z } from "zod";
import { SchemaError } from "../errors.ts";
import type { FieldCheck } from "./check.ts";
import { compileField } from "./compile.ts";
import type { Computed } from "./computed.ts";
import { describe } from "./describe.ts";
import { expectedRule, negativeRule, RECORD_RULES, type Rule, requiredRule, validRule } from "./rules.ts";

/** Fields that bronze adds to every record. */
export const BRONZE_FIELDS = ["ingested_at", "layer", "source_file"] as const;
/** Fields that silver sets on every record. */
export const SILVER_FIELDS = ["ingested_at", "source_file", "layer", "processed_at", "_rescued_data"] as const;

/** What {@link defineDataset} is given. */
export interface DatasetOptions<Shape extends z.core.$ZodShape> {
  /** Lower-case letters, digits and `_`; the word by which commands name it. */
  readonly name: string;
  /** Semantic version of the contract; goes up when a rule changes. */
  readonly version: string;
  /** The folder of each layer, such as `raw-tasks` and `processed-tasks`. */
  readonly folders: { readonly bronze: string; readonly silver: string };
  /** The fields that silver reads. Unknown fields pass through. */
  readonly record: z.ZodObject<Shape>;
  /** Values known so far, for some of the fields; another value is kept and counted as a warning. */
  readonly expected?: { readonly [Field in keyof Shape]?: z.core.$ZodType };
  /** Records with the same key at the same time are duplicates. */
  readonly key: readonly (keyof Shape & string)[];
  /** The field, an `isoInstant()`, whose day is the record's partition. */
  readonly time: keyof Shape & string;
  /** Where a field is taken from when it is absent or null: the first of these that is there. */
  readonly fallbacks?: { readonly [Field in keyof Shape]?: readonly string[] };
  readonly computed?: Readonly<Record<string, Computed>>;
}

/** One field of a contract, ready for every engine. */
export interface DatasetField {
  readonly name: string;
  readonly required: boolean;
  readonly check: FieldCheck;
  readonly expected: FieldCheck | null;
  /** The names under which the field is looked for, its own first. */
  readonly sources: readonly string[];
}

/** A named stream of records with one contract. */
export interface Dataset<Shape extends z.core.$ZodShape = z.core.$ZodShape> {
  readonly name: string;
  readonly version: string;
  readonly folders: { readonly bronze: string; readonly silver: string };
  readonly record: z.ZodObject<Shape>;
  readonly expected: { readonly [field: string]: z.core.$ZodType | undefined };
  readonly key: readonly string[];
  readonly time: string;
  readonly fields: readonly DatasetField[];
  readonly computed: Readonly<Record<string, Computed>>;
  readonly rules: readonly Rule[];
  /** SHA-256 over all that decides a verdict or a value; changes exactly when silver must be rebuilt. */
  readonly rulesHash: string;
}

/** The type of a data set's record after fall-backs, as its zod schema gives it. */
export type RecordOf<D> = D extends Dataset<infer Shape> ? z.infer<z.ZodObject<Shape>> : never;

/**
 * Defines a data set: one zod schema from which validation, types, JSON Schema and the SQL of every engine follow.
 *
 * @throws SchemaError DATASET_INVALID when key, time, fall-backs or computed fields name what is not there
 * @throws SchemaError FIELD_NOT_COMPILABLE when a field's schema cannot be checked in SQL
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
  const computed = options.computed ?? {};
  const expectations: { readonly [field: string]: z.core.$ZodType | undefined } = options.expected ?? {};
  const fallbacks: { readonly [field: string]: readonly string[] | undefined } = options.fallbacks ?? {};
  const fields = Object.entries(record.shape).map(([field, schema]): DatasetField => {
    const expected = expectations[field];
    return {
      name: field,
      ...compileField(name, field, schema),
      expected: expected === undefined ? null : compileField(name, field, expected).check,
      sources: [field, ...(fallbacks[field] ?? [])],
    };
  });
  checkDefinition({ name, key, time, fields, computed, named: Object.keys({ ...fallbacks, ...expectations }) });
  const rules = rulesOf(fields, computed);
  const rulesHash = createHash("sha256").update(JSON.stringify({ version, key, time, fields, computed })).digest("hex");
  return { name, version, folders, record, expected: expectations, key, time, fields, computed, rules, rulesHash };
}

/** The version of a data set's rules as silver and gold name it: `1.0.0+0123456789ab`. */
export function rulesVersion(dataset: Pick<Dataset, "version" | "rulesHash">): string {
  return `${dataset.version}+${dataset.rulesHash.slice(0, 12)}`;
}

interface Definition {
  readonly name: string;
  readonly key: readonly string[];
  readonly time: string;
  readonly fields: readonly DatasetField[];
  readonly computed: Readonly<Record<string, Computed>>;
  readonly named: readonly string[];
}

function checkDefinition({ name, key, time, fields, computed, named }: Definition): void {
  const invalid = (problem: string, field: string | null): never => {
    throw new SchemaError("DATASET_INVALID", `Data set "${name}": ${problem}.`, { dataset: name, field });
  };
  if (!/^[a-z][a-z0-9_]*$/.test(name)) invalid("the name must be lower-case letters, digits and _", null);
  const byName = new Map(fields.map((field) => [field.name, field]));
  if (key.length === 0) invalid("the key must name at least one field", null);
  for (const field of [...key, time]) {
    if (byName.get(field)?.required !== true)
      invalid(`"${field}" is in the key or is the time, so it must be required`, field);
  }
  if (byName.get(time)?.check.kind !== "instant") invalid(`the time field "${time}" must be isoInstant()`, time);
  for (const field of named)
    if (!byName.has(field)) invalid(`something is said of "${field}", which is no field`, field);
  for (const reserved of SILVER_FIELDS) {
    if (byName.has(reserved) || reserved in computed) invalid(`the field "${reserved}" belongs to Medallion`, reserved);
  }
  for (const [output, rule] of Object.entries(computed)) {
    if (byName.has(output)) invalid(`"${output}" is both read and computed`, output);
    const inputs = rule.kind === "secondsBetween" ? [rule.from, rule.to] : [rule.field];
    for (const input of inputs) {
      const check = byName.get(input)?.check;
      if (check === undefined) invalid(`the computed field "${output}" needs "${input}", which is no field`, output);
      if (rule.kind === "secondsBetween" && check?.kind !== "instant") {
        invalid(`the computed field "${output}" needs "${input}" to be isoInstant()`, output);
      }
    }
  }
}

function rulesOf(fields: readonly DatasetField[], computed: Readonly<Record<string, Computed>>): Rule[] {
  const rules: Rule[] = Object.values(RECORD_RULES);
  for (const { name, required, check, expected } of fields) {
    const must = `"${name}" must be ${describe(check)}`;
    if (required) {
      const from = `"${name}" must be there and not null`;
      rules.push({ id: requiredRule(name), severity: "quarantine", field: name, description: from });
    }
    if (check.kind !== "any") {
      rules.push({ id: validRule(name), severity: required ? "quarantine" : "warn", field: name, description: must });
    }
    if (expected !== null) {
      const known = `"${name}" should be ${describe(expected)}`;
      rules.push({ id: expectedRule(name), severity: "warn", field: name, description: known });
    }
  }
  for (const [name, rule] of Object.entries(computed)) {
    if (rule.kind !== "secondsBetween") continue;
    const order = `"${rule.to}" should not be before "${rule.from}"`;
    rules.push({ id: negativeRule(name), severity: "warn", field: name, description: order });
  }
  return rules;
}
