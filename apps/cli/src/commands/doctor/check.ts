/** How a thing is: `error` means that work fails or has failed, `warning` that it may. */
export type Level = "ok" | "warning" | "error";

/** One thing that was looked at. */
export interface Check {
  /** What was looked at, in a word or two. */
  readonly name: string;
  readonly level: Level;
  /** What was found. */
  readonly found: string;
  /** What to do; null when all is well. */
  readonly remedy: string | null;
}

export function ok(name: string, found: string): Check {
  return { name, level: "ok", found, remedy: null };
}

export function warning(name: string, found: string, remedy: string): Check {
  return { name, level: "warning", found, remedy };
}

export function failed(name: string, found: string, remedy: string): Check {
  return { name, level: "error", found, remedy };
}
