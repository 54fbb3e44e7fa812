import { all, any, type Dialect, identifier, join, type Sql, sql } from "@medallion/engine";
import type { Dataset } from "@medallion/schema";
import {
  describeCheck,
  describeMissing,
  describeSource,
  expectedRule,
  fieldTypes,
  negativeRule,
  RECORD_RULES,
  requiredRule,
  validRule,
} from "@medallion/schema/contract";
import { parseCondition } from "@medallion/schema/expression";
import type { ComputedSql } from "./computed.ts";
import { isNotAnObject } from "./documents.ts";
import { breaksConditionSql } from "./expression/expression-sql.ts";
import { type ContractSql, columnsOf, type FieldSql, isWrong } from "./fields.ts";

/** A rule that a record can break: when it does, and why in words. */
export interface BrokenRule {
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

/**
 * The verdict over the columns of a record that has been read. Of several broken rules a `fail` comes before the others,
 * but what cannot be read as a record breaks no other rule, and a retired day is named only where it is the one reason.
 */
export function verdictOf(
  dialect: Dialect,
  dataset: Dataset,
  contract: ContractSql,
  computed: readonly ComputedSql[],
  more: {
    /** Whether the record's day is retired; null when none is. */
    readonly retired: Sql | null;
    /** Rules that were checked beforehand. */
    readonly broken: readonly BrokenRule[];
  },
): VerdictSql {
  const severities = new Map(dataset.rules.map(({ id, severity }) => [id, severity]));
  const ofRecord = recordRules(dialect, contract);
  const others = [
    ...contract.fields.flatMap((item) => fieldRules(dialect, item)),
    ...computed.flatMap(computedRules),
    ...rulesOverFields(dialect, dataset, contract),
    ...more.broken,
    ...(more.retired === null ? [] : [retiredRule(more.retired)]),
  ];
  const of = (severity: string) => others.filter(({ id }) => severities.get(id) === severity);
  const ofFields = [...of("fail"), ...of("quarantine")];
  const broken = [...ofRecord, ...ofFields];
  const warned = of("warn");
  const rule = identifier("rule");
  // A day is retired later than most of its records were judged: one that breaks another rule says the same ever after.
  const listed = ofFields.map(({ id, when }) => ({
    id,
    when: id === RECORD_RULES.retiredDay.id ? sql`${rule} = ${id}` : when,
  }));
  return {
    rule: sql`CASE ${join(
      broken.map(({ id, when }) => sql`WHEN ${when} THEN ${id}`),
      sql` `,
    )} END`,
    rules: sql`CASE WHEN ${any(ofRecord.map(({ when }) => when))} THEN ${dialect.listOfPresent([rule])}
      WHEN ${rule} IS NOT NULL THEN ${listOfIds(dialect, listed)} END`,
    reason: sql`CASE ${rule} ${join(
      broken.map(({ id, reason }) => sql`WHEN ${id} THEN ${reason}`),
      sql` `,
    )} END`,
    warnings:
      warned.length === 0
        ? sql`CASE WHEN false THEN ${dialect.listOfPresent([])} END`
        : sql`CASE WHEN ${rule} IS NULL AND ${any(warned.map(({ when }) => when))} THEN ${listOfIds(dialect, warned)} END`,
  };
}

function listOfIds(dialect: Dialect, rules: readonly { id: string; when: Sql }[]): Sql {
  return dialect.listOfPresent(rules.map(({ id, when }) => sql`CASE WHEN ${when} THEN ${id} END`));
}

function recordRules(dialect: Dialect, contract: ContractSql): BrokenRule[] {
  const rawError = identifier("raw_error");
  const document = identifier("document");
  const noDocument = sql`${document} IS NULL`;
  const why = sql`coalesce(${rawError}, 'the bronze line is not JSON')`;
  const object = any([
    all([noDocument, isNotAnObject(dialect)]),
    sql`NOT coalesce(${contract.root.is("object")}, true)`,
  ]);
  return [
    { id: RECORD_RULES.json.id, when: all([noDocument, sql`NOT ${isNotAnObject(dialect)}`]), reason: why },
    {
      id: RECORD_RULES.object.id,
      when: object,
      reason: sql`coalesce(${rawError}, 'the record is not a JSON object')`,
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

function fieldRules(dialect: Dialect, item: FieldSql): BrokenRule[] {
  const { name, required, sources, check, expected } = item.field;
  const found = sql`CASE WHEN ${item.isString} THEN ${dialect.jsonString(item.text)} ELSE ${item.text} END`;
  const shown = sql`substr(${found}, 1, ${LONGEST_VALUE_SHOWN})`;
  const rules: BrokenRule[] = [];
  if (required) {
    const reason = sql`${describeMissing(name, sources)}`;
    rules.push({ id: requiredRule(name), when: sql`${item.source} IS NULL`, reason });
  }
  if (check.kind !== "any") {
    const must = sources.map((source, index) => {
      const text = `${describeSource(source)} must be ${describeCheck(check)}, found `;
      return sql`WHEN ${item.source} = ${index} THEN ${text}`;
    });
    rules.push({ id: validRule(name), when: isWrong(item), reason: sql`CASE ${join(must, sql` `)} END || ${shown}` });
  }
  if (expected !== null) {
    const present = sql`${item.source} IS NOT NULL AND NOT ${isWrong(item)}`;
    const reason = sql`${`"${name}" should be ${describeCheck(expected)}, found `} || ${shown}`;
    rules.push({ id: expectedRule(name), when: sql`(${present} AND NOT coalesce(${item.expected}, false))`, reason });
  }
  return rules;
}

function computedRules({ name, negative }: ComputedSql): BrokenRule[] {
  return negative === null
    ? []
    : [{ id: negativeRule(name), when: negative, reason: sql`${`"${name}" would be negative`}` }];
}

function rulesOverFields(dialect: Dialect, dataset: Dataset, contract: ContractSql): BrokenRule[] {
  const types = fieldTypes(dataset.fields);
  return dataset.recordRules.map(({ id, condition }) => ({
    id,
    when: breaksConditionSql(dialect, parseCondition(condition, types), columnsOf(dialect, contract)),
    reason: sql`${`the record must keep ${condition}`}`,
  }));
}

function retiredRule(when: Sql): BrokenRule {
  const reason = sql`'the record belongs to the day ' || time_day || ', whose silver is retired'`;
  return { id: RECORD_RULES.retiredDay.id, when, reason };
}
