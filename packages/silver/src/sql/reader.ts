import type { Dialect, JsonKind, JsonPath, Sql } from "@medallion/engine";

/** Collects the values that are read from a column of documents, so that the engine parses each document once. */
export class DocumentReader {
  readonly #dialect: Dialect;
  readonly #fields: Sql;
  readonly #indexes = new Map<string, number>();
  readonly #paths: JsonPath[] = [];

  /** @param fields the column that {@link DocumentReader.read} is stored in */
  constructor(dialect: Dialect, fields: Sql) {
    this.#dialect = dialect;
    this.#fields = fields;
  }

  /** The value at a path, to be asked about. */
  value(path: JsonPath): JsonValue {
    const key = JSON.stringify(path);
    const known = this.#indexes.get(key);
    const index = known ?? this.#paths.push(path) - 1;
    this.#indexes.set(key, index);
    const dialect = this.#dialect;
    const fields = this.#fields;
    return {
      path,
      has: dialect.jsonHas(fields, index),
      present: dialect.jsonPresent(fields, index),
      text: dialect.jsonText(fields, index),
      is: (kind) => dialect.jsonIs(fields, index, kind),
    };
  }

  /** The names of the members of the root that are read. */
  get names(): string[] {
    return this.#paths.flatMap((path) => (path.length === 1 ? path : []));
  }

  /** The expression that reads all values asked for so far. */
  read(document: Sql): Sql {
    return this.#dialect.jsonFields(document, this.#paths);
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
