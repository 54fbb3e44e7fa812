// Sums up what the tests tried: `node figures.mjs sum`, after `node figures.mjs clear` and the tests.
import { readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const file = fileURLToPath(new URL(".reports/figures.jsonl", import.meta.url));

if (process.argv[2] === "clear") rmSync(file, { force: true });
else {
  const sums = new Map();
  for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
    const { figure, count } = JSON.parse(line);
    sums.set(figure, (sums.get(figure) ?? 0) + count);
  }
  for (const [figure, sum] of sums) process.stdout.write(`${figure}: ${sum.toLocaleString("en-US")}\n`);
}
