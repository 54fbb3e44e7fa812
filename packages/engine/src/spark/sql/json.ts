import type { JsonKind, JsonPath } from "../../dialect.ts";
import { any, join, type Sql, sql } from "../../sql/sql.ts";
import { canonicalNumber } from "./json-number.ts";
import { ITEM, MEMBER, MEMBER_GROUPS, PLAIN_MEMBER, TOKEN, WHITE_SPACE, WHOLE_VALUE } from "./json-text.ts";
import { bind, mapList } from "./let.ts";

/** The characters with which the text of a value of each kind begins. */
const BEGINNINGS: Record<JsonKind, readonly string[]> = {
  string: ['"'],
  number: ["-", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
  boolean: ["t", "f"],
  object: ["{"],
  array: ["["],
};

const JSON_SPACE = " \t\r\n";
/** Values that are canonical as they stand: whole numbers and truth values. */
const CANONICAL = "^(?:true|false|0|-?[1-9][0-9]*+)\\z";
const NO_STRINGS = sql`CAST(array() AS ARRAY<STRING>)`;

export function jsonIs(raw: Sql, kind: JsonKind): Sql {
  return any(BEGINNINGS[kind].map((character) => sql`startswith(${raw}, ${character})`));
}

/** Of the members of an object the whole texts, the keys or the values as they stand; none of what is no object. */
export function memberTexts(value: Sql, of: keyof typeof MEMBER_GROUPS): Sql {
  const group = MEMBER_GROUPS[of];
  // As many as there are keys: then none nests deeper than the quicker pattern.
  return sql`CASE WHEN NOT ${hasBackslash(value)} THEN ${bind(
    "plain members",
    sql`regexp_extract_all(${value}, ${PLAIN_MEMBER}, ${group})`,
    (members) => sql`CASE WHEN size(${members}) = size(json_object_keys(${value})) THEN ${members}
      ELSE regexp_extract_all(${value}, ${MEMBER}, ${group}) END`,
  )} ELSE regexp_extract_all(${value}, ${MEMBER}, ${group}) END`;
}

/**
 * The decoded keys of an object; none of what is no object. Spark's parser gives none of an object with a key or a number
 * that is too long for it, and decodes half a surrogate pair otherwise.
 */
export function memberKeys(value: Sql): Sql {
  return sql`CASE WHEN NOT ${hasBackslash(value)}
      THEN coalesce(json_object_keys(${value}), regexp_extract_all(${value}, ${MEMBER}, ${MEMBER_GROUPS.keyInside}))
    ELSE ${mapList("key", sql`regexp_extract_all(${value}, ${MEMBER}, ${MEMBER_GROUPS.key})`, decodedString)} END`;
}

/** To look for text is quicker than to ask where it stands. */
function hasBackslash(text: Sql): Sql {
  return sql`contains(${text}, ${"\\"})`;
}

/** The items of an array as their texts; none of what is no array. */
export function itemTexts(value: Sql): Sql {
  return sql`regexp_extract_all(${value}, ${ITEM}, 1)`;
}

/** The text of the value at a path, for one question about it; null when it is absent. */
export function valueAt(document: Sql, path: JsonPath): Sql {
  return path.reduce((value, name, depth) => {
    const inside = (known: Sql) => memberOf(memberKeys(known), memberTexts(known, "value"), name);
    return depth === 0 ? inside(value) : bind(`at ${depth}`, value, inside);
  }, document);
}

/** The decoded keys of the object at a path. */
export function keysAt(document: Sql, path: JsonPath): Sql {
  return path.length === 0 ? memberKeys(document) : bind("object", valueAt(document, path), memberKeys);
}

function memberOf(keys: Sql, values: Sql, name: string): Sql {
  return sql`get(${values}, CAST(array_position(${keys}, ${name}) AS INT) - 1)`;
}

/** An object of a document that several values are read from: its keys and their values. */
interface OpenObject {
  readonly path: JsonPath;
  readonly object: Sql;
}

/**
 * The values at several paths: a struct of `raw`, their texts as they stand in the document, and `text`, a string's
 * characters or another value's canonical text, of those that are asked for. Every object on the way is taken apart once.
 */
export function readFields(document: Sql, paths: readonly JsonPath[], texts: ReadonlySet<number>): Sql {
  const parents = new Map<string, JsonPath>();
  for (const path of paths) {
    for (let length = 0; length < path.length; length += 1) {
      parents.set(JSON.stringify(path.slice(0, length)), path.slice(0, length));
    }
  }
  const sorted = [...parents.values()].sort((a, b) => a.length - b.length);
  return openAll(document, sorted, [], paths, texts);
}

function openAll(
  document: Sql,
  parents: readonly JsonPath[],
  open: readonly OpenObject[],
  paths: readonly JsonPath[],
  texts: ReadonlySet<number>,
): Sql {
  const find = (path: JsonPath) => {
    const name = path.at(-1);
    const parent = JSON.stringify(path.slice(0, -1));
    const found = open.find((item) => JSON.stringify(item.path) === parent);
    if (name === undefined || found === undefined) return sql`trim(BOTH ${JSON_SPACE} FROM ${document})`;
    return memberOf(sql`${found.object}.keys`, sql`${found.object}.texts`, name);
  };
  const [next, ...others] = parents;
  if (next === undefined) {
    const raw = paths.length === 0 ? NO_STRINGS : sql`array(${join(paths.map(find))})`;
    if (texts.size === 0) return sql`named_struct('raw', ${raw})`;
    return bind("raw", raw, (list) => {
      const asked = paths.map((_, index) => (texts.has(index) ? sql`${list}[${index}]` : sql`NULL`));
      return sql`named_struct('raw', ${list}, 'text', ${mapList("text", sql`array(${join(asked)})`, valueText)})`;
    });
  }
  const value = next.length === 0 ? document : find(next);
  const object = sql`named_struct('keys', ${memberKeys(value)}, 'texts', ${memberTexts(value, "value")})`;
  return bind(`object ${open.length}`, object, (known) =>
    openAll(document, others, [...open, { path: next, object: known }], paths, texts),
  );
}

/** A string's characters, the canonical text of another value; null for null. */
function valueText(raw: Sql): Sql {
  return sql`CASE
    WHEN startswith(${raw}, '"') THEN ${decodedString(raw)}
    WHEN ${raw} RLIKE ${CANONICAL} THEN ${raw}
    WHEN ${raw} <> 'null' THEN array_join(${mapList("token", sql`regexp_extract_all(${raw}, ${TOKEN}, 0)`, canonicalToken)}, '')
    END`;
}

function canonicalToken(token: Sql): Sql {
  return sql`CASE
    WHEN startswith(${token}, '"') THEN
      CASE WHEN NOT ${hasBackslash(token)} THEN ${token} ELSE ${encodedString(decodedString(token))} END
    WHEN ${token} RLIKE '^[-0-9]' THEN ${canonicalNumber(token)}
    ELSE ${token} END`;
}

/** The characters of a JSON string. */
function decodedString(text: Sql): Sql {
  return sql`CASE WHEN NOT ${hasBackslash(text)} THEN substr(${text}, 2, length(${text}) - 2)
    ELSE get_json_object(concat('[', ${text}, ']'), ${"\u0024[0]"}) END`;
}

/** Text as a JSON string. */
export function encodedString(text: Sql): Sql {
  const list = sql`to_json(array(${text}))`;
  return sql`CASE WHEN ${text} IS NOT NULL THEN substr(${list}, 2, length(${list}) - 2) END`;
}

/**
 * Whether text is one JSON value. The parser stops behind the first value. That nothing but white space follows is known
 * when it may stand in an array, as its one item, and in an object too: what else may follow it there differs. A pattern
 * decides where Spark's functions have limits.
 */
export function isJson(text: Sql): Sql {
  const isAlone = sql`(json_array_length(concat('[', ${text}, ']')) = 1
    AND json_object_keys(concat('{"":', ${text}, '}')) IS NOT NULL)`;
  return sql`(try_parse_json(${text}) IS NOT NULL AND (coalesce(${isAlone}, false) OR ${text} RLIKE ${WHOLE_VALUE}))`;
}

/** A document without the white space between tokens. */
export function compacted(document: Sql): Sql {
  return sql`regexp_replace(${document}, ${WHITE_SPACE}, ${"\u00241"})`;
}
