import type { Builder } from "./builder.ts";
import { shown } from "./invalid.ts";
import { type Token, tokensOf } from "./lexer.ts";

/** Where reading stands in the tokens of an expression. */
export class TokenCursor {
  readonly #tokens: readonly Token[];
  readonly #builder: Builder;
  #index = 0;

  /** @throws SchemaError EXPRESSION_INVALID as {@link tokensOf} */
  constructor(text: string, builder: Builder) {
    this.#tokens = tokensOf(text);
    this.#builder = builder;
  }

  /** The token that is read next. */
  get token(): Token {
    return this.#tokens[this.#index] ?? { kind: "end", text: "", value: "", start: 0 };
  }

  /** Whether the next token is this keyword or symbol. */
  isAt(text: string): boolean {
    const { kind } = this.token;
    return (kind === "keyword" || kind === "symbol") && this.token.text === text;
  }

  /** Goes on behind the next token, and returns it. */
  next(): Token {
    const { token } = this;
    this.#index++;
    return token;
  }

  /** Goes on behind the next token if it is this keyword or symbol. */
  take(text: string): boolean {
    const found = this.isAt(text);
    if (found) this.#index++;
    return found;
  }

  /** Goes on behind this keyword or symbol, which must come next. */
  need(text: string): void {
    if (!this.take(text)) this.unexpected(text);
  }

  /** The value of a text in quotes, which must come next. */
  needText(expected: string): string {
    if (this.token.kind !== "text") this.unexpected(expected);
    return this.next().value;
  }

  /** Says that the next token is not what was expected. */
  unexpected(expected: string): never {
    const { kind, text, start } = this.token;
    return this.#builder.fail({ start, expected, found: kind === "end" ? "the end" : shown(text) });
  }
}
