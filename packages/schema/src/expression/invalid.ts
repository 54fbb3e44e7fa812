import { SchemaError } from "../errors.ts";

const LONGEST_SHOWN = 60;

/** What is wrong with an expression. `start` counts UTF-16 units from 0, as strings are indexed. */
export interface Problem {
  readonly start: number;
  readonly expected: string;
  readonly found: string;
  /** What to do about it, as a sentence. */
  readonly advice?: string;
}

/** The error of an expression that cannot be used; its facts say the position in characters from 1. */
export function invalid(text: string, { start, expected, found, advice }: Problem): SchemaError {
  const position = [...text.slice(0, start)].length + 1;
  const message = `The expression ${excerpt(text, start)} is wrong at character ${position}: expected ${expected}, found ${found}.`;
  return new SchemaError("EXPRESSION_INVALID", advice === undefined ? message : `${message} ${advice}`, {
    position,
    expected,
    found,
  });
}

/** Text in quotes, cut when it is long. */
export function shown(text: string): string {
  const characters = [...text];
  return JSON.stringify(characters.length > LONGEST_SHOWN ? `${characters.slice(0, LONGEST_SHOWN).join("")}…` : text);
}

function excerpt(text: string, start: number): string {
  const from = Math.max(0, start - LONGEST_SHOWN);
  const to = Math.min(text.length, start + LONGEST_SHOWN);
  return JSON.stringify(`${from > 0 ? "…" : ""}${text.slice(from, to).toWellFormed()}${to < text.length ? "…" : ""}`);
}
