import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../lakes.ts";
import { medallion, succeed } from "../medallion.ts";

const NOW = Date.UTC(2025, 10, 27, 12);
const DAY = 86_400_000;

it("verify knows what was retired, makes every kind of document again, and names the one that was edited", async () => {
  const lake = join(await temporaryFolder(), "lake");
  const at = (days: number) => ({ fault: { at: 0, now: NOW + days * DAY } });
  await succeed(lake, ["init"]);
  const lines = [24, 25, 26].flatMap((day) =>
    ["a", "b"].map((id) =>
      JSON.stringify({ task_id: id, status: "completed", master: "m", timestamp: `2025-11-${day}T10:00:00Z` }),
    ),
  );
  await succeed(lake, ["ingest", "tasks", "-"], { ...at(0), input: lines.join("\n") });
  await succeed(lake, ["run"], at(0));
  await succeed(lake, ["analytics", "weekly", "2025-11-25"], at(0));
  await succeed(lake, ["kpis", "2025-11-24", "2025-11-26"], at(0));
  await succeed(lake, ["report", "m", "2025-11-26"], at(0));
  expect(await succeed(lake, ["verify"], at(0))).toMatchObject({
    same: true,
    // Of a document of quality, which says how the lake was at a time, only the hash is compared.
    left: expect.not.arrayContaining([
      { file: expect.not.stringMatching(/^gold\/quality\//), reason: expect.anything() },
    ]),
  });

  const documents = ["analytics/weekly-2025-W48", "kpis/kpis-20251124-to-20251126", "reports/m-20251126"];
  for (const name of documents) {
    const path = join(lake, "gold", `${name}.json`);
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace(/: 2,/, ": 3,"));
    const { code, stdout } = await medallion(lake, ["verify"], at(0));
    expect([name, code, stdout]).toEqual([name, 1, expect.stringContaining(`changed   gold/${name}.json: line`)]);
    await writeFile(path, text);
  }

  await succeed(lake, ["retention", "--apply"], at(40));
  expect(await succeed(lake, ["verify"], at(40))).toMatchObject({ same: true });
  const late = '{"task_id":"late","status":"completed","timestamp":"2025-11-25T10:00:00Z"}';
  await succeed(lake, ["ingest", "tasks", "--data", late], at(41));
  await succeed(lake, ["run"], at(41));
  expect(await succeed(lake, ["verify"], at(41))).toMatchObject({ same: true });
  await succeed(lake, ["retention", "--apply"], at(200));
  expect(await succeed(lake, ["verify"], at(200))).toMatchObject({ same: true });
  const sealed = join(lake, "gold/analytics/daily-20251125.json");
  await writeFile(sealed, (await readFile(sealed, "utf8")).replace('"total_tasks": 2', '"total_tasks": 9'));
  const { code, stdout } = await medallion(lake, ["verify", "--quick"], at(200));
  expect([code, stdout]).toEqual([1, expect.stringContaining("changed   gold/analytics/daily-20251125.json")]);
});
