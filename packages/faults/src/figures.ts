import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const FILE = fileURLToPath(new URL("../.reports/figures.jsonl", import.meta.url));

/** Notes what was tried, such as `kills`, for the sums of `npm run test:faults`. */
export function note(figure: string, count = 1): void {
  mkdirSync(dirname(FILE), { recursive: true });
  appendFileSync(FILE, `${JSON.stringify({ figure, count })}\n`);
}
