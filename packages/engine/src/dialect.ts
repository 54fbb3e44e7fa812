import type { Sql } from "./sql/sql.ts";

/** A JSON value's kind. */
export type JsonKind = "string" | "number" | "boolean" | "object" | "array";

/** Member names from the root of a document to a value. */
export type JsonPath = readonly string[];

/**
 * The SQL that differs between engines, by meaning. Every method takes and gives fragments; instants are the engine's
 * own timestamp type with microseconds, in UTC. `document` is always well-formed JSON text or null.
 */
export interface Dialect {
  readonly name: string;

  /** The statement's text, with every identifier and value quoted. The only way from {@link Sql} to text. */
  render(statement: Sql): string;

  /**
   * Reads several values of a document in one pass, for `jsonHas`, `jsonIs` and `jsonText`, which take its result.
   * @param texts the indexes of the paths of which `jsonText` is asked
   */
  jsonFields(document: Sql, paths: readonly JsonPath[], texts: ReadonlySet<number>): Sql;
  /** As `jsonFields`, for `jsonText` only. */
  jsonTexts(document: Sql, paths: readonly JsonPath[]): Sql;
  /** Whether the member is there, be it null. */
  jsonHas(fields: Sql, index: number): Sql;
  /** Whether the value is there and not null. */
  jsonPresent(fields: Sql, index: number): Sql;
  /** Whether the value is of a kind; false or null when it is absent. */
  jsonIs(fields: Sql, index: number, kind: JsonKind): Sql;
  /** A string's characters, the JSON text of any other value; null when absent or null. */
  jsonText(fields: Sql, index: number): Sql;
  /** Whether text is JSON, as leniently as the engine is: for lines that bronze did not write. */
  jsonValid(text: Sql): Sql;
  /** How many members an object has, counting a repeated key each time. */
  jsonKeyCount(document: Sql, path: JsonPath): Sql;
  /** Whether a key stands twice in an object. */
  jsonHasRepeatedKey(document: Sql, path: JsonPath): Sql;
  /**
   * SHA-256, in hexadecimal, of the object `document`: of its members put in order by their text, without the white
   * space between tokens.
   */
  jsonDigest(document: Sql): Sql;
  /** The number of members of an array. */
  jsonArrayLength(document: Sql, path: JsonPath): Sql;
  /** A list of the members of the object `document`, each as its own text `"key":value`, untouched. */
  jsonMembers(document: Sql): Sql;
  /** The keys of the object `document`, decoded, in the order of its members. */
  jsonKeys(document: Sql): Sql;
  /**
   * The text of the object `document` without some of its members, the others untouched; null where the engine cannot
   * tell that it leaves them so, and `jsonMembers` has to do.
   */
  jsonWithout(document: Sql, names: readonly string[]): Sql;
  /** How many different keys an object has. */
  jsonDistinctKeyCount(document: Sql): Sql;
  /** Of a list of members, those whose key is (`wanted`) or is not in a list of strings, joined with commas. */
  jsonMembersNamed(members: Sql, keys: Sql, names: Sql, wanted: boolean): Sql;
  /** Text as a JSON string, quotes included. */
  jsonString(text: Sql): Sql;
  /** A finite double as a JSON number: a whole one without a fraction up to 15 digits, others in fewest digits. */
  jsonNumber(value: Sql): Sql;
  /** A list of strings as a JSON array. */
  jsonStrings(list: Sql): Sql;

  /** A list of the strings that are not null. */
  listOfPresent(items: readonly Sql[]): Sql;
  /** The items of a list of strings as rows. */
  unnest(list: Sql): Sql;

  /** ISO 8601 text, already known to have the right shape, as an instant; null when the date does not exist. */
  isoInstant(text: Sql): Sql;
  /** An instant as `YYYY-MM-DDThh:mm:ss.ffffffZ`. */
  instantText(instant: Sql): Sql;
  /** An instant as microseconds since the epoch. */
  micros(instant: Sql): Sql;
  /** The instant of microseconds since the epoch. */
  instantOfMicros(micros: Sql): Sql;
  /** The calendar date of an instant in the session's time zone, as `YYYYMMDD`. */
  day(instant: Sql): Sql;

  /** SHA-256 of text in UTF-8, in hexadecimal. */
  digest(text: Sql): Sql;
  /** The length of text in Unicode code points, as zod counts it. */
  characterCount(text: Sql): Sql;
  /** Whether the whole text matches a regular expression. */
  matches(text: Sql, pattern: string): Sql;
  /** Text as a finite double; null when it is none. */
  finiteDouble(text: Sql): Sql;
  /** Whole microseconds as a decimal number of seconds without trailing zeros. */
  secondsText(micros: Sql): Sql;
  /** Microseconds as seconds in a double. */
  seconds(micros: Sql): Sql;
  /** Seconds in a double as whole microseconds. */
  microsOfSeconds(seconds: Sql): Sql;
  /** The quotient without its fraction, of whole numbers that are not negative. */
  integerQuotient(dividend: Sql, divisor: Sql): Sql;
  /** The sum of whole numbers, exact at any size, as text. */
  exactSum(value: Sql): Sql;
  /**
   * The sum of doubles, each as its shortest decimal text says, to 12 decimals, as text; null when it may need more than
   * 38 digits.
   */
  decimalSum(value: Sql): Sql;
  /** A cast to a column's type that gives null where it cannot. */
  cast(text: Sql, type: "integer" | "double" | "boolean"): Sql;
  /** Whether text starts with a prefix. */
  startsWith(text: Sql, prefix: string): Sql;
  /** Whether text ends with other text. */
  endsWith(text: Sql, suffix: Sql): Sql;
  /** Text up to where other text, not empty, stands in it for the first time; all of it where that stands nowhere. */
  textBefore(text: Sql, other: Sql): Sql;
  /** Texts one after the other, of which none is null. */
  concat(texts: readonly Sql[]): Sql;
  /** An aggregate: the texts of a group's rows one after the other, in no order. */
  joined(text: Sql): Sql;
}
