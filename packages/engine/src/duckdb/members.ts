import { type Sql, sql } from "../sql/sql.ts";

const STRING = '"[^"\\\\]*(?:\\\\.[^"\\\\]*)*"';
/** Finds strings, to be kept as the first group, and white space between tokens. */
export const WHITE_SPACE = `(${STRING})|\\s+`;
const SCALAR = `(?:${STRING}|[^\\s",:{}\\[\\]]+)`;

/**
 * A pattern that finds the members of a well-formed JSON object as text, in order, when it is searched for from behind
 * the opening brace: a match swallows a whole value, so what is found next is the next member. A regular expression
 * has no recursion, so the pattern is written out to a depth.
 */
function memberPattern(depth: number): string {
  let value = SCALAR;
  for (let level = 0; level < depth; level += 1) {
    value = `(?:${STRING}|[^\\s",:{}\\[\\]]+|[{\\[](?:[\\s,:]|${value})*[}\\]])`;
  }
  return `${STRING}\\s*:\\s*${value}`;
}

/** RE2 runs a pattern of this depth at full speed; one for every depth that bronze accepts is ten times slower. */
const COMMON_DEPTH = 64;
const LARGEST_DEPTH = 513;

const commonPattern = memberPattern(COMMON_DEPTH);
const deepPattern = memberPattern(LARGEST_DEPTH);

/** The members of a well-formed object as a list of their untouched texts. */
export function membersOf(document: Sql): Sql {
  const brackets = sql`len(string_split(${document}, '{')) + len(string_split(${document}, '['))`;
  return sql`CASE WHEN ${brackets} - 2 <= ${COMMON_DEPTH}
    THEN regexp_extract_all(substr(${document}, strpos(${document}, '{') + 1), ${commonPattern})
    ELSE regexp_extract_all(substr(${document}, strpos(${document}, '{') + 1), ${deepPattern}) END`;
}
