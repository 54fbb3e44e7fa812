import { all, any, type Dialect, identifier, join, type Sql, sql } from "@medallion/engine";
import type { Dataset } from "@medallion/schema";
import { BRONZE_FIELDS, GIVEN_PART, readsNumericText, SILVER_FIELDS } from "@medallion/schema/contract";
import type { ComputedSql } from "./computed.ts";
import { type ContractSql, type FieldSql, isConsumed, isWrong } from "./fields.ts";
import { hasRepeatedKey } from "./repeated-key.ts";

/** A member of the record that silver takes out of its text, and when its text must be kept beside it. */
interface TakenOut {
  readonly name: string;
  readonly when: Sql;
  readonly rescue: Sql;
}

/** A member that silver puts behind the record's own: its JSON text, and when. */
interface Appended {
  readonly name: string;
  readonly when: Sql | null;
  readonly json: Sql;
  /** Few records have it. Default: false. */
  readonly rare?: boolean;
}

const wrapped = identifier("wrapped");
/** The text of the time field as silver writes it. */
export const timeText = identifier("time_text");

const bronzeEnd = identifier("bronze_end");
const beforeEnd = identifier("before_end");

/**
 * The columns `bronze_end`, how a line that bronze has written ends, and `before_end`, what stands before it: to look
 * for an end is quicker than to count the characters up to there.
 */
export function bronzeEndColumns(dialect: Dialect): readonly (readonly Sql[])[] {
  const end = sql`(',"ingested_at":' || ${dialect.jsonString(identifier("ingested_text"))} || ',"layer":"bronze"' ||
    coalesce(',"source_file":' || ${dialect.jsonString(identifier("source_text"))}, '') || '}')`;
  return [
    [sql`${end} AS ${bronzeEnd}`],
    [sql`${dialect.textBefore(identifier("document"), bronzeEnd)} AS ${beforeEnd}`],
  ];
}

/**
 * The text of a record as it came, without the brace at its end: a wrapped record's own, another's without the fields
 * that bronze added. Bronze puts them at the end, so they are cut off there; a line that was not written so is taken
 * apart.
 */
export function bodyOf(dialect: Dialect): Sql {
  const document = identifier("document");
  const added = dialect.listOfPresent(BRONZE_FIELDS.map((name) => sql`${name}`));
  const opening = sql`instr(${document}, '{')`;
  return sql`CASE
    WHEN ${wrapped} THEN substr(${document}, ${opening}, length(trim(TRAILING ${" \t\r\n"} FROM ${document})) - ${opening})
    WHEN ${beforeEnd} || ${bronzeEnd} = ${document} THEN ${beforeEnd}
    ELSE '{' || ${dialect.jsonMembersNamed(dialect.jsonMembers(document), dialect.jsonKeys(document), added, false)} END`;
}

/** What silver makes of the text of a record, in steps: each step's columns are read by the next. */
export interface RecordTextSql {
  readonly steps: readonly (readonly Sql[])[];
  /** The silver line up to `processed_at`, without the closing brace. */
  readonly line: Sql;
  /** What Parquet has no column for, as the text of a JSON object; null when there is nothing. */
  readonly rescued: Sql;
}

/** Builds the silver text of a record from the columns `body`, `key_count` and `time_text`. */
export function recordText(
  dialect: Dialect,
  dataset: Dataset,
  contract: ContractSql,
  computed: readonly ComputedSql[],
): RecordTextSql {
  const taken = takenOut(dataset, contract, computed);
  const names = [...new Set(contract.fields.flatMap(({ field }) => field.sources))].filter(
    (name) => name !== "ingested_at" && name !== GIVEN_PART,
  );
  const objectText = identifier("object_text");
  /** Lists of names are columns of their own: inside the filter they would be made again for every member. */
  const namesOf = (items: readonly { name: string; when: Sql }[], needed: Sql, column: string) => {
    const names = dialect.listOfPresent(items.map(({ name, when }) => sql`CASE WHEN ${when} THEN ${name} END`));
    return sql`CASE WHEN ${needed} THEN ${names} END AS ${identifier(column)}`;
  };
  const named = (column: string, wanted: boolean) =>
    dialect.jsonMembersNamed(identifier("members"), identifier("member_keys"), identifier(column), wanted);
  const rescues = taken.map(({ name, rescue }) => ({ name, when: rescue }));
  const consumed = names.map((name) => ({ name, when: isConsumed(contract, name) }));
  const bronze = BRONZE_FIELDS.map((name) => all([sql`NOT ${wrapped}`, contract.reader.presence([name]).has]));
  const has = (name: string) => contract.reader.presence([name]).has;
  const knownHere = [...names.map(has), ...bronze].map((here) => sql`CAST(${here} AS INTEGER)`);
  const rest = identifier("rest");
  const restRepeats = sql`(key_count <> known_count + ${dialect.jsonDistinctKeyCount(rest)})`;
  const comma = sql`CASE WHEN ${dialect.startsWith(identifier("kept"), '{"')} THEN ','
    WHEN trim(BOTH ${" \t\r\n"} FROM substr(kept, 2)) = '' THEN '' ELSE ',' END`;
  return {
    steps: [
      [
        sql`${any(taken.map((item) => item.when))} AS takes_out`,
        sql`${any(rescues.map((item) => item.when))} AS rescues`,
        sql`${join(knownHere, sql` + `)} AS known_count`,
        sql`${any(unconsumedOf(contract, names))} AS unconsumed`,
      ],
      [sql`(NOT unconsumed AND key_count = known_count) AS all_consumed`],
      [
        sql`CASE WHEN NOT (takes_out OR all_consumed OR ${wrapped} OR unconsumed)
          THEN ${dialect.jsonWithout(identifier("document"), [...names, ...BRONZE_FIELDS])} END AS ${rest}`,
      ],
      [
        sql`CASE WHEN takes_out OR NOT (all_consumed OR ${rest} IS NOT NULL) THEN body || '}' END AS object_text`,
        sql`${hasRepeatedKey(dialect, contract, { when: sql`${rest} IS NOT NULL`, repeats: restRepeats })} AS repeated_key`,
      ],
      [
        sql`CASE WHEN object_text IS NOT NULL THEN ${dialect.jsonMembers(objectText)} END AS members`,
        sql`CASE WHEN object_text IS NOT NULL THEN ${dialect.jsonKeys(objectText)} END AS member_keys`,
        namesOf(taken, sql`takes_out`, "taken_names"),
        namesOf(rescues, sql`rescues`, "rescued_names"),
        namesOf(consumed, sql`object_text IS NOT NULL AND NOT all_consumed`, "consumed_names"),
      ],
      [
        sql`CASE WHEN takes_out THEN '{' || ${named("taken_names", false)} ELSE body END AS kept`,
        sql`CASE WHEN rescues THEN ${named("rescued_names", true)} END AS rescued_members`,
        sql`CASE WHEN object_text IS NOT NULL AND NOT all_consumed THEN ${named("consumed_names", false)} ELSE '' END AS unread`,
      ],
    ],
    line: dialect.concat([
      identifier("kept"),
      comma,
      ...appendedTexts(dialect, appended(dialect, dataset, contract, computed)),
    ]),
    rescued: sql`CASE WHEN ${rest} IS NOT NULL THEN nullif(${rest}, '{}') WHEN unread <> '' THEN '{' || unread || '}' END`,
  };
}

/** For each name, that the record has it and not all of it is in the columns of silver. */
function unconsumedOf(contract: ContractSql, names: readonly string[]): Sql[] {
  return names.map((name) => {
    const users = contract.fields.filter(({ sources }) => sources.some((source) => source.own && source.name === name));
    const [only] = users;
    if (only?.isSingle === true && users.length === 1) return isWrong(only);
    return all([contract.reader.presence([name]).has, sql`NOT ${isConsumed(contract, name)}`]);
  });
}

function takenOut(dataset: Dataset, contract: ContractSql, computed: readonly ComputedSql[]): TakenOut[] {
  const fields = contract.fields.flatMap((item): TakenOut[] => {
    const { name } = item.field;
    const { has } = contract.reader.presence([name]);
    const replaced = name === dataset.time ? sql`NOT ${timeStands(item)}` : sql`coalesce(${item.source} <> 0, false)`;
    const wrong = all([sql`coalesce(${item.source} = 0, false)`, isWrong(item)]);
    const conditions = [
      ...(item.sources.length > 1 || name === dataset.time ? [replaced] : []),
      ...(item.field.required || item.field.check.kind === "any" ? [] : [wrong]),
      ...(readsNumericText(item.field.check) ? [all([sql`coalesce(${item.source} = 0, false)`, isSpelled(item)])] : []),
    ];
    return conditions.length === 0 ? [] : [{ name, when: all([has, any(conditions)]), rescue: all([has, wrong]) }];
  });
  const set = [...computed.map(({ name }) => name), ...SILVER_FIELDS].map((name): TakenOut => {
    const { has } = contract.reader.presence([name]);
    const own = BRONZE_FIELDS.some((field) => field === name) ? all([wrapped, has]) : has;
    return { name, when: own, rescue: own };
  });
  return [...fields, ...set];
}

/** The value is a string that spells the number which silver keeps. */
function isSpelled(item: FieldSql): Sql {
  return sql`(coalesce(${item.isString}, false) AND NOT ${isWrong(item)})`;
}

/** The time stands in the record under its own name just as silver writes it. */
function timeStands(item: FieldSql): Sql {
  return sql`coalesce(${item.source} = 0 AND ${item.text} = ${timeText}, false)`;
}

function appended(
  dialect: Dialect,
  dataset: Dataset,
  contract: ContractSql,
  computed: readonly ComputedSql[],
): Appended[] {
  const source = identifier("source_text");
  const fields = contract.fields.flatMap((item): Appended[] => {
    const { name, required, check } = item.field;
    if (name === dataset.time)
      return [{ name, when: sql`NOT ${timeStands(item)}`, json: sql`'"' || ${timeText} || '"'` }];
    const isNumber = readsNumericText(check);
    const value = isNumber
      ? item.text
      : sql`CASE WHEN ${item.isString} THEN ${dialect.jsonString(item.text)} ELSE ${item.text} END`;
    const wrong = isWrong(item);
    if (item.sources.length === 1 && !isNumber)
      return required || check.kind === "any" ? [] : [{ name, when: wrong, json: sql`'null'`, rare: true }];
    const fromElsewhere = sql`coalesce(${item.source} <> 0, NOT ${contract.reader.presence([name]).has})`;
    const known = sql`${item.source} IS NOT NULL AND NOT ${wrong}`;
    return [
      {
        name,
        when: any([fromElsewhere, wrong, ...(isNumber ? [isSpelled(item)] : [])]),
        json: sql`coalesce(CASE WHEN ${known} THEN ${value} END, 'null')`,
      },
    ];
  });
  return [
    { name: "ingested_at", when: null, json: dialect.jsonString(identifier("ingested_text")) },
    { name: "source_file", when: sql`${source} IS NOT NULL`, json: dialect.jsonString(source) },
    ...fields,
    ...computed.map(({ name, json }): Appended => ({ name, when: null, json })),
    { name: "_rescued_data", when: sql`rescues`, json: sql`'{' || rescued_members || '}'` },
    { name: "layer", when: null, json: sql`'"silver"'` },
  ];
}

/** The texts of the members. Of rare ones in a row it is asked first whether there is any. */
function appendedTexts(dialect: Dialect, items: readonly Appended[]): Sql[] {
  const texts: Sql[] = [];
  let rare: { when: Sql; text: Sql }[] = [];
  const putRare = () => {
    if (rare.length === 0) return;
    const text = dialect.concat(rare.map((item) => item.text));
    texts.push(sql`CASE WHEN ${any(rare.map((item) => item.when))} THEN ${text} ELSE '' END`);
    rare = [];
  };
  for (const [index, { name, when, json, rare: isRare = false }] of items.entries()) {
    const key = sql`${`${index === 0 ? "" : ","}${JSON.stringify(name)}:`}`;
    const text = when === null ? null : sql`CASE WHEN ${when} THEN ${key} || ${json} ELSE '' END`;
    if (isRare && when !== null && text !== null) {
      rare.push({ when, text });
      continue;
    }
    putRare();
    texts.push(...(text === null ? [key, json] : [text]));
  }
  putRare();
  return texts;
}
