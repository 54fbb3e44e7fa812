import { mkdir, readdir, readFile, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openLake } from "@medallion/lake";
import { readName } from "@medallion/lake/layout";
import fc from "fast-check";
import { expect, it } from "vitest";
import { note } from "../figures.ts";
import { copyOf, digestsOf, filesOf, temporaryFolder } from "../lakes.ts";
import { medallion, succeed } from "../medallion.ts";

/** Names that mean something to a file system, a shell, SQL, JavaScript, a terminal or a spreadsheet. */
const NAMES = [
  ...["../../x", "/etc/x", "a/b", "a\\b", "C:\\x", "CON", "con.jsonl", ".", "..", "x.jsonl", "x-20251127", "-rf", "~"],
  ...[
    "n".repeat(300),
    `${"n".repeat(299)}m`,
    "line\nfeed",
    "\u202eright to left\u202c",
    "🦆",
    "é",
    "e\u0301",
    " ",
    "%",
    "%41",
  ],
  ...[
    "Name",
    "name",
    "NAME",
    "straße",
    "STRASSE",
    "'; drop table x; --",
    "$" + "{x}",
    "$(x)",
    "`x`",
    "back\\slash",
    '"',
    "''",
  ],
  ...[
    "__proto__",
    "constructor",
    "toString",
    "\u001b[31mred\u001b[0m",
    "\u0007bell",
    "=1+1",
    "+1",
    "@x",
    "\ud800",
    "null",
    "20251127",
  ],
];
const time = "2025-11-27T10:00:00Z";

async function newLake(): Promise<{ folder: string; lake: string }> {
  const folder = await temporaryFolder();
  const lake = join(folder, "lake");
  await succeed(lake, ["init"]);
  return { folder, lake };
}

it("masters, types and ids of every kind go through to gold and come back, each with files of its own", async () => {
  const { folder, lake } = await newLake();
  // An argument of a process cannot hold a NUL; a half of a surrogate pair becomes another character on its way.
  const given = NAMES.filter((name) => name !== "\ud800");
  for (const name of given.filter((_, index) => index % 6 === 0)) {
    await succeed(lake, [
      "ingest",
      "metrics",
      `--master=${name}`,
      "--data",
      JSON.stringify({ metric_name: "n", value: 1, timestamp: time }),
    ]);
  }
  const all = [...NAMES, "nul\u0000l"];
  const lines = (of: (name: string, index: number) => object) =>
    `${all.map((name, index) => JSON.stringify(of(name, index))).join("\n")}\n`;
  const tasks = lines((name, index) => ({
    task_id: name,
    status: "completed",
    master: name,
    type: name,
    priority: name,
    timestamp: time,
    index,
  }));
  await succeed(lake, ["ingest", "tasks", "-"], { input: tasks });
  await succeed(lake, ["ingest", "metrics", "-"], {
    input: lines((name) => ({ metric_name: name, value: 1, master: name, timestamp: time })),
  });
  await succeed(lake, ["ingest", "events", "-"], { input: lines((name) => ({ event_type: name, timestamp: time })) });
  for (const name of given.filter((_, index) => index % 10 === 0)) {
    await succeed(lake, ["ingest", "events", `--type=${name}`, "--data", JSON.stringify({ timestamp: time })]);
  }
  const run = await medallion(lake, ["run"]);
  expect([run.code, run.stderr]).toEqual([0, ""]);
  expect(await readdir(folder)).toEqual(["lake"]);

  const opened = await openLake(lake);
  const masters: string[] = [];
  for (const file of await readdir(join(lake, "silver/aggregated-metrics"))) {
    const document: { master: string } = JSON.parse(
      await readFile(join(lake, "silver/aggregated-metrics", file), "utf8"),
    );
    expect(await readName(opened, file.replace(/-[0-9]{8}\.json$/, ""))).toBe(document.master);
    masters.push(document.master);
  }
  const known = all.filter((name) => name !== "\ud800");
  expect(masters.filter((name) => name !== "\ud800" && name !== "\ufffd").sort()).toEqual(known.sort());
  const paths = (await filesOf(lake)).map((path) => path.normalize("NFC").toLowerCase());
  expect(new Set(paths).size).toBe(paths.length);

  const daily: { by_master: { master: string }[] } = JSON.parse(
    await readFile(join(lake, "gold/analytics/daily-20251127.json"), "utf8"),
  );
  for (const name of known) expect(daily.by_master.map(({ master }) => master)).toContain(name);
  expect(await succeed(lake, ["verify"])).toMatchObject({ same: true });
  note("hostile names", all.length);

  for (const args of [
    ["status"],
    ["query", "select task_id, master from silver_tasks"],
    ["ingest", "tasks", "no\u001b[31m-such"],
  ]) {
    const { stdout, stderr } = await medallion(lake, args);
    const hidden = [...`${stdout}${stderr}`].filter((character) => /\p{C}/u.test(character) && character !== "\n");
    expect([args[0], hidden]).toEqual([args[0], []]);
  }
});

const FOLDERS = [
  ...["bronze", "bronze/raw-tasks", "silver", "silver/processed-tasks", "silver/quarantine", "gold", "gold/analytics"],
  ...["_medallion", "_medallion/tmp", "_medallion/commits", "_medallion/names"],
];

it.skipIf(process.platform === "win32")("links inside the lake are not followed out of it", async () => {
  const { folder, lake } = await newLake();
  const records = ['{"task_id":"a","status":"completed","timestamp":"2025-11-27T10:00:00Z"}', "{ broken"];
  await succeed(lake, ["ingest", "tasks", "-"], { input: records.join("\n") });
  const metric = JSON.stringify({ metric_name: "n", value: 1, timestamp: time, master: "n".repeat(300) });
  await succeed(lake, ["ingest", "metrics", "--data", metric]);
  for (const linked of FOLDERS) {
    const [copy, outside] = [join(folder, "copy"), join(folder, "outside")];
    await copyOf(lake, copy);
    await mkdir(join(copy, linked), { recursive: true });
    await rm(outside, { recursive: true, force: true });
    await rename(join(copy, linked), outside);
    await writeFile(join(outside, "of someone else"), "");
    await utimes(join(outside, "of someone else"), 1, 1);
    await symlink(outside, join(copy, linked));
    const before = await digestsOf(outside);
    const { code, stderr } = await medallion(copy, ["run"]);
    expect([linked, code, stderr]).toEqual([linked, 1, expect.stringContaining("symbolic link")]);
    expect([linked, await digestsOf(outside)]).toEqual([linked, before]);
  }
});

it("keys that mean something to JavaScript are keys", async () => {
  const { lake } = await newLake();
  const record = `{"task_id":"a","status":"completed","timestamp":"${time}","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"hasOwnProperty":1}`;
  await succeed(lake, ["ingest", "tasks", "-"], { input: record });
  expect(await succeed(lake, ["run"])).toMatchObject({ read: 1 });
  const silver = await readFile(join(lake, "silver/processed-tasks/20251127.jsonl"), "utf8");
  expect(silver).toContain(
    '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"hasOwnProperty":1',
  );
});

it("any name comes back as it went in", async () => {
  const { lake } = await newLake();
  const names = fc
    .sample(fc.string({ unit: "binary", maxLength: 200 }), { numRuns: 300, seed: 7 })
    .filter((name) => name.isWellFormed());
  const input = names
    .map((name) => JSON.stringify({ metric_name: "n", value: 1, master: name, timestamp: time }))
    .join("\n");
  await succeed(lake, ["ingest", "metrics", "-"], { input });
  await succeed(lake, ["run"]);
  const opened = await openLake(lake);
  const found = new Set<string>();
  for (const file of await readdir(join(lake, "silver/aggregated-metrics"))) {
    found.add(await readName(opened, file.replace(/-[0-9]{8}\.json$/, "")));
  }
  expect([...found].sort()).toEqual([...new Set(names)].sort());
  note("hostile names", names.length);
});
