import { type Dialect, identifier, join, type Sql, sql } from "@medallion/engine";
import type { Day } from "@medallion/lake/time";
import type { Dataset } from "@medallion/schema";
import { knownNames, shapeValues } from "../profile/shape.ts";
import { computedSql, digestColumns, expressionColumns, spanColumns } from "./computed.ts";
import { documentsOf, wrapperValues } from "./documents.ts";
import {
  columnValue,
  contractSql,
  instantColumns,
  sourceColumns,
  validColumns,
  valueColumns,
  wrongColumns,
} from "./fields.ts";
import { instantOfText } from "./predicate.ts";
import { DocumentReader } from "./reader.ts";
import { bodyOf, bronzeEndColumns, recordText, timeText } from "./record-text.ts";
import { type BrokenRule, verdictOf } from "./verdict.ts";

/** Columns of staged records beside those of silver; their prefix keeps them apart from any field. */
export const STAGED = {
  file: "medallion.file",
  /**
   * The partition: the day of the record's time, or of its ingestion where the time is not valid; null when the line
   * could not be read.
   */
  day: "medallion.day",
  /** The day of ingestion of a record that is set aside; null when it is not. */
  ingestedDay: "medallion.ingested_day",
  /** The rule for which the record is set aside; null when it is not. */
  rule: "medallion.rule",
  /** All rules for which it is set aside, as a list; null when it is not. */
  rules: "medallion.rules",
  /** The rules of severity `warn` that it breaks, as a list; null when there is none. */
  warnings: "medallion.warnings",
  /** The silver line up to `processed_at`; for a record set aside, its quarantine line. */
  line: "medallion.line",
} as const;

/** The columns of silver in Parquet, in order. */
export function silverColumns(dataset: Dataset): string[] {
  const computed = Object.keys(dataset.computed);
  const added = ["ingested_at", "source_file", "processed_at", "_rescued_data"];
  return [...dataset.fields.map(({ name }) => name), ...computed, ...added];
}

/** What a staging query is made of. */
export interface StageOptions {
  /** The relation (line, file, part). */
  readonly lines: Sql;
  /** Whether every line is known to be JSON. */
  readonly trusted: boolean;
  /** When the run took place, in microseconds since the epoch. */
  readonly processedAt: bigint;
  /** Days whose silver is retired: records that belong to them are set aside. Default: none. */
  readonly retiredDays?: readonly Day[];
  /**
   * Rules that were checked outside of the engine, and the lines that break some of them: JSON objects with the SHA-256 of
   * the bronze line as `digest` and a reason under the id of each broken rule. Default: none.
   */
  readonly external?: ExternalRules | null;
}

/** Rules that are checked before a promotion, not by the engine. */
export interface ExternalRules {
  readonly rules: readonly string[];
  /** A relation (line, …) of JSON objects. */
  readonly lines: Sql;
}

/**
 * The query that reads, checks and completes bronze lines: one row a line, with the columns {@link STAGED} and those of
 * silver. It is a chain of selects, of which each adds columns that the next one reads.
 */
export function stageQuery(dialect: Dialect, dataset: Dataset, options: StageOptions): Sql {
  const contract = contractSql(dialect, dataset);
  const computed = computedSql(dialect, dataset, contract);
  const text = recordText(dialect, dataset, contract, computed);
  const external = options.external ?? null;
  const violations = externalViolations(dialect, external);
  const retired = isRetired(dataset, options.retiredDays ?? []);
  const verdict = verdictOf(dialect, dataset, contract, computed, { retired, broken: violations.broken });
  const wrapper = wrapperValues(dialect);
  const document = identifier("document");
  const rule = identifier("rule");
  // A line that was to be JSON and is none has come as null, and no text of it is there to be set aside.
  const isLost = sql`line IS NULL`;
  const ingestedDay = sql`coalesce(${dialect.day(identifier("ingested_at"))}, ${dayOfFile()})`;
  const ofLine = (inWrapper: Sql, inRecord: Sql) => sql`CASE WHEN wrapped THEN ${inWrapper} ELSE ${inRecord} END`;
  const time = identifier(`instant.${dataset.time}`);
  const shape = shapeValues(contract.reader, knownNames(dataset));
  const isRecord = sql`coalesce(${contract.root.is("object")}, false) AND NOT repeated_key`;
  const derived: (readonly Sql[])[] = [
    [
      sql`${ofLine(wrapper.ingestedAt.text, contract.ingestedAt.text)} AS ingested_text`,
      sql`${ofLine(wrapper.sourceFile.text, contract.sourceFile.text)} AS source_text`,
    ],
    [sql`${instantOfText(dialect, identifier("ingested_text"))} AS ingested_at`, ...sourceColumns(contract)],
    valueColumns(contract),
    instantColumns(dialect, contract),
    [sql`${dialect.day(time)} AS time_day`],
    ...bronzeEndColumns(dialect),
    validColumns(contract, dataset.time),
    [
      ...wrongColumns(contract),
      ...spanColumns(dialect, dataset, contract),
      sql`${dialect.instantText(time)} AS ${timeText}`,
      sql`${bodyOf(dialect)} AS body`,
    ],
    [...digestColumns(dialect, dataset, contract), ...expressionColumns(dialect, dataset, contract)],
    ...text.steps,
    [sql`${verdict.rule} AS ${rule}`],
    [
      sql`${verdict.rules} AS ${identifier("rules")}`,
      sql`${verdict.reason} AS reason`,
      sql`${verdict.warnings} AS warnings`,
    ],
  ];
  // What is read comes first, but is known last.
  const steps = [
    [
      sql`${contract.reader.read(document)} AS fields`,
      sql`CASE WHEN document IS NOT NULL THEN ${dialect.jsonKeyCount(document, [])} END AS key_count`,
    ],
    contract.reader.columns(),
    ...derived,
  ];
  const chain = steps.reduce(
    (from, columns) => (columns.length === 0 ? from : sql`(SELECT *, ${join(columns)} FROM ${from})`),
    sql`(${documentsOf(dialect, options.lines, options.trusted, violations.relation)})`,
  );
  const as = (value: Sql, name: string) => sql`${value} AS ${identifier(name)}`;
  return sql`SELECT ${join([
    as(sql`file`, STAGED.file),
    as(
      sql`CASE WHEN ${isLost} THEN NULL WHEN ${identifier(`valid.${dataset.time}`)} THEN time_day ELSE ${ingestedDay} END`,
      STAGED.day,
    ),
    as(sql`CASE WHEN ${rule} IS NOT NULL THEN ${ingestedDay} END`, STAGED.ingestedDay),
    as(rule, STAGED.rule),
    as(identifier("rules"), STAGED.rules),
    as(sql`warnings`, STAGED.warnings),
    as(sql`CASE WHEN ${rule} IS NULL THEN ${text.line} ELSE ${quarantineLine(dialect, dataset)} END`, STAGED.line),
    ...contract.fields.map((item) => as(columnValue(dialect, item), item.field.name)),
    ...computed.map(({ name, value }) => as(value, name)),
    as(sql`ingested_at`, "ingested_at"),
    as(sql`source_text`, "source_file"),
    as(dialect.instantOfMicros(sql`${options.processedAt}`), "processed_at"),
    as(text.rescued, "_rescued_data"),
    ...shape.map(({ column, value }) => as(sql`CASE WHEN ${isRecord} THEN ${value} END`, column)),
  ])} FROM ${chain}`;
}

function externalViolations(dialect: Dialect, external: ExternalRules | null) {
  if (external === null) return { relation: null, broken: [] };
  const reader = new DocumentReader(dialect, identifier("violations"));
  const digest = reader.value(["digest"]).text;
  const broken = external.rules.map((id): BrokenRule => {
    const reason = reader.value([id]);
    return { id, when: sql`coalesce(${reason.present}, false)`, reason: reason.text };
  });
  const read = sql`(SELECT ${reader.read(identifier("line"))} AS violations FROM ${external.lines} AS x)`;
  return { relation: sql`(SELECT ${digest} AS digest, violations FROM ${read} AS y)`, broken };
}

function isRetired(dataset: Dataset, days: readonly Day[]): Sql | null {
  if (days.length === 0) return null;
  const list = join(days.map((day) => sql`${day}`));
  return sql`(${identifier(`valid.${dataset.time}`)} AND coalesce(time_day IN (${list}), false))`;
}

/** A bronze file is named for its day: `…20251127.jsonl`. */
function dayOfFile(): Sql {
  return sql`substr(file, length(file) - 13, 8)`;
}

function quarantineLine(dialect: Dialect, dataset: Dataset): Sql {
  const { raw, rawBase64 } = wrapperValues(dialect);
  const own = sql`CASE WHEN document IS NULL THEN line ELSE body || '}' END`;
  const kept = sql`CASE
    WHEN wrapped AND ${rawBase64.present} THEN '"raw_base64":' || ${dialect.jsonString(rawBase64.text)}
    ELSE '"raw":' || ${dialect.jsonString(sql`CASE WHEN wrapped THEN ${raw.text} ELSE ${own} END`)} END`;
  const source = identifier("source_text");
  return sql`'{"rule":' || ${dialect.jsonString(identifier("rule"))}
    || ',"reason":' || ${dialect.jsonString(sql`coalesce(reason, '')`)}
    || ',"rules":' || ${dialect.jsonStrings(identifier("rules"))}
    || ${`,"dataset":${JSON.stringify(dataset.name)}`}
    || ',"ingested_at":' || coalesce(${dialect.jsonString(identifier("ingested_text"))}, 'null')
    || coalesce(',"source_file":' || ${dialect.jsonString(source)}, '')
    || ',"file":' || ${dialect.jsonString(identifier("file"))}
    || ',' || ${kept} || '}'`;
}
