import { appendFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Lake } from "@medallion/lake";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crashAt } from "../testing/crashing-storage.ts";
import { FILE, linesOf, now, TARGET, takeApart, temporaryFolder, temporaryLake } from "../testing/lake.ts";
import { takeNew } from "./ingest-new.ts";
import { SETTINGS } from "./journaled-ingestion.ts";

const HALF = 6;

const name = fc.constantFrom("a.jsonl", "b.jsonl", "c.jsonl");
/** What is asked for: the folder, or one file of it. */
const source = fc.option(name, { nil: null });
const append = fc.record({ kind: fc.constant("append" as const), name, half: fc.boolean() });
const death = fc.record({
  kind: fc.constant("die" as const),
  source,
  step: fc.integer({ min: 1, max: 60 }),
  batchBytes: fc.constantFrom(1, 1_000_000),
});
const action = fc.oneof(
  { arbitrary: append, weight: 3 },
  fc.record({ kind: fc.constant("rewrite" as const), name, inPlace: fc.boolean() }),
  fc.record({ kind: fc.constant("rename" as const), name, to: name }),
  fc.record({ kind: fc.constant("take" as const), source }),
  { arbitrary: death, weight: 2 },
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

/** Files that their writers append to, rewrite and rename, and a lake that takes what is new of them. */
class ChangingFiles {
  /** The lines that were whole in a file when an ingestion of it came to its end. */
  readonly due = new Set<string>();
  readonly #lake: Lake;
  readonly #folder: string;
  readonly #files = new Map<string, { lines: string[]; half: string }>();
  #lines = 0;

  constructor(lake: Lake, folder: string) {
    this.#lake = lake;
    this.#folder = folder;
  }

  async apply(step: Action): Promise<void> {
    switch (step.kind) {
      case "append":
        return await this.#append(step.name, step.half);
      case "rewrite":
        await (step.inPlace ? writeFile(this.#at(step.name), "") : rm(this.#at(step.name), { force: true }));
        this.#files.delete(step.name);
        return await this.#append(step.name, false);
      case "rename": {
        const moved = this.#files.get(step.name);
        if (moved === undefined || step.name === step.to) return;
        await rename(this.#at(step.name), this.#at(step.to));
        this.#files.delete(step.name);
        this.#files.set(step.to, moved);
        return;
      }
      case "take":
        return await this.take(step.source);
      case "die":
        return await this.#takeAndDie(step.source, step.step, step.batchBytes);
      default:
        step satisfies never;
    }
  }

  async take(only: string | null): Promise<void> {
    if (only !== null && !this.#files.has(only)) return;
    await this.#take(this.#lake, only, SETTINGS.batchBytes);
    this.#taken(only);
  }

  async #append(file: string, half: boolean): Promise<void> {
    const known = this.#files.get(file) ?? { lines: [], half: "" };
    this.#files.set(file, known);
    const line = `{"n":${this.#lines++},"text":"é"}`;
    const rest = known.half === "" ? "" : `${known.half.slice(HALF)}\n`;
    if (known.half !== "") known.lines.push(known.half);
    known.half = half ? line : "";
    if (!half) known.lines.push(line);
    await appendFile(this.#at(file), `${rest}${half ? line.slice(0, HALF) : `${line}\n`}`);
  }

  async #takeAndDie(only: string | null, step: number, batchBytes: number): Promise<void> {
    if (only !== null && !this.#files.has(only)) return;
    const { storage, crashed } = crashAt(step);
    await this.#take({ ...this.#lake, storage }, only, batchBytes).catch((error: unknown) => {
      if (!crashed()) throw error;
    });
    if (!crashed()) this.#taken(only);
    // The lock of a process that died is free; this one lives on.
    else await rm(join(this.#lake.root, "_medallion/ingested/tasks/lock"), { force: true });
  }

  #take(lake: Lake, only: string | null, batchBytes: number) {
    const path = only === null ? this.#folder : this.#at(only);
    const options = { ...SETTINGS, dataset: "tasks", now, batchBytes };
    return takeNew(lake, TARGET, [{ kind: "path", path }], options);
  }

  #taken(only: string | null): void {
    for (const [file, { lines }] of this.#files) {
      if (only === null || only === file) for (const line of lines) this.due.add(line);
    }
  }

  #at(file: string): string {
    return join(this.#folder, file);
  }
}

describe("files that grow, are rewritten and renamed between ingestions that die", () => {
  const check = async (actions: readonly Action[]) => {
    const lake = await temporaryLake();
    const files = new ChangingFiles(lake, await temporaryFolder());
    for (const step of actions) await files.apply(step);
    await files.take(null);
    const lines = await linesOf(lake, FILE).catch(() => []);
    const texts = lines.filter((line) => line !== "").map((line) => takeApart(line).content.toString());
    expect(new Set(texts).size).toBe(texts.length);
    expect([...files.due].filter((line) => !texts.includes(line))).toEqual([]);
    expect(texts.every((text) => /^\{"n":\d+,"text":"é"\}$/.test(text))).toBe(true);
  };

  it("have each whole line in bronze once", async () => {
    await fc.assert(fc.asyncProperty(fc.array(action, { maxLength: 15 }), check), { numRuns: 20 });
  }, 120_000);

  it("also when all that is added to one that was renamed is half a line, and another takes its place", async () => {
    await check([
      { kind: "rewrite", name: "a.jsonl", inPlace: true },
      { kind: "rename", name: "a.jsonl", to: "b.jsonl" },
      { kind: "append", name: "b.jsonl", half: true },
      { kind: "die", source: null, step: 14, batchBytes: 1 },
      { kind: "rename", name: "b.jsonl", to: "a.jsonl" },
      { kind: "append", name: "b.jsonl", half: false },
      { kind: "take", source: null },
    ]);
  });

  it("also when only the file that takes the place of another one is asked for", async () => {
    await check([
      { kind: "append", name: "a.jsonl", half: false },
      { kind: "take", source: "a.jsonl" },
      { kind: "append", name: "a.jsonl", half: false },
      { kind: "rename", name: "a.jsonl", to: "b.jsonl" },
      { kind: "append", name: "a.jsonl", half: false },
      { kind: "take", source: "a.jsonl" },
    ]);
  });
});
