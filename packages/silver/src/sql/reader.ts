import { type Dialect, identifier, type JsonKind, type JsonPath, type Sql, sql } from "@medallion/engine";

/** Collects the values that are read from a column of documents, so that the engine parses each document once. */
export class DocumentReader {
  readonly #dialect: Dialect;
  readonly #fields: Sql;
  readonly #prefix: string | null;
  readonly #columns = new Map<string, Sql>();
  readonly #indexes = new Map<string, number>();
  readonly #paths: JsonPath[] = [];

  /**
   * @param fields the column that {@link DocumentReader.read} is stored in
   * @param prefix with one, what is asked most often of the values is read from columns of this prefix, which
   *   {@link DocumentReader.columns} makes: to find a value among the others again and again costs an engine much
   */
  constructor(dialect: Dialect, fields: Sql, prefix: string | null = null) {
    this.#dialect = dialect;
    this.#fields = fields;
    this.#prefix = prefix;
  }

  /** The value at a path, to be asked about. */
  value(path: JsonPath): JsonValue {
    const key = JSON.stringify(path);
    const known = this.#indexes.get(key);
    const index = known ?? this.#paths.push(path) - 1;
    this.#indexes.set(key, index);
    const dialect = this.#dialect;
    const fields = this.#fields;
    const column = (name: string, value: Sql) => this.#column(`${name}.${index}`, value);
    return {
      path,
      get has() {
        return column("has", dialect.jsonHas(fields, index));
      },
      get present() {
        return column("present", dialect.jsonPresent(fields, index));
      },
      get text() {
        return column("text", dialect.jsonText(fields, index));
      },
      is(kind) {
        const value = dialect.jsonIs(fields, index, kind);
        return kind === "string" ? column("string", value) : value;
      },
    };
  }

  /** The columns that the values asked for so far are read from, to be made of those of `read`. */
  columns(): Sql[] {
    return [...this.#columns].map(([name, value]) => sql`${value} AS ${identifier(name)}`);
  }

  #column(name: string, value: Sql): Sql {
    if (this.#prefix === null) return value;
    const column = `${this.#prefix}.${name}`;
    this.#columns.set(column, value);
    return identifier(column);
  }

  /** The names of the members of the root that are read. */
  get names(): string[] {
    return this.#paths.flatMap((path) => (path.length === 1 ? path : []));
  }

  /** The expression that reads all values asked for so far. */
  read(document: Sql): Sql {
    return this.#dialect.jsonFields(document, this.#paths);
  }

  /** As `read`, where only `text` was asked for. */
  readTexts(document: Sql): Sql {
    return this.#dialect.jsonTexts(document, this.#paths);
  }

  /** As `read`, where no `text` was asked for. */
  readKinds(document: Sql): Sql {
    return this.#dialect.jsonKinds(document, this.#paths);
  }
}

/** A value in a document, as fragments of SQL. */
export interface JsonValue {
  readonly path: JsonPath;
  /** It is there, be it null. */
  readonly has: Sql;
  /** It is there and not null. */
  readonly present: Sql;
  /** A string's characters, the JSON text of another value. */
  readonly text: Sql;
  is(kind: JsonKind): Sql;
}
