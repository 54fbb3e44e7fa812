import { type Sql, sql } from "../../sql/sql.ts";
import { bind } from "./let.ts";

const INTEGER = "^-?[0-9]+\\z";
/** Up to 15 digits are a double's shortest decimal form already, but for zeros at the end. */
const SHORT_DECIMAL = "^-?(?:0[.]0{0,5}(?:0|[1-9][0-9]{0,14})|(?=[0-9.]{3,16}\\z)[1-9][0-9]*[.][0-9]+)\\z";
const ZEROS_AT_END = "([.][0-9])0+$|([.][0-9]*[1-9])0+$";
const ZEROS_BEFORE_EXPONENT = "(?:[.]0+|([.][0-9]*[1-9])0+)(?=e)";
/** Zeros at the end of the digits, and a plus and zeros in the exponent. */
const LONG_EXPONENT = "(?:[.]0+|([.][0-9]*[1-9])0*)?e[+]?(-?)0*";

/**
 * The text of a JSON number in its one canonical form: whole numbers as they are, others as the shortest decimal of
 * the double, with ".0" where it is whole and with an exponent as JavaScript would write it. A number too large for a
 * double stays as it is.
 * Source of the form: ECMA-262, Number::toString.
 */
export function canonicalNumber(text: Sql): Sql {
  const size = sql`abs(CAST(${text} AS DOUBLE))`;
  const exotic = bind("shortest", shortestText(sql`CAST(${text} AS DOUBLE)`), (shortest) => {
    // A double of 2^53 or more is whole; 22 decimals hold the 17 digits of every smaller one.
    return sql`CASE WHEN ${size} >= 1e21 OR ${size} < 1e-6 THEN regexp_replace(${shortest}, ${LONG_EXPONENT}, '$1e$2')
      WHEN ${size} >= 1e16 THEN concat(CAST(CAST(${shortest} AS DECIMAL(38, 0)) AS STRING), '.0')
      ELSE ${plainText(shortest)} END`;
  });
  return sql`CASE
    WHEN ${text} RLIKE ${INTEGER} THEN CASE WHEN ${text} = '-0' THEN '0' ELSE ${text} END
    WHEN ${text} RLIKE ${SHORT_DECIMAL} THEN ${withoutZeros(text)}
    WHEN ${size} = 0 THEN CASE WHEN startswith(${text}, '-') THEN '-0.0' ELSE '0.0' END
    WHEN ${size} = CAST('Infinity' AS DOUBLE) THEN ${text}
    ELSE ${exotic} END`;
}

/** A finite double as a JSON number: a whole one without a fraction up to 15 digits, others in fewest digits. */
export function jsonNumber(value: Sql): Sql {
  const other = bind("shortest", shortestText(value), (shortest) => {
    const digits = sql`regexp_replace(${shortest}, ${ZEROS_BEFORE_EXPONENT}, '$1')`;
    return sql`CASE WHEN abs(${value}) >= 1e16 OR abs(${value}) < 1e-4 THEN ${digits} ELSE ${plainText(shortest)} END`;
  });
  return sql`CASE WHEN ${value} = floor(${value}) AND abs(${value}) < 1e15
    THEN CAST(CAST(${value} AS BIGINT) AS STRING) ELSE ${other} END`;
}

/** The digits of a double below 10^16, without an exponent. */
function plainText(shortest: Sql): Sql {
  return withoutZeros(sql`CAST(CAST(${shortest} AS DECIMAL(38, 22)) AS STRING)`);
}

/** A decimal with one digit behind the point at least, and no zero behind the first at its end. */
function withoutZeros(decimal: Sql): Sql {
  return sql`regexp_replace(${decimal}, ${ZEROS_AT_END}, '$1$2')`;
}

/**
 * A finite double as the shortest decimal that is read as the same double, as `d.ddde±dd` with zeros at the end of the
 * digits. Java before 19 has more digits in its own text than it must (JDK-4511638): fewer are tried.
 */
export function shortestText(double: Sql): Sql {
  const written = (decimals: number) => sql`format_string(${`%.${decimals}e`}, ${double})`;
  const attempt = (decimals: number) =>
    sql`WHEN CAST(${written(decimals)} AS DOUBLE) = ${double} THEN ${written(decimals)}`;
  return sql`CASE ${attempt(0)} ${attempt(14)} ${attempt(15)} ELSE ${written(16)} END`;
}
