import { sql } from "../../sql/sql.ts";

/*
 * Patterns that find the parts of well-formed JSON text in Java's regular expressions. Every quantifier is possessive:
 * Java then repeats in a loop instead of a recursion, so that a long value needs no more stack than a short one, and never
 * goes back. Only nesting needs stack, and it is written out to a depth.
 */

/** What bronze accepts at most, and the object around it. */
const DEEPEST = 513;

const CHARACTERS = '(?:[^"\\\\]++|\\\\.)*+';
/** As `CHARACTERS`, in text without any backslash. */
const PLAIN_CHARACTERS = '[^"]*+';
/** Java clears a variable of each level before every match. */
const PLAIN_DEPTH = 8;
/** A string with its quotes. */
const STRING = `"${CHARACTERS}"`;
const SCALAR = '[^\\s",:{}\\[\\]]++';

function valuePattern(characters: string, depth: number): string {
  let inner = "";
  for (let level = 0; level < depth; level += 1)
    inner = `[{\\[](?:[^"{}\\[\\]]++|"${characters}"${inner && `|${inner}`})*+[}\\]]`;
  return `(?:"${characters}"|${SCALAR}|${inner})`;
}

function memberPattern(characters: string, depth: number): string {
  return `(?:\\G(?!^)\\s*+,|^\\s*+\\{)\\s*+(("(${characters})")\\s*+:\\s*+(${valuePattern(characters, depth)}))`;
}

const VALUE_PATTERN = valuePattern(CHARACTERS, DEEPEST);

/** Patterns too long to stand in every statement, as variables of the session. */
export const PATTERN_VARIABLES: Readonly<Record<string, string>> = {
  medallion_member: memberPattern(CHARACTERS, DEEPEST),
  medallion_plain_member: memberPattern(PLAIN_CHARACTERS, PLAIN_DEPTH),
  medallion_item: `(?:\\G(?!^)\\s*+,|^\\s*+\\[)\\s*+(${VALUE_PATTERN})`,
  medallion_whole_value: `^\\s*+${VALUE_PATTERN}\\s*+\\z`,
};

/** The members of an object, one after the other. */
export const MEMBER = sql`session.medallion_member`;
/** The members of an object without a backslash, up to the first that nests deeply; many times faster. */
export const PLAIN_MEMBER = sql`session.medallion_plain_member`;
/** The groups of a member: the whole, its key with and without the quotes, and its value. */
export const MEMBER_GROUPS = { member: 1, key: 2, keyInside: 3, value: 4 } as const;
/** The items of an array, one after the other, each as the first group. */
export const ITEM = sql`session.medallion_item`;
/** A text that is one value and nothing else. */
export const WHOLE_VALUE = sql`session.medallion_whole_value`;
/** A string, a scalar or a character of the structure. */
export const TOKEN = `${STRING}|${SCALAR}|[{}\\[\\]:,]`;
/** Finds strings, to be kept as the first group, and white space between tokens. */
export const WHITE_SPACE = `(${STRING})|\\s++`;
