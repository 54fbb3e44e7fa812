import { nearest } from "../nearest.ts";
import { member, type Problems } from "./problems.ts";

/** Reads one value; undefined when it is wrong, and then the problem has been added. */
export type Check<T> = (value: unknown, at: string, problems: Problems) => T | undefined;

/** An object of a configuration with a fixed set of keys, read member by member. */
export class Section {
  readonly #members: ReadonlyMap<string, unknown>;
  readonly #at: string;
  readonly #problems: Problems;

  private constructor(members: ReadonlyMap<string, unknown>, at: string, problems: Problems) {
    this.#members = members;
    this.#at = at;
    this.#problems = problems;
  }

  /** Null when the value is no object; a key that is not known is a problem. */
  static of(value: unknown, at: string, problems: Problems, known: readonly string[]): Section | null {
    const members = membersOf(value, at, problems);
    if (members === null) return null;
    for (const key of members.keys()) {
      if (known.includes(key)) continue;
      const list = known.length > 1 ? ` (known are ${known.join(", ")})` : "";
      problems.add(member(at, key), `unknown key; the nearest known key is "${nearest(key, known)}"${list}`);
    }
    return new Section(members, at, problems);
  }

  /** Undefined when the member is absent, or wrong. */
  read<T>(key: string, check: Check<T>): T | undefined {
    const value = this.#members.get(key);
    return value === undefined ? undefined : check(value, member(this.#at, key), this.#problems);
  }

  /** As `read`; to be absent is a problem. */
  require<T>(key: string, check: Check<T>): T | undefined {
    return check(this.#members.get(key), member(this.#at, key), this.#problems);
  }
}

/** An object whose keys come from the user, as entries; what is wrong is left out. */
export function entriesOf<T>(
  value: unknown,
  at: string,
  problems: Problems,
  check: (value: unknown, at: string, key: string) => T | undefined,
): [string, T][] {
  const entries: [string, T][] = [];
  for (const [key, item] of membersOf(value, at, problems) ?? []) {
    const checked = item === undefined ? undefined : check(item, member(at, key), key);
    if (checked !== undefined) entries.push([key, checked]);
  }
  return entries;
}

/**
 * The own members of a plain object. One with a prototype of its own, as `{ __proto__: … }` makes in a program, is none:
 * what it inherits would be passed over in silence.
 */
function membersOf(value: unknown, at: string, problems: Problems): Map<string, unknown> | null {
  if (!isPlainObject(value)) {
    problems.expected(at, "an object", value);
    return null;
  }
  for (const symbol of Object.getOwnPropertySymbols(value)) problems.add(member(at, symbol), "unknown key");
  return new Map(Object.entries(value));
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
