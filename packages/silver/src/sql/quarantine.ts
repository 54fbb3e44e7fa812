import { all, type Engine, identifier, type Sql, sql } from "@medallion/engine";
import { RECORD_RULES } from "@medallion/schema/contract";
import { TABLES } from "./merge.ts";
import { instantOfText } from "./predicate.ts";
import { DocumentReader } from "./reader.ts";
import { STAGED } from "./stage.ts";

const rule = identifier(STAGED.rule);
const line = identifier(STAGED.line);
const ingestedDay = identifier(STAGED.ingestedDay);

const DIGEST = "line_digest";

/** The order of lines in quarantine: by ingestion; of those at the same time, by what is short and depends on nothing else. */
export const QUARANTINE_ORDER = ["ingested_at", DIGEST] as const;

/**
 * Whether a staged record goes to quarantine. A rebuild reads records of retired days again that were accepted before
 * their day was retired; they stay counted where they are.
 */
export function isSetAside(rebuild: boolean): Sql {
  if (!rebuild) return sql`${rule} IS NOT NULL`;
  return sql`(${rule} IS NOT NULL AND ${rule} <> ${RECORD_RULES.retiredDay.id})`;
}

/** What is known when the lines of quarantine are put together. */
export interface QuarantineMerge {
  /** The relation (line, file) of the lines before the run, where `file` is the day; null when there is none. */
  readonly existing: Sql | null;
  readonly rebuild: boolean;
  /** The time of the run, as text. */
  readonly processedAt: string;
}

/**
 * Quarantine after the run: the day, the columns of {@link QUARANTINE_ORDER} and `line`. A rebuild keeps the lines of records that now pass and marks
 * them with `replayed_at`.
 */
export function mergedQuarantine(engine: Engine, merge: QuarantineMerge): Sql {
  return sql`(SELECT *, ${engine.dialect.digest(identifier("line"))} AS ${identifier(DIGEST)} FROM ${quarantineLines(engine, merge)} AS m)`;
}

/** The lines: (day, ingested_at, line). */
function quarantineLines(engine: Engine, { existing, rebuild, processedAt }: QuarantineMerge): Sql {
  const { dialect } = engine;
  const staged = sql`SELECT ${ingestedDay}, ingested_at, ${line} AS line FROM ${engine.table(TABLES.staged)} WHERE ${isSetAside(rebuild)}`;
  if (existing === null) return sql`(${staged})`;
  const earlier = recordOfLine(engine, sql`(SELECT line, file FROM ${existing} AS e)`);
  const { ingestedAt, rule, replayedAt } = earlier;
  const kept = sql`SELECT file AS ${ingestedDay}, ${instantOfText(dialect, ingestedAt.text)} AS ingested_at,
    ${rebuild ? sql`CASE WHEN ${replayedAt.present} OR ${rule.text} = ${RECORD_RULES.retiredDay.id} THEN line ELSE substr(line, 1, length(line) - 1) || ${`,"replayed_at":"${processedAt}"}`} END` : sql`line`} AS line
    FROM ${earlier.relation} AS q`;
  if (!rebuild) return sql`(${staged} UNION ALL ${kept})`;
  const again = recordOfLine(
    engine,
    sql`(SELECT ${line} AS line FROM ${engine.table(TABLES.staged)} WHERE ${isSetAside(true)})`,
  );
  const same = all(
    IDENTITY.map((name) => sql`q.${identifier(`id.${name}`)} IS NOT DISTINCT FROM a.${identifier(`id.${name}`)}`),
  );
  return sql`(${staged} UNION ALL ${kept} WHERE NOT EXISTS (SELECT 1 FROM ${again.relation} AS a WHERE ${same}))`;
}

/** What tells records in quarantine apart, whatever the rules said of them. */
const IDENTITY = ["ingested_at", "file", "raw", "raw_base64"] as const;

/** Adds the columns `id.<name>` to a relation with the column `line` of quarantine lines. */
function recordOfLine(engine: Engine, lines: Sql) {
  const reader = new DocumentReader(engine.dialect, identifier("fields"));
  const columns = IDENTITY.map((name) => sql`${reader.value([name]).text} AS ${identifier(`id.${name}`)}`);
  const values = {
    ingestedAt: reader.value(["ingested_at"]),
    rule: reader.value(["rule"]),
    replayedAt: reader.value(["replayed_at"]),
  };
  const read = sql`(SELECT *, ${reader.read(identifier("line"))} AS fields FROM ${lines} AS l)`;
  return {
    ...values,
    relation: sql`(SELECT *, ${columns.reduce((list, next) => sql`${list}, ${next}`)} FROM ${read} AS f)`,
  };
}
