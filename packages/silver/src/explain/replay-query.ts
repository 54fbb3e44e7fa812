import { type Engine, identifier, join, type Sql, sql } from "@medallion/engine";
import type { Day } from "@medallion/lake/time";
import type { Dataset } from "@medallion/schema";
import { identityColumns, isComparable } from "../sql/identity.ts";
import { type ExternalRules, STAGED, stageQuery } from "../sql/stage.ts";

const COMMIT = identifier("medallion.commit");
const PATH = identifier("medallion.path");
const LINE_NUMBER = identifier("medallion.line_number");
const COMPARED = identifier("medallion.compared");
const PLACE = identifier("medallion.place");
const BEST = identifier("medallion.best");
const OUTCOME = identifier("medallion.outcome");
const rule = identifier(STAGED.rule);
const warnings = identifier(STAGED.warnings);

/** Lines that were read while the partition was standing, or after it was retired. */
export interface LineGroup {
  /** A relation as `numberedLinesQuery` gives it. */
  readonly lines: Sql;
  readonly retired: boolean;
}

/** The staged records of a partition, each with the commit that read it and its line in bronze. */
export function stagedAgainQuery(
  engine: Engine,
  dataset: Dataset,
  day: Day,
  groups: readonly LineGroup[],
  external: ExternalRules | null,
): Sql {
  const queries = groups.map(({ lines, retired }) => {
    const staged = stageQuery(engine.dialect, dataset, {
      lines,
      trusted: false,
      processedAt: 0n,
      retiredDays: retired ? [day] : [],
      external,
    });
    return sql`SELECT n.commit_number AS ${COMMIT}, n.path AS ${PATH}, n.line_number AS ${LINE_NUMBER}, s.*
      FROM (${staged}) AS s JOIN ${lines} AS n ON n.file = s.${identifier(STAGED.file)}
      WHERE s.${identifier(STAGED.day)} = ${day}`;
  });
  return join(queries, sql` UNION ALL `);
}

/**
 * What became of every staged record, run after run: the columns `path`, `line_number`, `commit_number`, `outcome`,
 * `superseded_by`, `rule`, `warnings` and the given ones. A record loses at once against one of the same run or of an
 * earlier one that was ingested later (`losersQuery`); else it is accepted, and stands until a later run accepts another.
 *
 * @param overtaken commits in which, of two records that nothing tells apart, the new one was taken for the later one
 * @param columns expressions over the columns of silver, by name
 */
export function outcomesQuery(
  engine: Engine,
  dataset: Dataset,
  staged: Sql,
  overtaken: readonly number[],
  columns: ReadonlyMap<string, Sql>,
): Sql {
  const identity = identityColumns(dataset).map(({ value }, index) => ({
    value: value(identifier),
    name: identifier(`medallion.identity.${index}`),
  }));
  const same = join([COMPARED, ...identity.map(({ name }) => name)]);
  const values = join(identity.map(({ value, name }) => sql`${value} AS ${name}`));
  const isOvertaken =
    overtaken.length === 0 ? sql`false` : sql`${COMMIT} IN (${join(overtaken.map((n) => sql`${n}`))})`;
  const order = sql`ingested_at DESC, ${identifier(STAGED.line)} DESC,
    CASE WHEN ${isOvertaken} THEN 0 - ${COMMIT} ELSE ${COMMIT} END, ${PATH}, ${LINE_NUMBER}`;
  const compared = sql`SELECT *, (${rule} IS NULL AND ${isComparable(dataset, identifier)}) AS ${COMPARED}, ${values} FROM ${staged} AS r`;
  const placed = sql`SELECT *, row_number() OVER (PARTITION BY ${same} ORDER BY ${order}) AS ${PLACE} FROM (${compared}) AS c`;
  const ranked = sql`SELECT *, min(${PLACE}) OVER (PARTITION BY ${same} ORDER BY ${COMMIT}) AS ${BEST} FROM (${placed}) AS p`;
  const judged = sql`SELECT *, CASE WHEN ${rule} IS NOT NULL THEN 'quarantined'
    WHEN ${COMPARED} AND ${PLACE} > ${BEST} THEN 'duplicate' ELSE 'accepted' END AS ${OUTCOME} FROM (${ranked}) AS b`;
  const next = sql`lead(${COMMIT}) OVER (PARTITION BY ${OUTCOME}, ${same} ORDER BY ${COMMIT})`;
  const given = [...columns].map(([name, value]) => sql`, ${value} AS ${identifier(name)}`);
  return sql`SELECT ${PATH} AS path, ${LINE_NUMBER} AS line_number, ${COMMIT} AS commit_number, ${OUTCOME} AS outcome,
    CASE WHEN ${OUTCOME} = 'accepted' AND ${COMPARED} THEN ${next} END AS superseded_by, ${rule} AS "rule",
    CASE WHEN ${warnings} IS NOT NULL THEN ${engine.dialect.jsonStrings(warnings)} END AS warnings${join(given, sql``)}
    FROM (${judged}) AS j ORDER BY 1, 2`;
}
