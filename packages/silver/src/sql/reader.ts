import { type Dialect, identifier, type JsonKind, type JsonPath, type Sql, sql } from "@medallion/engine";

/** Collects the values that are read from a column of documents, so that the engine parses each document once. */
export class DocumentReader {
  readonly #dialect: Dialect;
  readonly #fields: Sql;
  readonly #prefix: string | null;
  readonly #columns = new Map<string, Sql>();
  readonly #indexes = new Map<string, number>();
  readonly #paths: JsonPath[] = [];
  readonly #texts = new Set<number>();

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
    const index = this.#indexOf(path);
    this.#texts.add(index);
    const presence = this.presence(path);
    const text = () => this.#column(`text.${index}`, this.#dialect.jsonText(this.#fields, index));
    return {
      path,
      get has() {
        return presence.has;
      },
      get present() {
        return presence.present;
      },
      get text() {
        return text();
      },
      is: presence.is,
    };
  }

  /** As `value`, without the text, which costs most. */
  presence(path: JsonPath): JsonPresence {
    const index = this.#indexOf(path);
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
    return this.#dialect.jsonFields(document, this.#paths, this.#texts);
  }

  /** As `read`, where only `text` was asked for. */
  readTexts(document: Sql): Sql {
    return this.#dialect.jsonTexts(document, this.#paths);
  }

  #indexOf(path: JsonPath): number {
    const key = JSON.stringify(path);
    const index = this.#indexes.get(key) ?? this.#paths.push(path) - 1;
    this.#indexes.set(key, index);
    return index;
  }
}

/** Whether a value is in a document and of which kind, as fragments of SQL. */
export interface JsonPresence {
  readonly path: JsonPath;
  /** It is there, be it null. */
  readonly has: Sql;
  /** It is there and not null. */
  readonly present: Sql;
  readonly is: (kind: JsonKind) => Sql;
}

/** A value in a document, as fragments of SQL. */
export interface JsonValue extends JsonPresence {
  /** A string's characters, the JSON text of another value. */
  readonly text: Sql;
}
