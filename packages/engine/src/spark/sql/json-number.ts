import { type Sql, sql } from "../../sql/sql.ts";
import { bind } from "./let.ts";
import { shortestDigits } from "./shortest.ts";

const INTEGER = "^-?[0-9]+\\z";
/** Up to 15 digits are a double's shortest decimal form already, but for zeros at the end. */
const SHORT_DECIMAL = "^-?(?:0[.]0{0,5}(?:0|[1-9][0-9]{0,14})|(?=[0-9.]{3,16}\\z)[1-9][0-9]*[.][0-9]+)\\z";

/**
 * The text of a JSON number in its one canonical form: whole numbers as they are, others as the shortest decimal of
 * the double, with ".0" where it is whole and with an exponent as JavaScript would write it. A number too large for a
 * double stays as it is.
 * Source of the form: ECMA-262, Number::toString.
 */
export function canonicalNumber(text: Sql): Sql {
  return sql`CASE
    WHEN ${text} RLIKE ${INTEGER} THEN CASE WHEN ${text} = '-0' THEN '0' ELSE ${text} END
    WHEN ${text} RLIKE ${SHORT_DECIMAL} THEN regexp_replace(${text}, '([.][0-9])0+$|([.][0-9]*[1-9])0+$', '$1$2')
    WHEN abs(CAST(${text} AS DOUBLE)) = CAST('Infinity' AS DOUBLE) THEN ${text}
    ELSE concat(CASE WHEN startswith(${text}, '-') THEN '-' ELSE '' END,
      ${bind("digits", shortestDigits(sql`abs(CAST(${text} AS DOUBLE))`), placed)}) END`;
}

/** Digits without zeros at their ends, with the decimal point at its place among them. */
function placed(parts: Sql): Sql {
  const [digits, point] = [sql`${parts}.digits`, sql`${parts}.point`];
  const count = sql`length(${digits})`;
  const mantissa = sql`concat(left(${digits}, 1), CASE WHEN ${count} > 1 THEN concat('.', substr(${digits}, 2)) ELSE '' END)`;
  return sql`CASE
    WHEN ${digits} = '' THEN '0.0'
    WHEN ${point} BETWEEN ${count} AND 21 THEN concat(rpad(${digits}, ${point}, '0'), '.0')
    WHEN ${point} BETWEEN 1 AND 21 THEN concat(left(${digits}, ${point}), '.', substr(${digits}, ${point} + 1))
    WHEN ${point} BETWEEN -5 AND 0 THEN concat('0.', repeat('0', -(${point})), ${digits})
    ELSE concat(${mantissa}, 'e', CAST(${point} - 1 AS STRING)) END`;
}
