/** A number of a document that is another one in its next version. */
export interface ChangedNumber {
  /** The document, as the caller names it. */
  readonly document: string;
  /** Where it stands: `summary.total_tasks`, `by_master[master=security-master].total`. */
  readonly path: string;
  /** Null: there was none. */
  readonly from: number | null;
  /** Null: there is none any more. */
  readonly to: number | null;
}

/** Members that are no published numbers: when and of what a document was made, and the rows behind the numbers. */
const IGNORED = new Set(["generated_at", "processed_at", "inputs", "rules_version", "rollup", "task_list", "failures"]);
/** Members that name the items of a list. */
const NAMES = ["master", "status", "priority", "type", "date", "task_id", "metric_name", "day", "start"] as const;

/**
 * Lists the numbers that differ between two versions of a document of gold. Items of lists are matched by what names
 * them, so that their order does not matter.
 * @param document a name for the document, such as its path
 * @param before null when there was none
 */
export function changedNumbers(document: string, before: unknown, after: unknown): ChangedNumber[] {
  const [was, is] = [numbersOf(before), numbersOf(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((path) => {
    const [from, to] = [was.get(path) ?? null, is.get(path) ?? null];
    return from === to ? [] : [{ document, path, from, to }];
  });
}

/** The numbers of a document by their paths, in its order. */
function numbersOf(document: unknown): Map<string, number> {
  const numbers = new Map<string, number>();
  const walk = (value: unknown, path: string) => {
    if (typeof value === "number") numbers.set(path, value);
    else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) walk(item, `${path}[${nameOf(item) ?? index}]`);
    } else if (typeof value === "object" && value !== null) {
      for (const [name, member] of Object.entries(value)) {
        if (path !== "" || !IGNORED.has(name)) walk(member, path === "" ? name : `${path}.${name}`);
      }
    }
  };
  walk(document, "");
  return numbers;
}

function nameOf(item: unknown): string | null {
  if (typeof item !== "object" || item === null) return null;
  const members = new Map(Object.entries(item));
  for (const name of NAMES) {
    const value: unknown = members.get(name);
    if (typeof value === "string") return `${name}=${value}`;
  }
  return null;
}
