import type { LineOptions, LineSource, ParquetSource } from "../engine.ts";
import { identifier, join, type Sql, sql } from "../sql/sql.ts";
import type { FileRelation } from "./connect/messages.ts";
import { literalPath, uriPath } from "./files.ts";
import { isJson } from "./sql/json.ts";

/** What stands before the path in the name of a file: `file:/`, `file:///`, `dbfs:/`. */
const SCHEME = "^[a-z0-9+]+:/+";

/** Temporary views over files: they are made before the statement that names them, and anew in a new session. */
export class Views {
  readonly #relations = new Map<string, FileRelation>();
  #pending: string[] = [];
  #counter = 0;

  /** The relation (line, file, part) over files of lines. */
  lines(sources: readonly LineSource[], { json }: Pick<LineOptions, "json">): Sql {
    const view = this.#add({
      format: "text",
      paths: sources.map(({ path }) => literalPath(path)),
      options: { lineSep: "\n" },
      columns: ["value", "_metadata.file_path"],
    });
    const rows = labelled(
      view,
      sources.map(({ path, file, part }) => [path, file, part ?? null] as const),
      ["file", "part"],
    );
    const trimmed = sql`trim(BOTH ${" \t\r"} FROM value)`;
    // To trim takes Spark a step for every character of the text, whatever there is to trim.
    const text = sql`CASE WHEN startswith(value, '{') AND endswith(value, '}') THEN value ELSE ${trimmed} END`;
    const line = json ? sql`CASE WHEN is_valid_utf8(value) AND ${isJson(sql`value`)} THEN ${text} END` : sql`value`;
    return sql`(SELECT ${line} AS line, file, part FROM ${rows} WHERE startswith(value, '{') OR ${trimmed} <> '')`;
  }

  /** The rows of Parquet files and `partition`. Columns are matched by name; one that a file has not is null. */
  parquet(sources: readonly ParquetSource[]): Sql {
    const view = this.#add({
      format: "parquet",
      paths: sources.map(({ path }) => literalPath(path)),
      options: { mergeSchema: "true" },
      columns: ["*", "_metadata.file_path"],
    });
    return labelled(
      view,
      sources.map(({ path, partition }) => [path, partition] as const),
      ["partition"],
    );
  }

  /** A view that reads what was written to a folder. */
  folder(name: string, path: string): void {
    this.#set(name, { format: "parquet", paths: [literalPath(path)], options: {}, columns: ["*"] });
  }

  forget(name: string): void {
    this.#relations.delete(name);
    this.made(name);
  }

  /** The first view that the session does not have yet; null when it has all. */
  nextPending(): { readonly name: string; readonly relation: FileRelation } | null {
    const [name] = this.#pending;
    const relation = name === undefined ? undefined : this.#relations.get(name);
    return name === undefined || relation === undefined ? null : { name, relation };
  }

  /** The session has the view now. */
  made(name: string): void {
    this.#pending = this.#pending.filter((other) => other !== name);
  }

  /** The session is a new one, which has no view. */
  restart(): void {
    this.#pending = [...this.#relations.keys()];
  }

  #add(relation: FileRelation): string {
    this.#counter += 1;
    const name = `medallion_files_${this.#counter}`;
    this.#set(name, relation);
    return name;
  }

  #set(name: string, relation: FileRelation): void {
    this.#relations.set(name, relation);
    this.#pending = [...this.#pending.filter((other) => other !== name), name];
  }
}

/** The rows of files beside labels of the file. A row of a file that is not among the labels is an error, not lost. */
function labelled(
  view: string,
  files: readonly (readonly [path: string, ...labels: (string | null)[]])[],
  names: readonly string[],
): Sql {
  const values = files.map(([path, ...labels]) => {
    const items = labels.map((label) => sql`CAST(${label} AS STRING)`);
    return sql`(${join([sql`${uriPath(path)}`, ...items])})`;
  });
  const columns = names.map(identifier);
  const table = sql`(VALUES ${join(values)}) AS files(path, ${join(columns)})`;
  const unknown = sql`raise_error(concat('a file that was not asked for: ', file_path))`;
  const known = columns.map(
    (column) => sql`CASE WHEN files.path IS NULL THEN ${unknown} ELSE files.${column} END AS ${column}`,
  );
  return sql`(SELECT /*+ BROADCAST(files) */ rows.* EXCEPT (file_path), ${join(known)}
    FROM ${identifier(view)} AS rows LEFT JOIN ${table} ON regexp_replace(rows.file_path, ${SCHEME}, '/') = files.path)`;
}
