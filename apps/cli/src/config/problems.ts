const LONGEST_SHOWN = 80;

/** What is wrong with a configuration; all of it is shown together. */
export class Problems {
  readonly #list: string[] = [];

  get list(): readonly string[] {
    return this.#list;
  }

  /** @param at where: `retention.bronze`; empty for the whole */
  add(at: string, text: string): undefined {
    this.#list.push(at === "" ? text : `${at}: ${text}`);
  }

  expected(at: string, expected: string, found: unknown): undefined {
    this.add(at, `expected ${expected}, found ${shown(found)}`);
  }
}

/** A value in a few words. Never looks into objects: they may be circular, or have getters that throw. */
export function shown(value: unknown): string {
  if (typeof value === "string") return shortened(JSON.stringify(value));
  if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "bigint") return shortened(`${value}n`);
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function shortened(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN - 3)}...` : text;
}

/** The path of a member: `rules.tasks`, or `rules["my set"]` where the name is no plain word. */
export function member(at: string, key: string | symbol): string {
  const name = String(key);
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return `${at}[${shown(name)}]`;
  return at === "" ? name : `${at}.${name}`;
}
