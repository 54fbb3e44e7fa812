import { all, any, type Dialect, identifier, join, type Sql, sql } from "@medallion/engine";
import { describe, expectedRule, negativeRule, RECORD_RULES, requiredRule, validRule } from "@medallion/schema";
import type { ComputedSql } from "./computed.ts";
import { isNotAnObject, wrapperValues } from "./documents.ts";
import { type ContractSql, type FieldSql, isWrong } from "./fields.ts";

/** A rule that a record can break: when it does, and why in words. */
interface BrokenRule {
  readonly id: string;
  readonly when: Sql;
  readonly reason: Sql;
}

/** What the rules say of a record, as columns. */
export interface VerdictSql {
  /** The first rule broken that sets the record aside; null when there is none. */
  readonly rule: Sql;
  /** All such rules as a list; null when there is none. Reads the column `rule`. */
  readonly rules: Sql;
  readonly reason: Sql;
  /** The rules of severity `warn` that are broken, as a list; null when there is none. */
  readonly warnings: Sql;
}

const LONGEST_VALUE_SHOWN = 120;

/** Whether a key stands twice in the record or in an object that the contract looks into. */
export function hasRepeatedKey(dialect: Dialect, contract: ContractSql): Sql {
  const document = identifier("document");
  const known = contract.reader.names.map((name) => sql`CAST(${contract.reader.value([name]).has} AS INTEGER)`);
  const atRoot = sql`CASE WHEN key_count = ${join(known, sql` + `)} THEN false ELSE ${dialect.jsonHasRepeatedKey(document, [])} END`;
  const inside = contract.objects.map(
    (path) => sql`(${contract.reader.value(path).is("object")} AND ${dialect.jsonHasRepeatedKey(document, path)})`,
  );
  return sql`coalesce(${any([atRoot, ...inside])}, false)`;
}

/** The verdict over the columns of a record that has been read. */
export function verdictOf(dialect: Dialect, contract: ContractSql, computed: readonly ComputedSql[]): VerdictSql {
  const ofRecord = recordRules(dialect, contract);
  const ofFields = contract.fields.flatMap((item) => requiredRules(dialect, item));
  const broken = [...ofRecord, ...ofFields];
  const warned = [...contract.fields.flatMap(optionalRules), ...computed.flatMap(computedRules)];
  const rule = identifier("rule");
  return {
    rule: sql`CASE ${join(
      broken.map(({ id, when }) => sql`WHEN ${when} THEN ${id}`),
      sql` `,
    )} END`,
    rules: sql`CASE WHEN ${any(ofRecord.map(({ when }) => when))} THEN ${dialect.listOfPresent([rule])}
      WHEN ${rule} IS NOT NULL THEN ${listOfIds(dialect, ofFields)} END`,
    reason: sql`CASE ${rule} ${join(
      broken.map(({ id, reason }) => sql`WHEN ${id} THEN ${reason}`),
      sql` `,
    )} END`,
    warnings:
      warned.length === 0
        ? sql`CAST(NULL AS VARCHAR[])`
        : sql`CASE WHEN ${rule} IS NULL AND ${any(warned.map(({ when }) => when))} THEN ${listOfIds(dialect, warned)} END`,
  };
}

function listOfIds(dialect: Dialect, rules: readonly { id: string; when: Sql }[]): Sql {
  return dialect.listOfPresent(rules.map(({ id, when }) => sql`CASE WHEN ${when} THEN ${id} END`));
}

function recordRules(dialect: Dialect, contract: ContractSql): BrokenRule[] {
  const { rawError } = wrapperValues(dialect);
  const document = identifier("document");
  const noDocument = sql`${document} IS NULL`;
  const why = sql`coalesce(${rawError.text}, 'the bronze line is not JSON')`;
  const object = any([
    all([noDocument, isNotAnObject(dialect)]),
    sql`NOT coalesce(${contract.root.is("object")}, true)`,
  ]);
  return [
    { id: RECORD_RULES.json.id, when: all([noDocument, sql`NOT ${isNotAnObject(dialect)}`]), reason: why },
    {
      id: RECORD_RULES.object.id,
      when: object,
      reason: sql`coalesce(${rawError.text}, 'the record is not a JSON object')`,
    },
    {
      id: RECORD_RULES.uniqueKeys.id,
      when: identifier("repeated_key"),
      reason: sql`'a key stands twice in the record, so that its value is ambiguous'`,
    },
    {
      id: RECORD_RULES.ingestedAt.id,
      when: sql`ingested_at IS NULL`,
      reason: sql`'the bronze line has no valid "ingested_at"'`,
    },
  ];
}

function requiredRules(dialect: Dialect, item: FieldSql): BrokenRule[] {
  const { name, required, sources, check } = item.field;
  if (!required) return [];
  const others = sources.slice(1).map((source) => `"${source}"`);
  const missing = `"${name}" is missing or null${others.length === 0 ? "" : `, and so is ${others.join(", ")}`}`;
  const from = join(
    sources.map(
      (source, index) => sql`WHEN ${item.source} = ${index} THEN ${`"${source}" must be ${describe(check)}, found `}`,
    ),
    sql` `,
  );
  const found = sql`CASE WHEN ${item.isString} THEN ${dialect.jsonString(item.text)} ELSE ${item.text} END`;
  return [
    { id: requiredRule(name), when: sql`${item.source} IS NULL`, reason: sql`${missing}` },
    {
      id: validRule(name),
      when: isWrong(item),
      reason: sql`CASE ${from} END || substr(${found}, 1, ${LONGEST_VALUE_SHOWN})`,
    },
  ];
}

function optionalRules(item: FieldSql): { id: string; when: Sql }[] {
  const { name, required, check } = item.field;
  const wrong = required || check.kind === "any" ? [] : [{ id: validRule(name), when: isWrong(item) }];
  if (item.expected === null) return wrong;
  const present = sql`${item.source} IS NOT NULL AND NOT ${isWrong(item)}`;
  return [...wrong, { id: expectedRule(name), when: sql`(${present} AND NOT coalesce(${item.expected}, false))` }];
}

function computedRules({ name, negative }: ComputedSql): { id: string; when: Sql }[] {
  return negative === null ? [] : [{ id: negativeRule(name), when: negative }];
}
