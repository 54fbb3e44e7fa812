import type { ColumnType } from "../column-type.ts";
import { Builder, type Operand } from "./builder.ts";
import type { Comparison, Expression } from "./expression.ts";
import { callOf, EQUATABLE, ORDERED } from "./functions.ts";
import { shown } from "./invalid.ts";
import { leafOf } from "./leaf.ts";
import { likeParts } from "./like.ts";
import { TokenCursor } from "./token-cursor.ts";

/** Parentheses and signs inside one another; more than the levels of an expression, as parentheses are not levels of it. */
const DEEPEST_NESTING = 250;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  "=": "=",
  "<>": "<>",
  "!=": "<>",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};

/** The keywords with which a test begins. */
const TESTS = ["IS", "NOT", "IN", "BETWEEN", "LIKE"];

/**
 * Reads an expression of {@link parseExpression} by recursive descent, one method for each level of precedence; each
 * gives an expression that its builder has checked.
 */
export class Parser {
  readonly #fields: ReadonlyMap<string, ColumnType>;
  readonly #builder: Builder;
  readonly #cursor: TokenCursor;
  #nesting = 0;

  constructor(text: string, fields: ReadonlyMap<string, ColumnType>) {
    this.#fields = fields;
    this.#builder = new Builder(text);
    this.#cursor = new TokenCursor(text, this.#builder);
  }

  /** The whole text as one expression. */
  whole(): Expression {
    const operand = this.#expression();
    if (this.#cursor.token.kind !== "end") this.#cursor.unexpected("an operator or the end");
    return this.#builder.alike([operand], EQUATABLE).nodes[0] ?? this.#cursor.unexpected("an expression");
  }

  /** The whole text as one condition. */
  condition(): Expression {
    const operand = this.#expression();
    if (this.#cursor.token.kind !== "end") this.#cursor.unexpected("AND, OR or the end");
    return this.#builder.as("boolean", operand);
  }

  #nested<T>(read: () => T): T {
    if (++this.#nesting > DEEPEST_NESTING) {
      const expected = `at most ${DEEPEST_NESTING} parentheses and signs inside of each other`;
      this.#builder.fail({ start: this.#cursor.token.start, expected, found: "more" });
    }
    const result = read();
    this.#nesting--;
    return result;
  }

  #expression(): Operand {
    let left = this.#conjunction();
    while (this.#cursor.take("OR")) left = this.#logic("OR", left, this.#conjunction());
    return left;
  }

  #conjunction(): Operand {
    let left = this.#negation();
    while (this.#cursor.take("AND")) left = this.#logic("AND", left, this.#negation());
    return left;
  }

  #logic(operator: "AND" | "OR", one: Operand, other: Operand): Operand {
    const [left, right] = [this.#builder.as("boolean", one), this.#builder.as("boolean", other)];
    return this.#builder.operand({ kind: "logic", type: "boolean", operator, left, right }, one.start, [one, other]);
  }

  #negation(): Operand {
    const { start } = this.#cursor.token;
    if (!this.#cursor.take("NOT")) return this.#predicate();
    const inner = this.#nested(() => this.#negation());
    const operand = this.#builder.as("boolean", inner);
    return this.#builder.operand({ kind: "not", type: "boolean", operand }, start, [inner]);
  }

  /** At most one comparison or test: `a < b < c` and `a = b IS NULL` need parentheses. */
  #predicate(): Operand {
    const value = this.#concatenation();
    const test = this.#testOf(value);
    if (test === null) return value;
    const { kind, text, start } = this.#cursor.token;
    if (kind === "symbol" ? COMPARISONS[text] === undefined : kind !== "keyword" || !TESTS.includes(text)) return test;
    const advice = "Put parentheses around the comparison that comes first.";
    return this.#builder.fail({ start, expected: "AND, OR or the end", found: shown(text), advice });
  }

  /** The comparison or test of a value that has been read; null when none follows it. */
  #testOf(value: Operand): Operand | null {
    const { kind, text } = this.#cursor.token;
    const comparison = kind === "symbol" ? COMPARISONS[text] : undefined;
    if (comparison !== undefined) return this.#comparison(value, comparison);
    if (this.#cursor.take("IS")) return this.#isNull(value);
    const negated = this.#cursor.take("NOT");
    if (this.#cursor.take("IN")) return this.#inList(value, negated);
    if (this.#cursor.take("BETWEEN")) return this.#between(value, negated);
    if (this.#cursor.take("LIKE")) return this.#like(value, negated);
    return negated ? this.#cursor.unexpected("IN, BETWEEN or LIKE") : null;
  }

  #isNull(value: Operand): Operand {
    const negated = this.#cursor.take("NOT");
    this.#cursor.need("NULL");
    if (value.node === null) this.#builder.fail({ start: value.start, expected: "a value to test", found: "NULL" });
    const node: Expression = { kind: "isNull", type: "boolean", negated, operand: value.node };
    return this.#builder.operand(node, value.start, [value]);
  }

  #comparison(one: Operand, operator: Comparison): Operand {
    this.#cursor.next();
    const other = this.#concatenation();
    const types = operator === "=" || operator === "<>" ? EQUATABLE : ORDERED;
    const [left, right] = this.#builder.comparable([one, other], types);
    if (left === undefined || right === undefined) return this.#cursor.unexpected("a value");
    return this.#builder.operand({ kind: "compare", type: "boolean", operator, left, right }, one.start, [one, other]);
  }

  #inList(left: Operand, negated: boolean): Operand {
    const members = this.#list();
    const [operand, ...items] = this.#builder.comparable([left, ...members], EQUATABLE);
    if (operand === undefined) return this.#cursor.unexpected("a value");
    const node: Expression = { kind: "in", type: "boolean", negated, operand, items };
    return this.#builder.operand(node, left.start, [left, ...members]);
  }

  /** Expressions in parentheses, one at least. */
  #list(): Operand[] {
    this.#cursor.need("(");
    const items = [this.#nested(() => this.#expression())];
    while (this.#cursor.take(",")) items.push(this.#nested(() => this.#expression()));
    this.#cursor.need(")");
    return items;
  }

  #between(left: Operand, negated: boolean): Operand {
    const from = this.#concatenation();
    this.#cursor.need("AND");
    const to = this.#concatenation();
    const [operand, low, high] = this.#builder.comparable([left, from, to], ORDERED);
    if (operand === undefined || low === undefined || high === undefined) return this.#cursor.unexpected("a value");
    const node: Expression = { kind: "between", type: "boolean", negated, operand, low, high };
    return this.#builder.operand(node, left.start, [left, from, to]);
  }

  #like(left: Operand, negated: boolean): Operand {
    const operand = this.#builder.as("text", left);
    const { start } = this.#cursor.token;
    const pattern = this.#cursor.needText("a pattern in quotes, such as 'build-%'");
    const from = this.#cursor.token.start;
    const mark = this.#cursor.take("ESCAPE") ? this.#cursor.needText("one character in quotes, such as '!'") : null;
    if (mark !== null && ([...mark].length !== 1 || mark === "%" || mark === "_")) {
      this.#builder.fail({ start: from, expected: "one character that is neither % nor _", found: shown(mark) });
    }
    if (likeParts(pattern, mark) === null) {
      const expected = `%, _ or ${mark} after each ${mark} of the pattern`;
      this.#builder.fail({ start, expected, found: shown(pattern) });
    }
    const node: Expression = { kind: "like", type: "boolean", negated, operand, pattern, escape: mark };
    return this.#builder.operand(node, left.start, [left]);
  }

  #concatenation(): Operand {
    let one = this.#sum();
    while (this.#cursor.take("||")) {
      const other = this.#sum();
      const [left, right] = [this.#builder.as("text", one), this.#builder.as("text", other)];
      one = this.#builder.operand({ kind: "concatenate", type: "text", left, right }, one.start, [one, other]);
    }
    return one;
  }

  #sum(): Operand {
    let left = this.#product();
    for (;;) {
      if (this.#cursor.take("+")) left = this.#arithmetic("+", left, this.#product());
      else if (this.#cursor.take("-")) left = this.#arithmetic("-", left, this.#product());
      else return left;
    }
  }

  #product(): Operand {
    let left = this.#signed();
    for (;;) {
      if (this.#cursor.take("*")) left = this.#arithmetic("*", left, this.#signed());
      else if (this.#cursor.take("/")) left = this.#arithmetic("/", left, this.#signed());
      else return left;
    }
  }

  #arithmetic(operator: "+" | "-" | "*" | "/", one: Operand, other: Operand): Operand {
    const [left, right] = [this.#builder.as("number", one), this.#builder.as("number", other)];
    const node: Expression = { kind: "arithmetic", type: "number", operator, left, right };
    return this.#builder.operand(node, one.start, [one, other]);
  }

  #signed(): Operand {
    const { start } = this.#cursor.token;
    if (!this.#cursor.take("-")) return this.#primary();
    const inner = this.#nested(() => this.#signed());
    const operand = this.#builder.as("number", inner);
    return this.#builder.operand({ kind: "negate", type: "number", operand }, start, [inner]);
  }

  #primary(): Operand {
    const { kind, text, value, start } = this.#cursor.token;
    if (this.#cursor.take("(")) {
      const inner = this.#nested(() => this.#expression());
      this.#cursor.need(")");
      return { ...inner, start };
    }
    if (this.#cursor.take("CASE")) return this.#nested(() => this.#cases(start));
    if (this.#cursor.take("NULL")) return this.#builder.operand(null, start);
    const expected = "a field, a literal or (";
    if (kind === "symbol" || kind === "end") return this.#cursor.unexpected(expected);
    if (kind === "keyword" && text !== "TRUE" && text !== "FALSE") {
      const advice = `A field of this name is written "${value}".`;
      return this.#builder.fail({ start, expected, found: shown(text), advice });
    }
    const token = this.#cursor.next();
    if (kind === "word" && this.#cursor.isAt("(")) return callOf(this.#builder, text, start, this.#list());
    return this.#builder.operand(leafOf(this.#builder, this.#fields, token), start);
  }

  #cases(start: number): Operand {
    const whens: Operand[] = [];
    const values: Operand[] = [];
    while (this.#cursor.take("WHEN")) {
      whens.push(this.#expression());
      this.#cursor.need("THEN");
      values.push(this.#expression());
    }
    if (whens.length === 0) this.#cursor.unexpected("WHEN");
    const last = this.#cursor.take("ELSE") ? this.#expression() : null;
    this.#cursor.need("END");
    const all = last === null ? values : [...values, last];
    const { type, nodes } = this.#builder.alike(all, EQUATABLE);
    const branches = whens.flatMap((when, index) => {
      const value = nodes[index];
      return value === undefined ? [] : [{ when: this.#builder.as("boolean", when), value }];
    });
    const otherwise = last === null ? null : (nodes.at(-1) ?? null);
    const node: Expression = { kind: "case", type, branches, otherwise };
    return this.#builder.operand(node, start, [...whens, ...all]);
  }
}
