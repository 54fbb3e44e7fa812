import { z } from "zod";

/** A JSON number as text, as the whole of it; the same in JavaScript, RE2 and Java. */
export const NUMERIC_TEXT_PATTERN = "^-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?$";

const pattern = new RegExp(NUMERIC_TEXT_PATTERN);

/** Whether a text is a JSON number that a double can hold. */
export function isNumericText(text: string): boolean {
  return pattern.test(text) && Number.isFinite(Number(text));
}

/** A zod schema for a string that is a number, such as `"42.5"`; see {@link numeric}. The parsed value stays the string. */
export function numericText() {
  return z.stringFormat("numeric_text", isNumericText, {
    error: (issue) => (typeof issue.input === "string" ? "must be a number, such as 42.5" : undefined),
  });
}

/**
 * A zod schema for a number, or a string that is one. In silver the field is a column of doubles, and a string becomes
 * the number that it spells.
 *
 * @example
 * const record = z.object({ metric_value: numeric() });
 */
export function numeric() {
  return z.union([z.number(), numericText()]);
}

/** Whether a schema is {@link numericText}; a format of the same name with another check is not. */
export function isNumericTextSchema(schema: z.core.$ZodType): boolean {
  return schema instanceof z.ZodCustomStringFormat && schema._zod.def.fn === isNumericText;
}
