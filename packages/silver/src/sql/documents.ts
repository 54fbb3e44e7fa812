import { all, type Dialect, identifier, type Sql, sql } from "@medallion/engine";
import { DocumentReader } from "./reader.ts";

/** Where well-formedness was not decided by bronze, or bronze says that it failed. */
const NOT_AN_OBJECT = "not a JSON object";

/**
 * Unwraps bronze lines: the relation (line, file, part, wrapper, wrapped, raw_error, document) of a relation
 * (line, file, part). `document` is the JSON text to be read: the line itself, or what it wraps as `raw`; null when that is
 * no JSON. `wrapper` holds the values of the wrapper, which `wrapperReader` reads.
 *
 * @param trusted whether every line is known to be JSON
 * @param violations a relation (digest, violations) of lines that break rules checked beforehand; its second column is
 *   passed on
 */
export function documentsOf(dialect: Dialect, lines: Sql, trusted: boolean, violations: Sql | null): Sql {
  const { reader, raw, rawBase64, rawError, layer, ingestedAt, sourceFile } = wrapperValues(dialect);
  const line = identifier("line");
  const json = trusted ? sql`true` : dialect.jsonValid(line);
  const parts = [raw, rawBase64, rawError, ingestedAt, sourceFile].map((value) => sql`CAST(${value.has} AS INTEGER)`);
  const keyCount = parts.reduce((sum, part) => sql`${sum} + ${part}`, sql`1`);
  const wraps = all([
    layer.is("string"),
    sql`${layer.text} = 'bronze'`,
    sql`(${raw.is("string")} OR ${rawBase64.is("string")})`,
    sql`CASE WHEN json THEN ${dialect.jsonKeyCount(line, [])} END = ${keyCount}`,
  ]);
  const begins = sql`(${dialect.startsWith(line, '{"raw":')} OR ${dialect.startsWith(line, '{"raw_base64":')})`;
  const passed = violations === null ? sql`` : sql`, violations`;
  return sql`
    SELECT line, file, part${passed}, wrapper, wrapped, CASE WHEN wrapped THEN ${rawError.text} END AS raw_error, CASE
        WHEN NOT json THEN NULL
        WHEN NOT wrapped THEN line
        WHEN ${rawError.present} OR NOT ${raw.present} THEN NULL
        WHEN ${dialect.jsonValid(raw.text)} THEN ${raw.text}
      END AS document
    FROM (
      SELECT *, CASE WHEN wrapper IS NULL THEN false ELSE coalesce(${wraps}, false) END AS wrapped FROM (
        SELECT line, file, part${passed}, ${json} AS json,
          CASE WHEN ${json} AND ${begins} THEN ${reader.read(line)} END AS wrapper
        FROM ${violations === null ? lines : withViolations(dialect, lines, violations)}
      )
    )`;
}

function withViolations(dialect: Dialect, lines: Sql, violations: Sql): Sql {
  const digest = dialect.digest(sql`l.line`);
  return sql`(SELECT l.*, v.violations FROM ${lines} AS l LEFT JOIN ${violations} AS v ON ${digest} = v.digest)`;
}

/** The values of a bronze wrapper, read from the column `wrapper`. */
export function wrapperValues(dialect: Dialect) {
  const reader = new DocumentReader(dialect, identifier("wrapper"));
  return {
    reader,
    raw: reader.value(["raw"]),
    rawBase64: reader.value(["raw_base64"]),
    rawError: reader.value(["raw_error"]),
    layer: reader.value(["layer"]),
    ingestedAt: reader.value(["ingested_at"]),
    sourceFile: reader.value(["source_file"]),
  };
}

/** Whether bronze kept a value that is JSON but no object. */
export function isNotAnObject(dialect: Dialect): Sql {
  return sql`coalesce(${dialect.startsWith(identifier("raw_error"), NOT_AN_OBJECT)}, false)`;
}
