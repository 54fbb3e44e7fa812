import { createHash } from "node:crypto";
import type { z } from "zod";
import { ownValue } from "./absent.ts";
import { compileField, compileRecord } from "./compile.ts";
import type { Computed } from "./computed.ts";
import { rulesOf } from "./dataset-rules.ts";
import { checkDefinition } from "./definition.ts";
import type { DatasetField } from "./field.ts";
import type { Rule } from "./rules.ts";

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
  /** Records with the same key at the same time are duplicates. */
  readonly key: readonly (keyof Shape & string)[];
  /** The field, an `isoInstant()`, whose day is the record's partition. */
  readonly time: keyof Shape & string;
  /**
   * Where a field is taken from when it is absent or null: the first of these that is there. `ingested_at` is the time
   * at which bronze got the record.
   */
  readonly fallbacks?: { readonly [Field in keyof Shape]?: readonly string[] };
  /** Fields that silver computes from those of the record; see `secondsBetween`, `equals` and `present`. */
  readonly computed?: Readonly<Record<string, Computed>>;
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
 * @throws SchemaError DATASET_INVALID when a name, the version or a folder is not in its form, or key, time, fall-backs,
 *   expected values or computed fields name what is not there or does not fit
 * @throws SchemaError FIELD_NOT_COMPILABLE when the schema of a field or of the record cannot be checked in SQL
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
  const fields = compileRecord(name, record).map((field): DatasetField => {
    const expected = ownValue(expectations, field.name);
    return {
      ...field,
      expected: expected === undefined ? null : compileField(name, field.name, expected).check,
      sources: [field.name, ...(ownValue(fallbacks, field.name) ?? [])],
    };
  });
  const named = [...Object.keys(fallbacks), ...Object.keys(expectations)];
  checkDefinition({ name, version, folders, key, time, fields, computed, named });
  const rules = rulesOf(fields, computed);
  const rulesHash = createHash("sha256").update(JSON.stringify({ version, key, time, fields, computed })).digest("hex");
  return { name, version, folders, record, expected: expectations, key, time, fields, computed, rules, rulesHash };
}

/** The version of a data set's rules as silver and gold name it: `1.0.0+0123456789ab`. */
export function rulesVersion(dataset: Pick<Dataset, "version" | "rulesHash">): string {
  return `${dataset.version}+${dataset.rulesHash.slice(0, 12)}`;
}
