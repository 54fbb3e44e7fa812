import { type Engine, identifier, join, sql } from "@medallion/engine";
import type { Day } from "@medallion/lake/time";
import type { Dataset } from "@medallion/schema";
import { byBytes, type JsonKind, type Profile, profiled } from "@medallion/schema/evolution";
import { TABLES } from "../sql/merge.ts";
import { DocumentReader } from "../sql/reader.ts";
import { STAGED } from "../sql/stage.ts";
import { type KindCounts, kindCounts } from "./kind-counts.ts";
import { IS_RECORD, knownNames, shapeColumns, shapeList, shapeValues } from "./shape.ts";
import { type UnknownNames, unknownNames } from "./unknown-names.ts";

const SHAPES = "medallion_shapes";
/** So many values are read from a document at once. */
const BATCH = 200;

const day = identifier(STAGED.day);
const rescued = identifier("_rescued_data");

/**
 * Profiles the records of the staged table by partition. Records are grouped by their shape, of which there are few.
 * Members that the contract does not know are among those that silver rescues.
 */
export async function profileRows(engine: Engine, dataset: Dataset): Promise<Map<Day, Profile>> {
  const staged = engine.table(TABLES.staged);
  const known = knownNames(dataset);
  const columns = shapeColumns(known.length);
  await engine.materialize(
    SHAPES,
    sql`SELECT ${day} AS day, ${shapeList(columns)}, count(*) AS n FROM ${staged} AS s
      WHERE ${IS_RECORD} GROUP BY ${day}, ${shapeList(columns)}`,
  );
  const records = await engine.rows(sql`SELECT day, sum(n) AS n FROM ${engine.table(SHAPES)} AS s GROUP BY day`);
  const counts = [await kindCounts(engine, SHAPES, known)];
  const unknown = await unknownNames(engine, known);
  const names = [...new Set([...unknown.values()].flatMap((ofDay) => ofDay.names))].sort(byBytes);
  for (let index = 0; index < names.length; index += BATCH) {
    counts.push(await unknownCounts(engine, names.slice(index, index + BATCH)));
  }
  await engine.forget(SHAPES);
  return new Map(
    records.map((row) => [String(row.day), profileOf(String(row.day), Number(row.n), known, unknown, counts)]),
  );
}

async function unknownCounts(engine: Engine, names: readonly string[]): Promise<KindCounts> {
  const reader = new DocumentReader(engine.dialect, identifier("fields"));
  const columns = shapeColumns(names.length);
  const shapes = shapeValues(reader, names).map(({ column, value }) => sql`${value} AS ${identifier(column)}`);
  const fields = sql`SELECT ${day} AS day, ${reader.read(rescued)} AS fields FROM ${engine.table(TABLES.staged)} AS s
    WHERE ${IS_RECORD} AND ${rescued} IS NOT NULL`;
  await engine.materialize(
    SHAPES,
    sql`SELECT day, ${shapeList(columns)}, count(*) AS n FROM (SELECT day, ${join(shapes)} FROM (${fields}) AS f) AS v
      GROUP BY day, ${shapeList(columns)}`,
  );
  return await kindCounts(engine, SHAPES, names);
}

function profileOf(
  date: Day,
  records: number,
  known: readonly string[],
  unknown: UnknownNames,
  counts: readonly KindCounts[],
): Profile {
  const others = unknown.get(date) ?? { names: [], more: false };
  const kinds = new Map<string, ReadonlyMap<JsonKind, number>>(counts.flatMap((part) => [...(part.get(date) ?? [])]));
  const names = [...known, ...others.names].filter((name) => kinds.has(name)).sort(byBytes);
  return {
    records,
    fields: names.map((name) => profiled(name, (kind) => kinds.get(name)?.get(kind) ?? 0)),
    more_fields: others.more,
  };
}
