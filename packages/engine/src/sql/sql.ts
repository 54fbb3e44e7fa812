/** A value that may stand in a statement; the dialect writes it as a literal. */
export type SqlValue = string | number | bigint | boolean | null;

/** A piece of a statement: text of our own, or something that a dialect must quote. */
export type SqlPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "identifier"; readonly name: string }
  | { readonly kind: "value"; readonly value: SqlValue };

/**
 * A statement or a fragment of one, immutable. Text and values stay apart until a dialect renders them, so a value
 * cannot become SQL. Made with the {@link sql} tag, {@link identifier} and {@link join} only.
 */
export class Sql {
  readonly parts: readonly SqlPart[];

  constructor(parts: readonly SqlPart[]) {
    this.parts = parts;
  }
}

/**
 * Writes SQL: nested fragments are spliced in, every other value is quoted by the dialect.
 *
 * @example
 * sql`SELECT ${identifier("status")} FROM ${table} WHERE master = ${name}`
 */
export function sql(strings: TemplateStringsArray, ...values: readonly (Sql | SqlValue)[]): Sql {
  const parts: SqlPart[] = [];
  strings.forEach((text, index) => {
    if (text !== "") parts.push({ kind: "text", text });
    if (index >= values.length) return;
    const value = values[index];
    if (value instanceof Sql) parts.push(...value.parts);
    else if (value !== undefined) parts.push({ kind: "value", value });
  });
  return new Sql(parts);
}

/** The name of a table, a column or another thing in a statement, quoted by the dialect. */
export function identifier(name: string): Sql {
  return new Sql([{ kind: "identifier", name }]);
}

/** Fragments one after the other, with a separator between them; `", "` unless told. */
export function join(fragments: readonly Sql[], separator: Sql = sql`, `): Sql {
  return new Sql(
    fragments.flatMap((fragment, index) => (index === 0 ? fragment.parts : [...separator.parts, ...fragment.parts])),
  );
}

/** Conditions that must all hold; `true` when there is none. */
export function all(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? sql`true` : sql`(${join(conditions, sql` AND `)})`;
}

/** Conditions of which one must hold; `false` when there is none. */
export function any(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? sql`false` : sql`(${join(conditions, sql` OR `)})`;
}
