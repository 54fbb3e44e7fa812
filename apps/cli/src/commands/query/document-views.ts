import { identifier, join, type Sql, sql } from "@medallion/engine";
import type { LakePath } from "@medallion/lake/layout";
import { addDays, type Day, weekOf } from "@medallion/lake/time";
import { aggregatedMetrics, dailyAnalytics, kpis, masterReport, weeklyAnalytics } from "@medallion/schema/gold";
import type { z } from "zod";
import { type DocumentMember, documentMembers, typeName } from "./column-type.ts";
import { filesThere, inRange, type LakeView, type ViewFile, type ViewSource } from "./view.ts";

/** A kind of document, of which the lake has a file each. */
interface DocumentTable {
  readonly name: string;
  readonly layer: "silver" | "gold";
  readonly schema: z.ZodType;
  /** The days that a file is about; null for a file of another kind. */
  days(path: LakePath): { readonly start: Day; readonly end: Day } | null;
  paths(source: ViewSource): Promise<LakePath[]>;
}

const oneDay = (day: string | undefined) => (day === undefined ? null : { start: day, end: day });

const goldPaths = async ({ state }: ViewSource) => [...state.gold.keys()];

const AGGREGATES = "silver/aggregated-metrics";

const TABLES: readonly DocumentTable[] = [
  {
    name: "gold_daily",
    layer: "gold",
    schema: dailyAnalytics,
    days: (path) => oneDay(/^gold\/analytics\/daily-([0-9]{8})\.json$/.exec(path)?.[1]),
    paths: goldPaths,
  },
  {
    name: "gold_weekly",
    layer: "gold",
    schema: weeklyAnalytics,
    days: (path) => weekDays(/^gold\/analytics\/weekly-([0-9]{4})-W([0-9]{2})\.json$/.exec(path)),
    paths: goldPaths,
  },
  {
    name: "gold_kpis",
    layer: "gold",
    schema: kpis,
    days(path) {
      const [, start, end] = /^gold\/kpis\/kpis-([0-9]{8})-to-([0-9]{8})\.json$/.exec(path) ?? [];
      return start === undefined || end === undefined ? null : { start, end };
    },
    paths: goldPaths,
  },
  {
    name: "gold_reports",
    layer: "gold",
    schema: masterReport,
    days: (path) => oneDay(/^gold\/reports\/.+-([0-9]{8})\.json$/.exec(path)?.[1]),
    paths: goldPaths,
  },
  {
    name: "silver_aggregated_metrics",
    layer: "silver",
    schema: aggregatedMetrics,
    days: (path) => oneDay(/^silver\/aggregated-metrics\/.+-([0-9]{8})\.json$/.exec(path)?.[1]),
    paths: async ({ lake }) =>
      (await lake.storage.list(`${lake.root}/${AGGREGATES}`)).map(({ name }) => `${AGGREGATES}/${name}`),
  },
];

/**
 * The views of documents: `gold_daily` and others with a row a document, and for each of its members that is a list of
 * objects or an object one such as `gold_daily_by_master`, with the members of those in columns.
 */
export function documentViews(): LakeView[] {
  return TABLES.flatMap((table) => {
    const members = documentMembers(table.schema);
    const whole = viewOf(table, table.name, members, (documents) => documents);
    const parts = members.flatMap((member) => {
      const query = partQuery(members, member);
      return query === null ? [] : [viewOf(table, `${table.name}_${member.name}`, members, query)];
    });
    return [whole, ...parts];
  });
}

function viewOf(
  table: DocumentTable,
  name: string,
  members: readonly DocumentMember[],
  query: (documents: Sql) => Sql,
): LakeView {
  return {
    name,
    layer: table.layer,
    async open(source) {
      const paths = (await table.paths(source)).filter((path) => {
        const days = table.days(path);
        return days !== null && inRange(source, days.start, days.end);
      });
      const files = await filesThere(source.lake, paths.sort());
      return {
        files: files.map(({ absolute }) => absolute),
        query: ({ dialect }) => query(documentsQuery(members, files, (type) => dialect.render(type))),
      };
    },
  };
}

const FILE = "file";
const PATH_COLUMN = "medallion.path";

function documentsQuery(
  members: readonly DocumentMember[],
  files: readonly ViewFile[],
  text: (type: Sql) => string,
): Sql {
  const names = [...members.map(({ name }) => name), FILE];
  if (files.length === 0) {
    const types = [...members.map(({ type }) => typeName(type)), sql`VARCHAR`];
    const columns = names.map(
      (name, index) => sql`CAST(NULL AS ${types[index] ?? sql`VARCHAR`}) AS ${identifier(name)}`,
    );
    return sql`SELECT ${join(columns)} WHERE false`;
  }
  const columns = join(members.map(({ name, type }) => sql`${name}: ${text(typeName(type))}`));
  const list = join(files.map(({ absolute }) => sql`${absolute}`));
  const largest = Math.max(SMALLEST_BUFFER, ...files.map(({ size }) => size + 1));
  const path = identifier(PATH_COLUMN);
  return sql`SELECT * EXCLUDE (${path}), regexp_extract(${path}, '[^/\\\\]+$') AS file
    FROM read_json([${list}], columns = {${columns}}, format = 'unstructured', filename = ${PATH_COLUMN},
      maximum_object_size = ${largest})`;
}

const SMALLEST_BUFFER = 1024 * 1024;

/** The members of a list of objects, or of an object, in columns, behind what the document says of itself. */
function partQuery(members: readonly DocumentMember[], part: DocumentMember): ((documents: Sql) => Sql) | null {
  const item = part.type.kind === "list" ? part.type.item : part.type;
  if (item.kind !== "struct" || REPEATED.has(part.name)) return null;
  const inner = item.members;
  const outer = members.filter(
    ({ name, type }) => isScalar(type.kind) && !inner.some((member) => member.name === name) && !REPEATED.has(name),
  );
  const column = identifier(part.name);
  const value = part.type.kind === "list" ? sql`unnest(${column})` : column;
  const own = outer.map(({ name }) => identifier(name));
  const ranged = members.some(({ name }) => name === "date_range");
  const days = ranged ? [sql`date_range."start" AS "start"`, sql`date_range."end" AS "end"`] : [];
  const values = inner.map(({ name }) => sql`struct_extract(medallion_item, ${name}) AS ${identifier(name)}`);
  return (documents) =>
    sql`SELECT * EXCLUDE (medallion_item), ${join(values)}
      FROM (SELECT ${join([...own, ...days, sql`${value} AS medallion_item`])} FROM (${documents}))`;
}

/** Members that a part's columns do without: they are the same in every document, or stand there in another form. */
const REPEATED = new Set(["date_range", "layer", "generated_at", "processed_at", "timezone", "rules_version", "basis"]);

function isScalar(kind: string): boolean {
  return kind === "text" || kind === "integer" || kind === "double" || kind === "boolean";
}

/** Monday and Sunday of an ISO week: the week of 4 January is the first of its year. */
function weekDays(match: RegExpExecArray | null): { start: Day; end: Day } | null {
  const [, year, week] = match ?? [];
  if (year === undefined || week === undefined) return null;
  const { start, end } = weekOf(addDays(`${year}0104`, 7 * (Number(week) - 1)));
  return { start, end };
}
