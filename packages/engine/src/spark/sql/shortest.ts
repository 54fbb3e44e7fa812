import { join, type Sql, sql } from "../../sql/sql.ts";
import { bind } from "./let.ts";

/** What Java writes at most. Seventeen are enough for every double. */
const MOST_DIGITS = 18;

/**
 * The shortest decimal that is read as the same double, which must be finite and not negative: a struct of `digits`,
 * without zeros at their ends and empty for zero, and `point`, the place of the decimal point among them.
 */
export function shortestDigits(double: Sql): Sql {
  return bind("double", double, (known) => bind("written", javaDigits(known), (written) => shortened(known, written)));
}

/** What Java writes: `digits.digits`, with `E` and an exponent or without. */
function javaDigits(double: Sql): Sql {
  return bind("text", sql`CAST(${double} AS STRING)`, (text) => {
    const whole = sql`regexp_extract(${text}, '^([0-9]+)', 1)`;
    const fraction = sql`regexp_replace(regexp_extract(${text}, '[.]([0-9]+)', 1), '0+$', '')`;
    const exponent = sql`coalesce(CAST(nullif(regexp_extract(${text}, 'E(-?[0-9]+)$', 1), '') AS INT), 0)`;
    const all = sql`concat(${whole}, ${fraction})`;
    const point = sql`length(${whole}) + ${exponent} - length(regexp_extract(${all}, '^(0*)', 1))`;
    return sql`named_struct('digits', regexp_replace(${all}, '^0+|0+$', ''), 'point', ${point})`;
  });
}

/** Java before 19 may write more digits than it must (JDK-4511638): fewer are tried. */
function shortened(double: Sql, written: Sql): Sql {
  const all = sql`CAST(rpad(${written}.digits, ${MOST_DIGITS}, '0') AS DECIMAL(19, 0))`;
  const scale = sql`${written}.point - ${MOST_DIGITS}`;
  const rounded = (digits: number) =>
    sql`CAST(CAST(round(${all}, ${digits - MOST_DIGITS}) AS DECIMAL(19, 0)) AS STRING)`;
  const isSame = (text: Sql) => sql`CAST(concat(${text}, 'E', CAST(${scale} AS STRING)) AS DOUBLE) = ${double}`;
  const parts = (text: Sql) =>
    sql`named_struct('digits', regexp_replace(${text}, '0+$', ''), 'point', ${written}.point + length(${text}) - ${MOST_DIGITS})`;
  // The smallest doubles need one digit only, and Java never writes less than two.
  const attempt = (digits: number, atLeast: number) =>
    sql`WHEN length(${written}.digits) >= ${atLeast} AND ${isSame(rounded(digits))} THEN ${parts(rounded(digits))}`;
  return sql`CASE WHEN length(${written}.digits) BETWEEN 3 AND 15 THEN ${written}
    ${join([attempt(1, 2), attempt(15, 16), attempt(16, 16), attempt(17, 18)], sql` `)} ELSE ${written} END`;
}

/** A finite double as the decimal number that its shortest text says, to 12 decimals; null when it has too many digits. */
export function shortestDecimal(double: Sql): Sql {
  return bind("shortest", shortestDigits(sql`abs(${double})`), (parts) => {
    const text = sql`concat('0', ${parts}.digits, 'E', CAST(${parts}.point - length(${parts}.digits) AS STRING))`;
    return sql`try_cast(concat(CASE WHEN ${double} < 0 THEN '-' ELSE '' END, ${text}) AS DECIMAL(38, 12))`;
  });
}
