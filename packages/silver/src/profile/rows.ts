import { type Engine, identifier, join, type Row, type Sql, sql } from "@medallion/engine";
import type { Day } from "@medallion/lake";
import {
  type Dataset,
  type JsonKind,
  MOST_UNKNOWN_FIELDS,
  NO_PROFILE,
  type Profile,
  profiled,
} from "@medallion/schema";
import { TABLES } from "../sql/merge.ts";
import { DocumentReader } from "../sql/reader.ts";
import { STAGED } from "../sql/stage.ts";
import { digitAt, knownNames, SHAPE_DIGITS, shapeColumns, shapeList, shapePlace, shapeValues } from "./shape.ts";

const SHAPES = "medallion_shapes";
const UNKNOWN = "medallion_unknown_shapes";
/** Names that every engine, JSON pointer and terminal takes. */
const PLAIN_NAME = "^[^\\x00-\\x1f\\x7f]{1,100}$";

const day = identifier(STAGED.day);
const rescued = identifier("_rescued_data");
const [firstShape = ""] = shapeColumns(1);
const isRecord = sql`${identifier(firstShape)} IS NOT NULL`;

/** Profiles the records of the staged table by partition. Records are grouped by their shape, of which there are few. */
export async function profileRows(engine: Engine, dataset: Dataset): Promise<Map<Day, Profile>> {
  const names = knownNames(dataset);
  const staged = engine.table(TABLES.staged);
  const columns = shapeColumns(names.length);
  await engine.materialize(
    SHAPES,
    sql`SELECT ${day} AS day, ${shapeList(columns)}, count(*) AS n FROM ${staged} WHERE ${isRecord}
      GROUP BY ${day}, ${shapeList(columns)}`,
  );
  const records = await engine.rows(
    sql`SELECT day, sum(n) AS n FROM ${engine.table(SHAPES)} AS s GROUP BY day ORDER BY day`,
  );
  const known = await kindCounts(engine, SHAPES, names);
  await engine.forget(SHAPES);
  const unknown = await unknownKinds(engine, names);
  return new Map(
    records.map((row): [Day, Profile] => {
      const date = String(row.day);
      const fields = [known, unknown.counts].flatMap((counts) => [...(counts.get(date) ?? [])]);
      const profile = {
        records: Number(row.n),
        fields: fields.map(([name, kinds]) => profiled(name, (kind) => kinds.get(kind) ?? 0)),
        more_fields: unknown.more.has(date),
      };
      return [date, sorted(profile)];
    }),
  );
}

type KindCounts = Map<Day, Map<string, Map<JsonKind, number>>>;

/** Counts the types of members from a table of shapes, by day and name. */
async function kindCounts(engine: Engine, table: string, names: readonly string[]): Promise<KindCounts> {
  const counts: KindCounts = new Map();
  if (names.length === 0) return counts;
  const places = names.map((_, index) => ({ index, ...shapePlace(index) }));
  const list = join(
    places.map(({ index, weight }) => sql`SELECT ${index} AS place, CAST(${weight} AS BIGINT) AS weight`),
    sql` UNION ALL `,
  );
  const columns = [...new Set(places.map(({ column }) => column))];
  const shape = sql`CASE ${join(
    columns.map((column) => {
      const own = places.filter((item) => item.column === column).map(({ index }) => sql`${index}`);
      return sql`WHEN place IN (${join(own)}) THEN ${identifier(column)}`;
    }),
    sql` `,
  )} END`;
  const rows = await engine.rows(
    sql`SELECT day, place, digit, sum(n) AS n FROM (
      SELECT day, place, n, ${digitAt(engine.dialect, identifier("shape"), identifier("weight"))} AS digit FROM (
        SELECT day, place, weight, n, ${shape} AS shape FROM ${engine.table(table)} AS s CROSS JOIN (${list}) AS p
      ) AS c) AS d WHERE digit > 0 GROUP BY day, place, digit`,
  );
  for (const row of rows) addCount(counts, row, names);
  return counts;
}

function addCount(counts: KindCounts, row: Row, names: readonly string[]): void {
  const [name, kind] = [names[Number(row.place)], SHAPE_DIGITS[Number(row.digit)]];
  if (name === undefined || kind === undefined || kind === null) return;
  const ofDay = counts.get(String(row.day)) ?? new Map<string, Map<JsonKind, number>>();
  counts.set(String(row.day), ofDay);
  const ofName = ofDay.get(name) ?? new Map<JsonKind, number>();
  ofDay.set(name, ofName);
  ofName.set(kind, Number(row.n));
}

/** Members that the contract does not know are among those that silver rescues. */
async function unknownKinds(
  engine: Engine,
  known: readonly string[],
): Promise<{ readonly counts: KindCounts; readonly more: ReadonlySet<Day> }> {
  const { dialect } = engine;
  const staged = sql`${engine.table(TABLES.staged)} AS s WHERE ${isRecord} AND ${rescued} IS NOT NULL`;
  const keys = sql`SELECT DISTINCT ${day} AS day, ${dialect.unnest(dialect.jsonKeys(rescued))} AS name FROM ${staged}`;
  await engine.materialize(UNKNOWN, unknownNames(keys, known));
  const names = await engine.rows(sql`SELECT day, name FROM ${engine.table(UNKNOWN)} AS n`);
  return names.length === 0 ? { counts: new Map(), more: new Set() } : { counts: new Map(), more: new Set() };
}

function unknownNames(keys: Sql, known: readonly string[]): Sql {
  const list = join(known.map((name) => sql`${name}`));
  return sql`SELECT day, name FROM (${keys}) AS k WHERE name NOT IN (${list})`;
}

function sorted(profile: Profile): Profile {
  return profile.records === 0 ? NO_PROFILE : { ...profile, fields: [...profile.fields] };
}
