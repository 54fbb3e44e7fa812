import type { ColumnType } from "../contract/check.ts";
import { Builder, type Operand } from "./builder.ts";
import { type Comparison, type Expression, expressionType } from "./expression.ts";
import { callOf, EQUATABLE, ORDERED } from "./functions.ts";
import { shown } from "./invalid.ts";
import { type Token, tokensOf } from "./lexer.ts";
import { likeParts } from "./like.ts";
import { nearest } from "./nearest.ts";

/** Parentheses and signs inside of each other; beyond the depth of an expression, as parentheses are not kept. */
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

/**
 * Reads an expression of {@link parseExpression} by recursive descent, one method for each level of precedence; each
 * gives an expression that its builder has checked.
 */
export class Parser {
  readonly #tokens: readonly Token[];
  readonly #fields: ReadonlyMap<string, ColumnType>;
  readonly #builder: Builder;
  #index = 0;
  #nesting = 0;

  constructor(text: string, fields: ReadonlyMap<string, ColumnType>) {
    this.#tokens = tokensOf(text);
    this.#fields = fields;
    this.#builder = new Builder(text);
  }

  /** The whole text as one expression. */
  whole(): Expression {
    const operand = this.#expression();
    if (this.#token.kind !== "end") this.#unexpected("an operator or the end");
    return this.#builder.alike([operand], EQUATABLE).nodes[0] ?? this.#unexpected("an expression");
  }

  /** The whole text as one condition. */
  condition(): Expression {
    const operand = this.#expression();
    if (this.#token.kind !== "end") this.#unexpected("AND, OR or the end");
    return this.#builder.as("boolean", operand);
  }

  get #token(): Token {
    return this.#tokens[this.#index] ?? { kind: "end", text: "", value: "", start: 0 };
  }

  /** Takes the next token when it is a certain keyword or symbol. */
  #take(text: string): boolean {
    const { kind } = this.#token;
    if ((kind !== "keyword" && kind !== "symbol") || this.#token.text !== text) return false;
    this.#index++;
    return true;
  }

  #need(text: string): void {
    if (!this.#take(text)) this.#unexpected(text);
  }

  #unexpected(expected: string): never {
    const { kind, text, start } = this.#token;
    return this.#builder.fail({ start, expected, found: kind === "end" ? "the end" : shown(text) });
  }

  #nested<T>(read: () => T): T {
    if (++this.#nesting > DEEPEST_NESTING) {
      const expected = `at most ${DEEPEST_NESTING} parentheses and signs inside of each other`;
      this.#builder.fail({ start: this.#token.start, expected, found: "more" });
    }
    const result = read();
    this.#nesting--;
    return result;
  }

  #expression(): Operand {
    let left = this.#conjunction();
    while (this.#take("OR")) left = this.#logic("OR", left, this.#conjunction());
    return left;
  }

  #conjunction(): Operand {
    let left = this.#negation();
    while (this.#take("AND")) left = this.#logic("AND", left, this.#negation());
    return left;
  }

  #logic(operator: "AND" | "OR", one: Operand, other: Operand): Operand {
    const [left, right] = [this.#builder.as("boolean", one), this.#builder.as("boolean", other)];
    return this.#builder.operand({ kind: "logic", type: "boolean", operator, left, right }, one.start, [one, other]);
  }

  #negation(): Operand {
    const { start } = this.#token;
    if (!this.#take("NOT")) return this.#predicate();
    const inner = this.#nested(() => this.#negation());
    const operand = this.#builder.as("boolean", inner);
    return this.#builder.operand({ kind: "not", type: "boolean", operand }, start, [inner]);
  }

  /** At most one comparison or test: `a < b < c` and `a = b IS NULL` need parentheses. */
  #predicate(): Operand {
    const left = this.#concatenation();
    const operator = this.#token.kind === "symbol" ? COMPARISONS[this.#token.text] : undefined;
    if (operator !== undefined) return this.#once(this.#comparison(left, operator));
    if (this.#take("IS")) {
      const negated = this.#take("NOT");
      this.#need("NULL");
      if (left.node === null) this.#builder.fail({ start: left.start, expected: "a value to test", found: "NULL" });
      const node: Expression = { kind: "isNull", type: "boolean", negated, operand: left.node };
      return this.#once(this.#builder.operand(node, left.start, [left]));
    }
    const negated = this.#take("NOT");
    if (this.#take("IN")) return this.#once(this.#inList(left, negated));
    if (this.#take("BETWEEN")) return this.#once(this.#between(left, negated));
    if (this.#take("LIKE")) return this.#once(this.#like(left, negated));
    return negated ? this.#unexpected("IN, BETWEEN or LIKE") : left;
  }

  #once(operand: Operand): Operand {
    const { kind, text, start } = this.#token;
    const again = kind === "symbol" ? COMPARISONS[text] !== undefined : /^(?:IS|IN|BETWEEN|LIKE|NOT)$/.test(text);
    if (!again || kind === "end" || kind === "word") return operand;
    const advice = "Put parentheses around the comparison that comes first.";
    return this.#builder.fail({ start, expected: "AND, OR or the end", found: shown(text), advice });
  }

  #comparison(one: Operand, operator: Comparison): Operand {
    this.#index++;
    const other = this.#concatenation();
    const types = operator === "=" || operator === "<>" ? EQUATABLE : ORDERED;
    const [left, right] = this.#builder.comparable([one, other], types);
    if (left === undefined || right === undefined) return this.#unexpected("a value");
    return this.#builder.operand({ kind: "compare", type: "boolean", operator, left, right }, one.start, [one, other]);
  }

  #inList(left: Operand, negated: boolean): Operand {
    const members = this.#list();
    const [operand, ...items] = this.#builder.comparable([left, ...members], EQUATABLE);
    if (operand === undefined) return this.#unexpected("a value");
    const node: Expression = { kind: "in", type: "boolean", negated, operand, items };
    return this.#builder.operand(node, left.start, [left, ...members]);
  }

  /** Expressions in parentheses, one at least. */
  #list(): Operand[] {
    this.#need("(");
    const items = [this.#nested(() => this.#expression())];
    while (this.#take(",")) items.push(this.#nested(() => this.#expression()));
    this.#need(")");
    return items;
  }

  #between(left: Operand, negated: boolean): Operand {
    const from = this.#concatenation();
    this.#need("AND");
    const to = this.#concatenation();
    const [operand, low, high] = this.#builder.comparable([left, from, to], ORDERED);
    if (operand === undefined || low === undefined || high === undefined) return this.#unexpected("a value");
    const node: Expression = { kind: "between", type: "boolean", negated, operand, low, high };
    return this.#builder.operand(node, left.start, [left, from, to]);
  }

  #like(left: Operand, negated: boolean): Operand {
    const operand = this.#builder.as("text", left);
    const { start } = this.#token;
    const pattern = this.#text("a pattern in quotes, such as 'build-%'");
    const from = this.#token.start;
    const mark = this.#take("ESCAPE") ? this.#text("one character in quotes, such as '!'") : null;
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

  #text(expected: string): string {
    const { kind, value } = this.#token;
    if (kind !== "text") this.#unexpected(expected);
    this.#index++;
    return value;
  }

  #concatenation(): Operand {
    let one = this.#sum();
    while (this.#take("||")) {
      const other = this.#sum();
      const [left, right] = [this.#builder.as("text", one), this.#builder.as("text", other)];
      one = this.#builder.operand({ kind: "concatenate", type: "text", left, right }, one.start, [one, other]);
    }
    return one;
  }

  #sum(): Operand {
    let left = this.#product();
    for (;;) {
      if (this.#take("+")) left = this.#arithmetic("+", left, this.#product());
      else if (this.#take("-")) left = this.#arithmetic("-", left, this.#product());
      else return left;
    }
  }

  #product(): Operand {
    let left = this.#signed();
    for (;;) {
      if (this.#take("*")) left = this.#arithmetic("*", left, this.#signed());
      else if (this.#take("/")) left = this.#arithmetic("/", left, this.#signed());
      else return left;
    }
  }

  #arithmetic(operator: "+" | "-" | "*" | "/", one: Operand, other: Operand): Operand {
    const [left, right] = [this.#builder.as("number", one), this.#builder.as("number", other)];
    const node: Expression = { kind: "arithmetic", type: "number", operator, left, right };
    return this.#builder.operand(node, one.start, [one, other]);
  }

  #signed(): Operand {
    const { start } = this.#token;
    if (!this.#take("-")) return this.#primary();
    const inner = this.#nested(() => this.#signed());
    const operand = this.#builder.as("number", inner);
    return this.#builder.operand({ kind: "negate", type: "number", operand }, start, [inner]);
  }

  #primary(): Operand {
    const { kind, text, value, start } = this.#token;
    if (this.#take("(")) {
      const inner = this.#nested(() => this.#expression());
      this.#need(")");
      return { ...inner, start };
    }
    if (this.#take("CASE")) return this.#nested(() => this.#cases(start));
    if (kind === "keyword" ? !["TRUE", "FALSE", "NULL"].includes(text) : kind === "symbol" || kind === "end") {
      const advice = kind === "keyword" ? `A field of this name is written "${value}".` : undefined;
      const found = kind === "end" ? "the end" : shown(text);
      this.#builder.fail({
        start,
        expected: "a field, a literal or (",
        found,
        ...(advice !== undefined && { advice }),
      });
    }
    this.#index++;
    if (text === "NULL" && kind === "keyword") return this.#builder.operand(null, start);
    if (kind === "word" && this.#token.kind === "symbol" && this.#token.text === "(") {
      return callOf(this.#builder, text, start, this.#list());
    }
    return this.#builder.operand(this.#leaf({ kind, text, value, start }), start);
  }

  #leaf(token: Token): Expression {
    const { kind, text, value, start } = token;
    if (kind === "keyword") return { kind: "literal", type: "boolean", value: text === "TRUE" };
    if (kind === "text") return { kind: "literal", type: "text", value };
    if (kind === "number") return this.#number(text, start);
    const column = this.#fields.get(value);
    if (column !== undefined) return { kind: "field", type: expressionType(column), name: value };
    const near = nearest(value, this.#fields.keys());
    const advice = near === null ? "Text is written in single quotes." : `Did you mean ${shown(near)}?`;
    return this.#builder.fail({ start, expected: "a field", found: shown(value), advice });
  }

  #number(text: string, start: number): Expression {
    const value = Number(text);
    if (Number.isFinite(value)) return { kind: "literal", type: "number", value };
    return this.#builder.fail({ start, expected: "a number that a double can hold", found: text });
  }

  #cases(start: number): Operand {
    const whens: Operand[] = [];
    const values: Operand[] = [];
    while (this.#take("WHEN")) {
      whens.push(this.#expression());
      this.#need("THEN");
      values.push(this.#expression());
    }
    if (whens.length === 0) this.#unexpected("WHEN");
    const last = this.#take("ELSE") ? this.#expression() : null;
    this.#need("END");
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
