import type { Dialect, JsonKind, JsonPath } from "../dialect.ts";
import { any, identifier, join, type Sql, sql } from "../sql/sql.ts";
import { renderDuckDb } from "./literal.ts";
import { membersOf, WHITE_SPACE } from "./members.ts";

/** DuckDB's names of a JSON value's kinds. */
const KINDS: Record<JsonKind, readonly string[]> = {
  string: ["VARCHAR"],
  number: ["UBIGINT", "BIGINT", "DOUBLE", "HUGEINT", "UHUGEINT"],
  boolean: ["BOOLEAN"],
  object: ["OBJECT"],
  array: ["ARRAY"],
};

const LARGEST_MICROS = 10n ** 18n;

const TYPES = { integer: sql`BIGINT`, double: sql`DOUBLE`, boolean: sql`BOOLEAN` };

/** Stands for a path whose text is not asked: that of the root, or of a large member, would be made in vain. */
const NO_PATH: JsonPath = [""];

/** A path as a JSON pointer (RFC 6901), in which any key can be written. */
function pointer(path: JsonPath): string {
  return path.map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function pointers(paths: readonly JsonPath[]): Sql {
  return sql`[${join(paths.map((path) => sql`${pointer(path)}`))}]`;
}

function keys(document: Sql, path: JsonPath): Sql {
  return path.length === 0 ? sql`json_keys(${document})` : sql`json_keys(${document}, ${pointer(path)})`;
}

/** The SQL of DuckDB. */
export const duckDbDialect: Dialect = {
  name: "duckdb",
  render: renderDuckDb,

  jsonFields(document, paths, texts) {
    const kinds = sql`'kinds': json_type(${document}, ${pointers(paths)})`;
    if (texts.size === 0) return sql`{${kinds}}`;
    const asked = paths.map((path, index) => (texts.has(index) ? path : NO_PATH));
    return sql`{${kinds}, 'texts': json_extract_string(${document}, ${pointers(asked)})}`;
  },
  jsonTexts: (document, paths) => sql`{'texts': json_extract_string(${document}, ${pointers(paths)})}`,
  jsonHas: (fields, index) => sql`(${fields}.kinds[${index + 1}] IS NOT NULL)`,
  jsonPresent: (fields, index) => sql`(coalesce(${fields}.kinds[${index + 1}], 'NULL') <> 'NULL')`,
  jsonIs: (fields, index, kind) => any(KINDS[kind].map((name) => sql`${fields}.kinds[${index + 1}] = ${name}`)),
  jsonText: (fields, index) => sql`${fields}.texts[${index + 1}]`,
  jsonValid: (text) => sql`json_valid(${text})`,
  jsonKeyCount: (document, path) => sql`len(${keys(document, path)})`,
  jsonHasRepeatedKey: (document, path) =>
    sql`(len(list_distinct(${keys(document, path)})) <> len(${keys(document, path)}))`,
  jsonDigest(document) {
    const compact = sql`regexp_replace(${document}, ${WHITE_SPACE}, '\\1', 'g')`;
    return sql`sha256('{' || array_to_string(list_sort(${membersOf(compact)}), ',') || '}')`;
  },
  jsonArrayLength: (document, path) => sql`json_array_length(${document}, ${pointer(path)})`,
  jsonMembers: membersOf,
  jsonKeys: (document) => keys(document, []),
  jsonWithout(document, names) {
    // Parsed and written again without a change of a byte, it is also written so when members are taken out.
    const patch = JSON.stringify(Object.fromEntries(names.map((name) => [name, null])));
    return sql`CASE WHEN CAST(json(${document}) AS VARCHAR) = ${document}
      THEN CAST(json_merge_patch(${document}, ${patch}) AS VARCHAR) END`;
  },
  jsonDistinctKeyCount: (document) => sql`len(list_distinct(${keys(document, [])}))`,
  jsonMembersNamed(members, keyList, names, wanted) {
    const [member, index] = [identifier("member"), identifier("index")];
    const listed = sql`list_contains(${names}, ${keyList}[${index}]) = ${wanted}`;
    return sql`array_to_string(list_filter(${members}, lambda ${member}, ${index}: ${listed}), ',')`;
  },
  jsonString: (text) => sql`CAST(to_json(${text}) AS VARCHAR)`,
  jsonNumber: (value) =>
    sql`CASE WHEN ${value} = floor(${value}) AND abs(${value}) < 1e15 THEN CAST(CAST(${value} AS BIGINT) AS VARCHAR)
      ELSE CAST(${value} AS VARCHAR) END`,
  jsonStrings: (list) => sql`CAST(to_json(${list}) AS VARCHAR)`,

  listOfPresent: (items) => {
    const item = identifier("item");
    return items.length === 0
      ? sql`CAST([] AS VARCHAR[])`
      : sql`list_filter([${join(items)}], lambda ${item}: ${item} IS NOT NULL)`;
  },
  unnest: (list) => sql`unnest(${list})`,

  isoInstant: (text) => sql`TRY_CAST(${text} AS TIMESTAMPTZ)`,
  instantText: (instant) => sql`strftime(${instant} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')`,
  micros: (instant) => sql`epoch_us(${instant})`,
  instantOfMicros: (micros) => sql`make_timestamptz(${micros})`,
  day: (instant) => sql`strftime(${instant}, '%Y%m%d')`,

  digest: (text) => sql`sha256(${text})`,
  characterCount: (text) => sql`length(${text})`,
  matches: (text, pattern) => sql`regexp_matches(${text}, ${pattern})`,
  finiteDouble: (text) => sql`CASE WHEN isfinite(TRY_CAST(${text} AS DOUBLE)) THEN TRY_CAST(${text} AS DOUBLE) END`,
  // A decimal of 38 digits tells every number of seconds; whole numbers of 64 bits tell most of them ten times faster.
  secondsText: (micros) =>
    sql`CASE WHEN ${micros} BETWEEN 0 AND ${LARGEST_MICROS} THEN CAST(${micros} // 1000000 AS VARCHAR) || CASE WHEN ${micros} % 1000000 = 0 THEN ''
        ELSE '.' || rtrim(substr(CAST(${micros} % 1000000 + 1000000 AS VARCHAR), 2), '0') END
      ELSE rtrim(rtrim(CAST(CAST(${micros} AS DECIMAL(38, 0)) * CAST(0.000001 AS DECIMAL(7, 6)) AS VARCHAR), '0'), '.') END`,
  seconds: (micros) => sql`(CAST(${micros} AS DOUBLE) / 1000000)`,
  microsOfSeconds: (seconds) => sql`CAST(round(${seconds} * 1000000) AS BIGINT)`,
  integerQuotient: (dividend, divisor) => sql`(${dividend} // ${divisor})`,
  exactSum: (value) => sql`CAST(sum(${value}) AS VARCHAR)`,
  decimalSum: (value) =>
    sql`CASE WHEN max(abs(${value})) * count(${value}) < 1e25
      THEN CAST(sum(CASE WHEN abs(${value}) < 5e-13 THEN 0 ELSE TRY_CAST(CAST(${value} AS VARCHAR) AS DECIMAL(38, 12)) END) AS VARCHAR) END`,
  cast: (text, type) => sql`TRY_CAST(${text} AS ${TYPES[type]})`,
  startsWith: (text, prefix) => sql`starts_with(${text}, ${prefix})`,
  endsWith: (text, suffix) => sql`ends_with(${text}, ${suffix})`,
  textBefore: (text, other) => sql`split_part(${text}, ${other}, 1)`,
  concat: (texts) => sql`concat(${join(texts)})`,
  joined: (text) => sql`string_agg(${text}, '')`,
};
