import type { Dialect } from "../../dialect.ts";
import { identifier, join, type Sql, sql } from "../../sql/sql.ts";
import {
  compacted,
  encodedString,
  isJson,
  itemTexts,
  jsonIs,
  memberKeys,
  memberTexts,
  readFields,
  trimmed,
  valueAt,
} from "./json.ts";
import { bind } from "./let.ts";
import { renderSpark } from "./literal.ts";
import { javaPattern } from "./pattern.ts";
import { shortestDecimal } from "./shortest.ts";
import { day, instantText, isoInstant } from "./time.ts";

const DECIMAL_NUMBER = "^[ \\t\\n\\r\\f]*+[+-]?+(?:[0-9]++(?:[.][0-9]*+)?+|[.][0-9]++)(?:[eE][+-]?+[0-9]++)?+[ \\t\\n\\r\\f]*+\\z";

function numberOf(text: Sql): Sql {
  return sql`CASE WHEN ${text} RLIKE ${DECIMAL_NUMBER} THEN try_cast(${text} AS DOUBLE) END`;
}

/** The SQL of Spark 4, under the settings that `openSpark` gives a session. */
export const sparkDialect: Dialect = {
  name: "spark",
  render: renderSpark,

  jsonFields: readFields,
  jsonHas: (fields, index) => sql`(${fields}.raw[${index}] IS NOT NULL)`,
  jsonPresent: (fields, index) => sql`(coalesce(${fields}.raw[${index}], 'null') <> 'null')`,
  jsonIs: (fields, index, kind) => jsonIs(sql`${fields}.raw[${index}]`, kind),
  jsonText: (fields, index) => sql`${fields}.text[${index}]`,
  jsonValid: isJson,
  jsonKeyCount: (document, path) => bind("counted", valueAt(document, path), (value) => sql`size(${memberTexts(value, 1)})`),
  jsonHasRepeatedKey: (document, path) =>
    bind("object", valueAt(document, path), (value) =>
      bind("keys", memberKeys(value), (keys) => sql`(size(array_distinct(${keys})) <> size(${keys}))`),
    ),
  jsonDigest: (document) =>
    sql`sha2(concat('{', array_join(sort_array(${memberTexts(compacted(document), 0)}), ','), '}'), 256)`,
  jsonArrayLength: (document, path) => bind("array", valueAt(document, path), (value) => sql`size(${itemTexts(value)})`),
  jsonMembers: (document) => memberTexts(trimmed(document), 0),
  jsonKeys: (document) => memberKeys(trimmed(document)),
  jsonMembersNamed(members, keys, names, wanted) {
    const [member, index] = [identifier("medallion member"), identifier("medallion index")];
    const listed = sql`array_contains(${names}, ${keys}[${index}]) = ${wanted}`;
    return sql`array_join(filter(${members}, (${member}, ${index}) -> ${listed}), ',')`;
  },
  jsonString: encodedString,
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
  finiteDouble: (text) =>
    sql`CASE WHEN abs(${numberOf(text)}) < CAST('Infinity' AS DOUBLE) THEN ${numberOf(text)} END`,
  secondsText: (micros) =>
    sql`regexp_replace(CAST(CAST(${micros} AS DECIMAL(20, 0)) * CAST(0.000001 AS DECIMAL(7, 6)) AS STRING), '[.]?0+$', '')`,
  seconds: (micros) => sql`(CAST(${micros} AS DOUBLE) / 1000000)`,
  microsOfSeconds: (seconds) => sql`CAST(round(${seconds} * 1000000) AS BIGINT)`,
  integerQuotient: (dividend, divisor) => sql`(${dividend} div ${divisor})`,
  exactSum: (value) => sql`CAST(sum(CAST(${value} AS DECIMAL(38, 0))) AS STRING)`,
  decimalSum: (value) =>
    sql`CASE WHEN max(abs(${value})) * count(${value}) < 1e25
      THEN CAST(CAST(sum(${shortestDecimal(value)}) AS DECIMAL(38, 12)) AS STRING) END`,
  cast(text, type) {
    if (type === "boolean") return sql`try_cast(${text} AS BOOLEAN)`;
    // Java reads "1d" as a number too.
    return type === "double" ? numberOf(text) : sql`try_cast(${text} AS BIGINT)`;
  },
  startsWith: (text, prefix) => sql`startswith(${text}, ${prefix})`,
  endsWith: (text, suffix) => sql`endswith(${text}, ${suffix})`,
};
