const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;
const LEVELS = "▁▂▃▄▅▆▇█";
const ASCII_LEVELS = "_.-=+*#@";

/** Where a picture is to be shown. */
export interface ChartTarget {
  /** Whether it is a terminal. */
  readonly isTTY?: boolean | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How a picture is drawn: `unicode` with block characters, `ascii` without, `none` not at all. */
export type ChartStyle = "unicode" | "ascii" | "none";

/**
 * How pictures are to be drawn for a target: not at all where it is no terminal; in ASCII where NO_COLOR is set
 * (https://no-color.org), where the terminal is `dumb`, and where the locale is not UTF-8.
 */
export function chartStyle(target: ChartTarget = { isTTY: process.stdout.isTTY, env: process.env }): ChartStyle {
  if (target.isTTY !== true) return "none";
  const { NO_COLOR, TERM, LC_ALL, LC_CTYPE, LANG } = target.env;
  const locale = LC_ALL || LC_CTYPE || LANG || "";
  if (TERM === "dumb" || (NO_COLOR !== undefined && NO_COLOR !== "")) return "ascii";
  return locale === "" || /utf-?8/i.test(locale) ? "unicode" : "ascii";
}

/**
 * A horizontal bar of `width` characters for a value from 0 to `max`, to the eighth of a character in Unicode.
 * A value above 0 shows at least the smallest piece; null (no value) and a `max` of 0 or less show an empty bar.
 *
 * @param width in characters; less than 1 gives ""
 * @param style `none` gives ""
 */
export function bar(value: number | null, max: number, width: number, style: ChartStyle = chartStyle()): string {
  const room = Math.floor(width);
  if (style === "none" || !(room >= 1)) return "";
  const share = value === null || !(max > 0) || !(value > 0) ? 0 : Math.min(1, value / max);
  if (style === "ascii") {
    const full = share === 0 ? 0 : Math.max(1, Math.round(share * room));
    return `${"#".repeat(full)}${".".repeat(room - full)}`;
  }
  const eighths = share === 0 ? 0 : Math.max(1, Math.round(share * room * 8));
  const full = Math.floor(eighths / 8);
  const drawn = `${"█".repeat(full)}${EIGHTHS[eighths % 8] ?? ""}`;
  return drawn.padEnd(room);
}

/**
 * A line of one character a value, as high as the value stands between the smallest and the greatest; values that are
 * all the same stand in the middle. Null (no value), NaN and infinite values are a space.
 *
 * @param style `none` gives ""
 */
export function sparkline(values: readonly (number | null)[], style: ChartStyle = chartStyle()): string {
  if (style === "none") return "";
  const levels = style === "unicode" ? LEVELS : ASCII_LEVELS;
  const known = values.filter((value) => value !== null && Number.isFinite(value));
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of known) {
    least = Math.min(least, value ?? least);
    greatest = Math.max(greatest, value ?? greatest);
  }
  const top = levels.length - 1;
  return values
    .map((value) => {
      if (value === null || !Number.isFinite(value)) return " ";
      const level = greatest === least ? Math.floor(top / 2) : Math.round(((value - least) / (greatest - least)) * top);
      return levels[level] ?? " ";
    })
    .join("");
}
