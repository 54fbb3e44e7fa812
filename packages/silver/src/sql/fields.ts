import { all, any, type Dialect, identifier, type Sql, sql } from "@medallion/engine";
import type { Dataset } from "@medallion/schema";
import { columnType, type DatasetField, GIVEN_PART } from "@medallion/schema/contract";
import { type CheckContext, firstOf, instantOfText, objectPaths, predicateOf } from "./predicate.ts";
import { DocumentReader, type JsonPresence, type JsonValue } from "./reader.ts";

/** One of the names under which a field may stand in a record. */
interface FieldSource {
  readonly name: string;
  readonly value: Pick<JsonValue, "present" | "text" | "is"> & { readonly has: Sql };
  /** Whether the name belongs to the record itself and not to bronze. */
  readonly own: boolean;
}

/** A field of a contract in SQL. Columns `text.<name>` … are made by `resolvedColumns`, the rest reads them. */
export interface FieldSql {
  readonly field: DatasetField;
  readonly sources: readonly FieldSource[];
  /** The number of the source that the field was taken from, from 0; null when there is none. */
  readonly source: Sql;
  /** A string's characters, the JSON text of another value. */
  readonly text: Sql;
  readonly isString: Sql;
  /** Whether it has but one name, so that it is read from there and from no column of its own. */
  readonly isSingle: boolean;
  /** The instant, for instants only. */
  readonly instant: Sql | null;
  /** Whether the chosen value is what the schema says; false when there is none. */
  readonly valid: Sql;
  readonly expected: Sql | null;
}

/** The document reader of a data set and its fields. */
export interface ContractSql {
  readonly reader: DocumentReader;
  readonly fields: readonly FieldSql[];
  readonly byName: ReadonlyMap<string, FieldSql>;
  readonly root: JsonPresence;
  readonly ingestedAt: JsonValue;
  readonly sourceFile: JsonValue;
  /** Objects inside the record that the contract looks into. */
  readonly objects: readonly (readonly string[])[];
}

const column = (kind: string, name: string): Sql => identifier(`${kind}.${name}`);

/** Prepares the reading of a data set's fields from the columns `document`, `fields` and `ingested_text`. */
export function contractSql(dialect: Dialect, dataset: Dataset): ContractSql {
  const reader = new DocumentReader(dialect, identifier("fields"), "field");
  const context: CheckContext = { dialect, reader, document: identifier("document") };
  const fields = dataset.fields.map((field) => fieldSql(context, field));
  return {
    reader,
    fields,
    byName: new Map(fields.map((item) => [item.field.name, item])),
    root: reader.presence([]),
    ingestedAt: reader.value(["ingested_at"]),
    sourceFile: reader.value(["source_file"]),
    objects: dataset.fields.flatMap((field) => field.sources.flatMap((name) => objectPaths([name], field.check))),
  };
}

function fieldSql(context: CheckContext, field: DatasetField): FieldSql {
  const sources = field.sources.map((name): FieldSource => {
    if (name !== "ingested_at" && name !== GIVEN_PART) return { name, value: context.reader.value([name]), own: true };
    const text = identifier(name === GIVEN_PART ? "part" : "ingested_text");
    const present = sql`(${text} IS NOT NULL)`;
    return {
      name,
      own: false,
      value: { has: present, present, text, is: (kind) => (kind === "string" ? present : sql`false`) },
    };
  });
  const { name, check, expected } = field;
  const source = column("source", name);
  const isInstant = check.kind === "instant";
  const branches = (of: (source: FieldSource) => Sql) =>
    firstOf(sources.map((item, index) => ({ when: sql`${source} = ${index}`, value: of(item) })));
  const [only] = sources;
  const single = sources.length === 1 && only?.own === true ? only : null;
  const predicate = (item: FieldSource) => predicateOf(context, [item.name], check, item.value);
  const ofSources = () => (single === null ? branches(predicate) : all([single.value.present, predicate(single)]));
  return {
    field,
    sources,
    source,
    text: single === null ? column("text", name) : single.value.text,
    isString: single === null ? column("string", name) : single.value.is("string"),
    isSingle: single !== null,
    instant: isInstant ? column("instant", name) : null,
    valid: isInstant ? sql`(${column("instant", name)} IS NOT NULL)` : sql`coalesce(${ofSources()}, false)`,
    expected: expected === null ? null : branches((item) => predicateOf(context, [item.name], expected, item.value)),
  };
}

/** The columns `source.<name>`: which source each field is taken from. */
export function sourceColumns(contract: ContractSql): Sql[] {
  return contract.fields.map(({ field, sources }) => {
    const branches = sources.map(({ value }, index) => ({ when: value.present, value: sql`${index}` }));
    return sql`${firstOf(branches)} AS ${column("source", field.name)}`;
  });
}

/** The columns `text.<name>` and `string.<name>` of fields with several names: the value and whether it is a string. */
export function valueColumns(contract: ContractSql): Sql[] {
  return contract.fields.flatMap(({ field, sources, source, isSingle }) => {
    if (isSingle) return [];
    const branches = (of: (item: FieldSource) => Sql) =>
      firstOf(sources.map((item, index) => ({ when: sql`${source} = ${index}`, value: of(item) })));
    return [
      sql`${branches((item) => item.value.text)} AS ${column("text", field.name)}`,
      sql`${branches((item) => item.value.is("string"))} AS ${column("string", field.name)}`,
    ];
  });
}

/** The columns `instant.<name>` of the fields that are instants. */
export function instantColumns(dialect: Dialect, contract: ContractSql): Sql[] {
  return contract.fields.flatMap(({ text, isString, instant }) =>
    instant === null ? [] : [sql`${instantOfText(dialect, text, isString)} AS ${instant}`],
  );
}

/** A field's value in its own column of silver; null when it is absent or, being optional, wrong. */
export function columnValue(dialect: Dialect, item: FieldSql): Sql {
  const valid = column("valid", item.field.name);
  const type = columnType(item.field.check);
  switch (type) {
    case "instant":
      return item.instant ?? sql`NULL`;
    case "text":
      return sql`CASE WHEN ${valid} THEN ${item.text} END`;
    case "json":
      return sql`CASE WHEN ${valid} AND ${item.isString} THEN ${dialect.jsonString(item.text)} WHEN ${valid} THEN ${item.text} END`;
    case "integer":
      return sql`CASE WHEN ${valid} THEN ${dialect.cast(dialect.cast(item.text, "double"), "integer")} END`;
    case "double":
    case "boolean":
      return sql`CASE WHEN ${valid} THEN ${dialect.cast(item.text, type)} END`;
    default:
      return type satisfies never;
  }
}

/** The value of each field by its name, for expressions. */
export function columnsOf(dialect: Dialect, contract: ContractSql): (field: string) => Sql {
  return (name) => {
    const item = contract.byName.get(name);
    if (item === undefined) throw new TypeError(`"${name}" is no field of the contract`);
    return item.instant === null
      ? columnValue(dialect, item)
      : sql`CASE WHEN ${column("valid", name)} THEN ${item.instant} END`;
  };
}

/** The columns `valid.<name>`: whether each field that is there is what the contract says. */
export function validColumns(contract: ContractSql, time: string): Sql[] {
  const inCalendar = sql`length(time_day) = 8 AND time_day >= '00010101'`;
  return contract.fields.map(({ field, valid }) => {
    const holds = field.name === time ? sql`coalesce(${valid} AND ${inCalendar}, false)` : valid;
    return sql`${holds} AS ${column("valid", field.name)}`;
  });
}

/** The columns `wrong.<name>`, for {@link isWrong}. */
export function wrongColumns(contract: ContractSql): Sql[] {
  return contract.fields.map(({ field: { name }, source }) => {
    return sql`(${source} IS NOT NULL AND NOT ${column("valid", name)}) AS ${column("wrong", name)}`;
  });
}

/** The field is there but is not what the contract says. */
export function isWrong(item: FieldSql): Sql {
  return column("wrong", item.field.name);
}

/** Whether a member of the record is all in the columns of silver, or is null, so that nothing of it needs rescue. */
export function isConsumed(contract: ContractSql, name: string): Sql {
  const uses = contract.fields.flatMap((item) =>
    item.sources.flatMap((source, index) => {
      if (!source.own || source.name !== name) return [];
      return [all([sql`${item.source} IS NOT DISTINCT FROM ${index}`, column("valid", item.field.name)])];
    }),
  );
  const value = contract.reader.presence([name]);
  return all([value.has, any([sql`NOT ${value.present}`, ...uses])]);
}
