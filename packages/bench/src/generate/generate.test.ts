import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { BROKEN } from "./broken.ts";
import { type GenerateOptions, generate, generateLines, SHARES } from "./generate.ts";
import { Random } from "./random.ts";
import { lifeCycle, recordText } from "./task.ts";

const instant = z.iso.datetime({ precision: 3 });
const task = z.object({
  task_id: z.string().min(1),
  status: z.enum(["queued", "in_progress", "completed", "failed", "cancelled"]),
  created_at: instant,
  updated_at: instant,
});

/** A record that silver keeps, or null. `JSON.parse` takes the last of two equal keys, so those are looked for. */
function kept(line: string): z.infer<typeof task> | null {
  if ((line.match(/"status":/g) ?? []).length !== 1) return null;
  try {
    const { data } = task.safeParse(JSON.parse(line));
    return data ?? null;
  } catch {
    return null;
  }
}

function share(part: number, whole: number): number {
  return part / whole;
}

describe("the generator", () => {
  const records = 40_000;
  const lines = [...generateLines({ records })];

  it("is the same for the same seed and another for another", async () => {
    const digest = (options: GenerateOptions) => {
      const hash = createHash("sha256");
      for (const piece of generate(options)) hash.update(piece);
      return hash.digest("hex");
    };
    const options = fc.record({ records: fc.integer({ min: 1, max: 300 }), seed: fc.integer() });
    fc.assert(
      fc.property(options, (given) => {
        expect(digest(given)).toBe(digest(given));
        expect(digest(given)).not.toBe(digest({ ...given, seed: given.seed + 1 }));
      }),
      { numRuns: 30 },
    );
  });

  it("makes exactly as many lines as asked for, in UTF-8", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000 }), fc.boolean(), fc.boolean(), (count, clean, finalOnly) => {
        const text = Buffer.concat([...generate({ records: count, clean, finalOnly })]).toString("utf8");
        expect(text.split("\n").length - 1).toBe(count);
        expect(text.includes("�")).toBe(false);
      }),
      { numRuns: 30 },
    );
  });

  it("makes records of 350 to 420 bytes on average", () => {
    const sizes = lines.filter((line) => kept(line) !== null).map((line) => Buffer.byteLength(line));
    const average = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    expect(average).toBeGreaterThan(350);
    expect(average).toBeLessThan(420);
  });

  it("keeps the shares of duplicates, broken and late records", () => {
    const good = lines.map(kept).filter((record) => record !== null);
    const keys = new Set(good.map((record) => `${record.task_id} ${record.updated_at}`));
    expect(share(good.length - keys.size, records)).toBeCloseTo(SHARES.duplicate, 2);
    expect(share(records - good.length, records)).toBeGreaterThan(SHARES.broken * 0.8);
    expect(share(records - good.length, records)).toBeLessThan(SHARES.broken * 1.2);
    let latest = 0;
    let late = 0;
    for (const { updated_at } of good) {
      const at = Date.parse(updated_at);
      if (at < latest - 86_000_000) late += 1;
      latest = Math.max(latest, at);
    }
    expect(share(late, records)).toBeGreaterThan(SHARES.late * 0.6);
    expect(share(late, records)).toBeLessThan(SHARES.late * 1.2);
  });

  it("lets a task go from queued to in_progress to its end", () => {
    const states = new Map<string, string[]>();
    for (const line of generateLines({ records: 3_000, clean: true })) {
      const record = kept(line);
      if (record === null) throw new TypeError(`expected a whole record, found ${line}`);
      const seen = states.get(record.task_id) ?? [];
      if (seen.at(-1) !== record.status) seen.push(record.status);
      states.set(record.task_id, seen);
    }
    for (const [first, second] of states.values()) {
      expect(first).toBe("queued");
      if (second !== undefined) expect(second).toBe("in_progress");
    }
  });

  it("breaks a record in ten ways, none of which can be kept", () => {
    expect(Object.keys(BROKEN)).toHaveLength(10);
    const [state] = lifeCycle(new Random(1), 0, Date.UTC(2025, 10, 1)).states;
    if (state === undefined) throw new TypeError("a task has no state");
    expect(kept(recordText(state))).not.toBeNull();
    for (const way of Object.values(BROKEN)) expect(kept(way(state))).toBeNull();
  });
});
