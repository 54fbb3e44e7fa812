import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { openGoldLake, stageSilver } from "./testing/gold-lake.ts";

test("the example of the README runs", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const [, example = ""] = /```js\n(.*?)```/s.exec(readme) ?? [];
  const place = await openGoldLake();
  try {
    const row = { day: 1, second: 0, master: null, micros: null };
    const rows = [
      { ...row, task_id: "a", status: "completed" },
      { ...row, task_id: "b", status: "failed" },
    ];
    await place.change(async (transaction) => ({
      partitions: await stageSilver(place, transaction, rows),
      result: undefined,
    }));
    const script = example.replace('"coordination/medallion"', JSON.stringify(place.lake.root));
    expect(script).not.toBe(example);
    const cwd = fileURLToPath(new URL("..", import.meta.url));
    const run = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], { cwd });
    expect(run).toEqual({ stdout: "gold/kpis/kpis-20251124-to-20251130.json 2 50\n", stderr: "" });
  } finally {
    await place.close();
  }
});
