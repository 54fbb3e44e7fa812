/** A value in a JSON document of the lake is not what its format says; whoever knows the file makes a `LakeError` of it. */
export class FieldError extends Error {
  readonly at: string;
  readonly expected: string;
  readonly found: string;

  constructor(at: string, expected: string, found: unknown) {
    const shown = typeof found === "string" ? JSON.stringify(found) : found === undefined ? "nothing" : String(found);
    const short = shown.length > 80 ? `${shown.slice(0, 77)}...` : shown;
    super(`${at}: expected ${expected}, found ${short}`);
    this.at = at;
    this.expected = expected;
    this.found = short;
  }
}

/** The members of a JSON object, read one by one with a check of each. Unknown members are ignored. */
export class Fields {
  readonly #members: ReadonlyMap<string, unknown>;
  readonly #at: string;

  /** @throws FieldError when `value` is not an object. */
  constructor(value: unknown, at: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new FieldError(at, "an object", value);
    this.#members = new Map(Object.entries(value));
    this.#at = at;
  }

  /** The members of the object in a JSON text. */
  static parse(text: string): Fields {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw new FieldError("document", "JSON", text);
    }
    return new Fields(value, "document");
  }

  read<T>(key: string, expected: string, check: (value: unknown) => T | undefined): T {
    const value = this.#members.get(key);
    const checked = check(value);
    if (checked === undefined) throw new FieldError(this.#path(key), expected, value);
    return checked;
  }

  text(key: string, expected = "a string", fits: (text: string) => boolean = () => true): string {
    return this.read(key, expected, (value) => (typeof value === "string" && fits(value) ? value : undefined));
  }

  has(key: string): boolean {
    return this.#members.has(key);
  }

  optionalText(key: string): string | undefined {
    return this.has(key) ? this.text(key) : undefined;
  }

  /** A whole number >= 0. */
  count(key: string): number {
    return this.read(key, "a whole number >= 0", (value) => (isCount(value) ? value : undefined));
  }

  integer(key: string): number {
    return this.read(key, "a whole number", (value) =>
      typeof value === "number" && Number.isSafeInteger(value) ? value : undefined,
    );
  }

  flag(key: string): boolean {
    return this.read(key, "true or false", (value) => (typeof value === "boolean" ? value : undefined));
  }

  /** @throws FieldError when the document is of a later format than this version knows. */
  format(known: number): void {
    this.read("format", `${known}, which is what this version of Medallion reads`, (value) =>
      value === known ? known : undefined,
    );
  }

  object(key: string): Fields {
    return new Fields(this.#members.get(key), this.#path(key));
  }

  list<T>(key: string, member: (value: unknown, at: string) => T): T[] {
    const path = this.#path(key);
    const values: unknown = this.#members.get(key);
    if (!Array.isArray(values)) throw new FieldError(path, "an array", values);
    return values.map((value, index) => member(value, `${path}[${index}]`));
  }

  /** An object used as a map, whose keys come from data: its own members only, also one named `__proto__`. */
  record<T>(key: string, member: (value: unknown, at: string) => T): Record<string, T> {
    const inner = this.object(key);
    return Object.fromEntries(
      [...inner.#members].map(([name, value]) => [name, member(value, `${inner.#at}[${JSON.stringify(name)}]`)]),
    );
  }

  #path(key: string): string {
    return this.#at === "document" ? key : `${this.#at}.${key}`;
  }
}

/** Whether a value is a whole number >= 0 that a JS number holds exactly. */
export function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** For `Fields.record`: the member as a whole number >= 0. */
export function countMember(value: unknown, at: string): number {
  if (!isCount(value)) throw new FieldError(at, "a whole number >= 0", value);
  return value;
}

/** For `Fields.list`: the member as a string that fits. */
export function textMember(expected: string, fits: (text: string) => boolean): (value: unknown, at: string) => string {
  return (value, at) => {
    if (typeof value !== "string" || !fits(value)) throw new FieldError(at, expected, value);
    return value;
  };
}
