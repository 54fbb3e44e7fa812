import type { Dialect } from "../../dialect.ts";
import { identifier, join, type Sql, sql } from "../../sql/sql.ts";
import {
  compacted,
  encodedString,
  isJson,
  itemTexts,
  jsonIs,
  keysAt,
  memberKeys,
  memberTexts,
  readFields,
  valueAt,
} from "./json.ts";
import { jsonNumber, shortestText } from "./json-number.ts";
import { bind } from "./let.ts";
import { renderSpark } from "./literal.ts";
import { javaPattern } from "./pattern.ts";
import { day, instantText, isoInstant, isoInstantInUtc } from "./time.ts";

const DECIMAL_NUMBER =
  "^[ \\t\\n\\r\\f]*+[+-]?+(?:[0-9]++(?:[.][0-9]*+)?+|[.][0-9]++)(?:[eE][+-]?+[0-9]++)?+[ \\t\\n\\r\\f]*+\\z";

function numberOf(text: Sql): Sql {
  return sql`CASE WHEN ${text} RLIKE ${DECIMAL_NUMBER} THEN try_cast(${text} AS DOUBLE) END`;
}

/** The SQL of Spark 4, under the settings that `openSpark` gives a session of a time zone (an IANA name). */
export function sparkDialect(timeZone: string): Dialect {
  return timeZone === "UTC" ? { ...anyZone, isoInstant: isoInstantInUtc } : anyZone;
}

const anyZone: Dialect = {
  name: "spark",
  render: renderSpark,

  jsonFields: readFields,
  jsonTexts: (document, paths) => readFields(document, paths, new Set(paths.keys())),
  jsonHas: (fields, index) => sql`(${fields}.raw[${index}] IS NOT NULL)`,
  jsonPresent: (fields, index) => sql`(coalesce(${fields}.raw[${index}], 'null') <> 'null')`,
  jsonIs: (fields, index, kind) => jsonIs(sql`${fields}.raw[${index}]`, kind),
  jsonText: (fields, index) => sql`${fields}.text[${index}]`,
  jsonValid: isJson,
  jsonKeyCount: (document, path) => sql`size(${keysAt(document, path)})`,
  jsonHasRepeatedKey: (document, path) =>
    bind("keys", keysAt(document, path), (keys) => sql`(size(array_distinct(${keys})) <> size(${keys}))`),
  jsonDigest: (document) =>
    sql`sha2(concat('{', array_join(sort_array(${memberTexts(compacted(document), "member")}), ','), '}'), 256)`,
  digest: (text) => sql`sha2(${text}, 256)`,
  jsonArrayLength: (document, path) => sql`size(${itemTexts(valueAt(document, path))})`,
  jsonMembers: (document) => memberTexts(document, "member"),
  jsonKeys: (document) => memberKeys(document),
  jsonMembersNamed(members, keys, names, wanted) {
    const [member, index] = [identifier("medallion member"), identifier("medallion index")];
    const listed = sql`array_contains(${names}, ${keys}[${index}]) = ${wanted}`;
    return sql`array_join(filter(${members}, (${member}, ${index}) -> ${listed}), ',')`;
  },
  // Members are always found by their text here, so that there is no shorter way.
  jsonWithout: () => sql`CAST(NULL AS STRING)`,
  jsonDistinctKeyCount: (document) => sql`size(array_distinct(${memberKeys(document)}))`,
  jsonString: encodedString,
  jsonNumber,
  jsonStrings: (list) => sql`to_json(${list})`,

  listOfPresent: (items) =>
    items.length === 0 ? sql`CAST(array() AS ARRAY<STRING>)` : sql`array_compact(array(${join(items)}))`,
  unnest: (list) => sql`explode(${list})`,

  isoInstant,
  instantText,
  micros: (instant) => sql`unix_micros(${instant})`,
  instantOfMicros: (micros) => sql`timestamp_micros(${micros})`,
  day,

  characterCount: (text) => sql`length(${text})`,
  matches: (text, pattern) => sql`(${text} RLIKE ${javaPattern(pattern)})`,
  finiteDouble: (text) => sql`CASE WHEN abs(${numberOf(text)}) < CAST('Infinity' AS DOUBLE) THEN ${numberOf(text)} END`,
  secondsText: (micros) =>
    sql`regexp_replace(CAST(CAST(${micros} AS DECIMAL(20, 0)) * CAST(0.000001 AS DECIMAL(7, 6)) AS STRING), '[.]?0+$', '')`,
  seconds: (micros) => sql`(CAST(${micros} AS DOUBLE) / 1000000)`,
  microsOfSeconds: (seconds) => sql`CAST(round(${seconds} * 1000000) AS BIGINT)`,
  integerQuotient: (dividend, divisor) => sql`(${dividend} div ${divisor})`,
  exactSum: (value) => sql`CAST(sum(CAST(${value} AS DECIMAL(38, 0))) AS STRING)`,
  decimalSum: (value) =>
    sql`CASE WHEN max(abs(${value})) * count(${value}) < 1e25
      THEN CAST(CAST(sum(try_cast(${shortestText(value)} AS DECIMAL(38, 12))) AS DECIMAL(38, 12)) AS STRING) END`,
  cast(text, type) {
    if (type === "boolean") return sql`try_cast(${text} AS BOOLEAN)`;
    // Java reads "1d" as a number too.
    return type === "double" ? numberOf(text) : sql`try_cast(${text} AS BIGINT)`;
  },
  startsWith: (text, prefix) => sql`startswith(${text}, ${prefix})`,
  endsWith: (text, suffix) => sql`endswith(${text}, ${suffix})`,
  textBefore: (text, other) => sql`substring_index(${text}, ${other}, 1)`,
  concat: (texts) => sql`concat(${join(texts)})`,
  joined: (text) => sql`array_join(collect_list(${text}), '')`,
};
