import { Cron } from "croner";
import type { Check } from "./section.ts";

/** Five fields, or six with the seconds first, or a word such as `@daily`. */
export const cron: Check<string> = (value, at, problems) => {
  const wrong = () => problems.expected(at, 'a cron expression such as "15 1 * * *"', value);
  if (typeof value !== "string") return wrong();
  try {
    return new Cron(value, { mode: "5-or-6-parts", paused: true }).getPattern() ?? wrong();
  } catch {
    return wrong();
  }
};
