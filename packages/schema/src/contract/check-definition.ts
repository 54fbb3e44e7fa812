import { SchemaError } from "../errors.ts";
import { columnType } from "./column.ts";
import type { Computed } from "./computed.ts";
import type { DatasetField } from "./field.ts";
import { BRONZE_FIELDS, SILVER_FIELDS } from "./layer-fields.ts";
import type { DatasetPart } from "./part.ts";
import type { RecordRule } from "./record-rule.ts";

/** A data set as it is about to be defined. */
export interface Definition {
  readonly name: string;
  readonly version: string;
  readonly folders: { readonly bronze: string; readonly silver: string };
  readonly key: readonly string[];
  readonly withoutKey: readonly string[] | "distinct" | null;
  readonly part: DatasetPart;
  readonly time: string;
  readonly fields: readonly DatasetField[];
  readonly computed: Readonly<Record<string, Computed>>;
  readonly rules: readonly RecordRule[];
  /** The fields of which fall-backs or expected values are given. */
  readonly named: readonly string[];
}

/** @throws SchemaError DATASET_INVALID with the first thing in which the definition cannot work */
export function checkDefinition(definition: Definition): void {
  const [problem] = problems(definition);
  if (problem === undefined) return;
  const [field, text] = problem;
  throw new SchemaError("DATASET_INVALID", `Data set "${definition.name}": ${text}.`, {
    dataset: definition.name,
    field,
  });
}

type Problem = readonly [field: string | null, text: string];

function* problems(definition: Definition): Generator<Problem> {
  yield* namingProblems(definition);
  yield* fieldProblems(definition);
  yield* identityProblems(definition);
  yield* sourceProblems(definition);
  yield* computedProblems(definition);
  yield* ruleProblems(definition);
}

function* namingProblems({ name, version, folders }: Definition): Generator<Problem> {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) {
    yield [null, "the name must be lower-case letters, digits and _, a letter first"];
  }
  if (!/^[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.-]+)?$/.test(version)) {
    yield [null, `the version "${version}" must be a semantic version such as 1.0.0`];
  }
  for (const folder of [folders.bronze, folders.silver]) {
    if (!/^[a-z0-9][a-z0-9_-]*$/.test(folder)) {
      yield [null, `the folder "${folder}" must be lower-case letters, digits, - and _`];
    }
  }
  if (folders.silver === "quarantine") yield [null, 'the silver folder "quarantine" belongs to Medallion'];
}

function* fieldProblems({ key, time, fields, computed }: Definition): Generator<Problem> {
  const byName = new Map(fields.map((field) => [field.name, field]));
  if (key.length === 0) yield [null, "the key must name at least one field"];
  for (const name of [...key, time]) {
    const field = byName.get(name);
    const role = name === time ? "the time" : "in the key";
    if (field === undefined) yield [name, `"${name}" is ${role}, and is no field of the record`];
    else if (name === time && !field.required) yield [name, `"${name}" is ${role}, so it must be required`];
    else if (name !== time && columnType(field.check) === "json") {
      yield [name, `"${name}" is in the key, so it must be a string, a number, a boolean or isoInstant()`];
    }
  }
  if (byName.get(time)?.check.kind !== "instant") yield [time, `the time field "${time}" must be isoInstant()`];
  const taken = new Map<string, string>(SILVER_FIELDS.map((name) => [name, name]));
  for (const name of [...byName.keys(), ...Object.keys(computed)]) {
    const other = taken.get(name.toLowerCase());
    if (name === "") yield [name, "a field must have a name"];
    if (SILVER_FIELDS.some((reserved) => reserved === other)) yield [name, `the field "${name}" belongs to Medallion`];
    else if (other === name) yield [name, `"${name}" is both read and computed`];
    else if (other !== undefined) {
      yield [name, `"${other}" and "${name}" differ only in case, which SQL does not tell apart`];
    }
    taken.set(name.toLowerCase(), name);
  }
}

function* identityProblems({ key, withoutKey, part, fields, computed }: Definition): Generator<Problem> {
  const byName = new Map(fields.map((field) => [field.name, field]));
  if (withoutKey !== null && key.some((name) => byName.get(name)?.required === true)) {
    yield [null, "no record is without its key, of which a field is required, so withoutKey has no meaning"];
  }
  for (const name of withoutKey === null || withoutKey === "distinct" ? [] : withoutKey) {
    const field = byName.get(name);
    const isText =
      computed[name]?.kind === "recordDigest" || (field !== undefined && columnType(field.check) !== "json");
    if (!isText) yield [name, `"${name}" in withoutKey is neither a field with a plain value nor a recordDigest()`];
  }
  const field = part.field === null ? undefined : byName.get(part.field);
  if (part.field !== null && (field === undefined || columnType(field.check) !== "text")) {
    yield [part.field, `"${part.field}" is given at ingestion, so it must be a field that may be a string`];
  }
  if (part.only !== null && part.except.length > 0) yield [null, "part has both `only` and `except`"];
}

function* sourceProblems({ fields, named }: Definition): Generator<Problem> {
  for (const name of named) {
    if (!fields.some((field) => field.name === name)) {
      yield [name, `fall-backs or expected values are given for "${name}", which is no field of the record`];
    }
  }
  for (const { name, sources } of fields) {
    for (const source of sources) {
      if (source !== "ingested_at" && BRONZE_FIELDS.some((reserved) => reserved === source)) {
        yield [name, `"${name}" cannot fall back on "${source}", which bronze writes into every record`];
      }
    }
  }
}

function* computedProblems({ fields, computed }: Definition): Generator<Problem> {
  for (const [output, rule] of Object.entries(computed)) {
    const inputs = inputsOf(rule);
    for (const input of inputs) {
      const check = fields.find((field) => field.name === input)?.check;
      const needs = `the computed field "${output}" needs "${input}"`;
      if (check === undefined) yield [output, `${needs}, which is no field of the record`];
      else if (rule.kind === "secondsBetween" && check.kind !== "instant")
        yield [output, `${needs} to be isoInstant()`];
      else if (rule.kind === "equals" && columnType(check) !== "text") yield [output, `${needs} to be a string`];
    }
  }
}

function* ruleProblems({ rules }: Definition): Generator<Problem> {
  const seen = new Set<string>();
  for (const { id } of rules) {
    if (!/^[a-z][a-z0-9_]*$/.test(id))
      yield [null, `the rule "${id}" must be lower-case letters, digits and _, a letter first`];
    if (seen.has(id)) yield [null, `the rule "${id}" is there twice`];
    seen.add(id);
  }
}

function inputsOf(rule: Computed): readonly string[] {
  switch (rule.kind) {
    case "secondsBetween":
      return [rule.from, rule.to];
    case "recordDigest":
      return [rule.unless];
    case "equals":
    case "present":
      return [rule.field];
    case "expression":
      return [];
    default:
      return rule satisfies never;
  }
}
