import { invalid, shown } from "./invalid.ts";

/** The longest expression, in UTF-16 units. */
const LONGEST_EXPRESSION = 10_000;

/** A word, literal or sign of an expression. `value` is what a text or a quoted name stands for. */
export interface Token {
  readonly kind: "number" | "text" | "word" | "keyword" | "name" | "symbol" | "end";
  /** As it was written; keywords in capitals. */
  readonly text: string;
  readonly value: string;
  readonly start: number;
}

/** The words that are no field names unless they are quoted. */
const KEYWORDS = new Set("AND BETWEEN CASE ELSE END ESCAPE FALSE IN IS LIKE NOT NULL OR THEN TRUE WHEN".split(" "));

const BLANK = /[ \t\r\n]*/y;
const COMMENT = /--|\/\*/y;
const PATTERNS = [
  ["number", /[0-9]+(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?(?![A-Za-z0-9_.])/y],
  ["text", /'(?:[^']|'')*'/y],
  ["name", /"(?:[^"]|"")+"/y],
  ["word", /[A-Za-z_][A-Za-z0-9_]*/y],
  ["symbol", /<>|!=|<=|>=|\|\||[=<>+\-*/(),]/y],
] as const;

/** Whether a field's name can stand in an expression without quotes. */
export function isBareName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !KEYWORDS.has(name.toUpperCase());
}

/**
 * The tokens of an expression; the last one is its end.
 *
 * @throws SchemaError EXPRESSION_INVALID when the text is too long or holds what is no token
 */
export function tokensOf(text: string): Token[] {
  if (text.length > LONGEST_EXPRESSION) {
    const expected = `at most ${LONGEST_EXPRESSION} characters`;
    const advice = "Split it into computed fields.";
    throw invalid(text, { start: LONGEST_EXPRESSION, expected, found: `${text.length}`, advice });
  }
  const tokens: Token[] = [];
  let start = 0;
  for (;;) {
    start += matchAt(BLANK, text, start)?.length ?? 0;
    if (start === text.length) return [...tokens, { kind: "end", text: "", value: "", start }];
    const token = tokenAt(text, start);
    tokens.push(token);
    start += token.text.length;
  }
}

function tokenAt(text: string, start: number): Token {
  if (matchAt(COMMENT, text, start) !== null) {
    const expected = "an expression without comments";
    throw invalid(text, {
      start,
      expected,
      found: shown(text.slice(start, start + 2)),
      advice: "Write -(-x) for two signs.",
    });
  }
  for (const [kind, pattern] of PATTERNS) {
    const found = matchAt(pattern, text, start);
    if (found === null) continue;
    if (kind === "word" && KEYWORDS.has(found.toUpperCase())) {
      return { kind: "keyword", text: found.toUpperCase(), value: found, start };
    }
    if (!found.isWellFormed()) {
      throw invalid(text, { start, expected: "Unicode text", found: "half a surrogate pair" });
    }
    return { kind, text: found, value: kind === "text" || kind === "name" ? unquoted(found) : found, start };
  }
  throw invalid(text, { start, ...noToken(text, start) });
}

function noToken(text: string, start: number): { expected: string; found: string; advice?: string } {
  const found = [...text.slice(start, start + 2)][0] ?? "";
  if (found === "'")
    return { expected: "a closing '", found: "the end", advice: "A quote inside of text is doubled: ''." };
  if (found === '"') return { expected: 'a name and a closing "', found: "none" };
  if (/[0-9]/.test(found))
    return { expected: "a number such as 42 or 0.5", found: shown(text.slice(start, start + 20)) };
  return { expected: "a field, a literal or an operator", found: shown(found.toWellFormed()) };
}

function unquoted(text: string): string {
  const quote = text.charAt(0);
  return text.slice(1, -1).replaceAll(quote + quote, quote);
}

function matchAt(pattern: RegExp, text: string, start: number): string | null {
  pattern.lastIndex = start;
  return pattern.exec(text)?.[0] ?? null;
}
