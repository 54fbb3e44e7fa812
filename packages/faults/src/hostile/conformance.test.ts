import { readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { note } from "../figures.ts";
import { bronzeLines, temporaryFolder } from "../lakes.ts";
import { succeed } from "../medallion.ts";
import { sharedFolder } from "../shared.ts";

/** What a bronze line keeps of what came in: the text of a record, or the bytes of what is none. */
function contentOf(line: string): Buffer {
  const record: Record<string, unknown> = JSON.parse(line);
  if (typeof record.raw_base64 === "string") return Buffer.from(record.raw_base64, "base64");
  if (typeof record.raw === "string") return Buffer.from(record.raw);
  return Buffer.from(
    line.replace(/,?"ingested_at":"[^"]*","layer":"bronze"(?:,"source_file":"(?:[^"\\]|\\.)*")?\}$/, "}"),
  );
}

const squeeze = (bytes: Buffer) => bytes.toString("latin1").replace(/[\s]/g, "");

describe.each(["adversarial/json-parsing", "adversarial/json-transform"])("%s", (name) => {
  const { path, missing } = sharedFolder(name);

  it.skipIf(missing)("goes from bronze to gold as lines, whole, and every line is accounted for", async () => {
    const folder = await temporaryFolder();
    const lake = join(folder, "lake");
    await succeed(lake, ["init"]);
    const files = (await readdir(path)).filter((file) => file.endsWith(".json")).sort();
    const texts: Buffer[] = [];
    for (const file of files) {
      const bytes = await readFile(join(path, file));
      // As one line: white space between tokens, which line ends are, may go.
      texts.push(Buffer.from(bytes.toString("latin1").replace(/[\r\n]/g, " "), "latin1"));
    }
    const source = join(folder, "lines.jsonl");
    await writeFile(source, Buffer.concat(texts.flatMap((text) => [text, Buffer.from("\n")])));
    await succeed(lake, ["ingest", "tasks", source]);
    const kept = (await bronzeLines(lake, "raw-tasks")).map((line) => squeeze(contentOf(line))).join("");
    const given = texts.map(squeeze).join("");
    // Of whole documents an array gives its members; all else is kept.
    const content = (of: string) => of.replace(/[[\],]|ï»¿/g, "").length;
    expect(content(kept)).toBe(content(given));
    const run = await succeed(lake, ["run"]);
    expect(run).toMatchObject({ read: (await bronzeLines(lake, "raw-tasks")).length });
    expect(await succeed(lake, ["verify"])).toMatchObject({ same: true });
    note("hostile inputs", files.length);
  });

  it.skipIf(missing)("goes from bronze to gold as files, with the right verdicts", async () => {
    const lake = join(await temporaryFolder(), "lake");
    await succeed(lake, ["init"]);
    await succeed(lake, ["ingest", "events", "--type", "t", path]);
    await succeed(lake, ["run"]);
    const wrong: string[] = [];
    for (const line of await bronzeLines(lake, "events")) {
      const record: Record<string, unknown> = JSON.parse(line);
      const file = String(record.source_file).split("/").at(-1) ?? "";
      const isRaw = "raw" in record || "raw_base64" in record;
      const isObject = file.startsWith("y_object") || file.startsWith("y_structure_lonely_object");
      if (isObject && isRaw) wrong.push(file);
      if (file.startsWith("n_") && !isRaw && file !== "n_structure_object_with_trailing_garbage.json") wrong.push(file);
    }
    expect(wrong).toEqual([]);
    expect(await succeed(lake, ["verify"])).toMatchObject({ same: true });
    note("hostile inputs", (await readdir(path)).length);
  });
});

const csv = sharedFolder("adversarial/csv-spectrum");

it.skipIf(csv.missing)("csv-spectrum gives the values that it means", async () => {
  const lake = join(await temporaryFolder(), "lake");
  await succeed(lake, ["init"]);
  await succeed(lake, ["ingest", "events", "--type", "t", join(csv.path, "csvs")]);
  const found = new Map<string, object[]>();
  for (const line of await bronzeLines(lake, "events")) {
    const { ingested_at: _, layer: __, source_file, ...values } = JSON.parse(line);
    const texts = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));
    const name = basename(String(source_file), ".csv");
    found.set(name, [...(found.get(name) ?? []), texts]);
  }
  const names = (await readdir(join(csv.path, "csvs"))).map((name) => basename(name, ".csv"));
  for (const name of names) {
    const meant: Record<string, string>[] = JSON.parse(
      await readFile(join(csv.path, "expected-json", `${name}.json`), "utf8"),
    );
    // An empty cell is no field.
    const expected = meant.map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== "")));
    expect([name, found.get(name)]).toEqual([name, expected]);
  }
  await succeed(lake, ["run"]);
  note("hostile inputs", names.length);
});
