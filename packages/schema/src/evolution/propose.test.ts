import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { defineDataset } from "../contract/dataset.ts";
import { BUILT_IN_DATASETS } from "../datasets/built-in.ts";
import { isoInstant } from "../instant.ts";
import { numeric } from "../numeric.ts";
import type { Profile } from "./field-profile.ts";
import { proposeRecord } from "./propose.ts";

const everything = defineDataset({
  name: "everything",
  version: "1.0.0",
  folders: { bronze: "raw-everything", silver: "everything" },
  record: z.object({
    id: z.string().min(1).max(9),
    at: isoInstant(),
    "odd name": z.union([z.string(), z.int().min(-3).lt(9)]).nullish(),
    date: z.iso.date().nullish(),
    moment: z.iso.datetime({ offset: true }).optional(),
    uuid: z.uuid().nullish(),
    value: numeric().nullish(),
    list: z.array(z.unknown()).min(1).nullish(),
    map: z.record(z.string(), z.unknown()).nullish(),
    nested: z.object({ a: z.string(), b: z.boolean().nullish(), c: z.object({ d: z.unknown() }) }).nullish(),
    choice: z.literal(["a", 1, true]).nullish(),
    state: z.enum(["on", "off"]).nullish(),
    anything: z.unknown(),
  }),
  key: ["id"],
  time: "at",
});

const profile: Profile = {
  records: 10,
  more_fields: false,
  fields: [
    { name: "at", kinds: { string: 9, number: 1 } },
    { name: "id", kinds: { string: 5, number: 5 } },
    { name: "layer", kinds: { string: 1 } },
    { name: "never", kinds: { null: 3 } },
    { name: "new field", kinds: { string: 5, object: 1, null: 3 } },
    { name: "tags", kinds: { array: 5 } },
    { name: "\u2028'\"\\", kinds: { boolean: 1 } },
  ],
};

/** A folder inside the package, so that its modules are found. */
function temporaryFolder(): string {
  const parent = fileURLToPath(new URL("../../.reports/", import.meta.url));
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "proposal-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

it("proposes modules that type-check, and that compile to what they were made of", { timeout: 120_000 }, async () => {
  const folder = temporaryFolder();
  const proposals = [...BUILT_IN_DATASETS, everything].map((dataset) => ({
    dataset,
    proposal: proposeRecord(dataset, profile),
  }));
  const source = "../../src/index.ts";
  const local = (text: string) => text.replace('"@medallion/schema"', JSON.stringify(source));
  for (const { dataset, proposal } of proposals) {
    writeFileSync(join(folder, `${dataset.name}.before.ts`), local(proposal.before));
    writeFileSync(join(folder, `${dataset.name}.after.ts`), local(proposal.after));
  }
  const base = fileURLToPath(new URL("../../../../tsconfig.base.json", import.meta.url));
  const options = { noEmit: true, composite: false, incremental: false };
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ extends: base, compilerOptions: options, include: ["*.ts"] }),
  );
  const compiler = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
  const compiled = spawnSync(process.execPath, [compiler, "-p", join(folder, "tsconfig.json")], { encoding: "utf8" });
  expect(compiled.stdout).toBe("");
  for (const { dataset, proposal } of proposals) {
    const fields = async (which: string) => {
      const loaded: { record: z.ZodObject } = await import(
        pathToFileURL(join(folder, `${dataset.name}.${which}.ts`)).href
      );
      const { name, version, folders, key, time } = dataset;
      return defineDataset({ name, version, folders, key, time, record: loaded.record }).fields;
    };
    const plain = (items: typeof dataset.fields) =>
      items.map(({ name, required, check }) => ({ name, required, check }));
    expect(plain(await fields("before"))).toEqual(plain(dataset.fields));
    expect(plain(await fields("after"))).not.toEqual(plain(dataset.fields));
    expect(proposal.before).not.toBe(proposal.after);
  }
});

it("leaves what cannot be changed, and says why it changes the rest", () => {
  const { after, reasons } = proposeRecord(everything, profile);
  expect(reasons).toEqual(
    [
      '"id" also holds number',
      '"new field" is new (string or object)',
      '"tags" is new (array)',
      '"\u2028\'\\"\\\\" is new (boolean)',
    ].map((reason) => reason.replace('"\u2028\'\\"\\\\"', '"\u2028\'"\\"')),
  );
  expect(after).toContain("  id: z.union([z.string().min(1).max(9), z.number()]),\n  at: isoInstant(),\n");
  expect(after).toContain('  "new field": z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),\n');
  expect(after).not.toContain("layer");
});
