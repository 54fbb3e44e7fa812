import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../testing/lakes.ts";
import { decodeName, encodeName, isSafeName, LONGEST_NAME } from "./names.ts";

/** Any sequence of UTF-16 units, so also halves of surrogate pairs; and what tends to go wrong. */
const names = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }).map((units) => String.fromCharCode(...units)),
  fc.array(fc.integer({ min: 0xd7f0, max: 0xe010 }), { maxLength: 12 }).map((units) => String.fromCharCode(...units)),
  fc.string({ unit: "grapheme", maxLength: 80 }),
  fc
    .array(
      fc.constantFrom("con", "NUL", "lpt1", ".", "..", "-", "%", "%41", "~", " ", "/", "\\", "a", "A", "com1", "é"),
    )
    .map((parts) => parts.join("")),
);

describe("encodeName", () => {
  test.each([
    ["security-master", "security-master"],
    ["task_created.v2", "task_created.v2"],
    ["", "%_"],
    ["Security", "%53ecurity"],
    ["..", "%2e%2e"],
    [".hidden", "%2ehidden"],
    ["a.", "a%2e"],
    [".", "%2e"],
    ["-rf", "%2drf"],
    ["a/../b", "a%2f..%2fb"],
    ["100%", "100%25"],
    ["con", "%63on"],
    ["nul.txt", "%6eul.txt"],
    ["console", "console"],
    ["é", "%c3%a9"],
    ["\u{1f600}", "%f0%9f%98%80"],
    ["\ud800", "%ed%a0%80"],
    ["a\0b", "a%00b"],
  ])("%j becomes %s", (name, encoded) => {
    expect(encodeName(name)).toBe(encoded);
    expect(decodeName(encoded)).toBe(name);
  });

  test("gives a safe name, and gives the original back", () => {
    fc.assert(
      fc.property(names, (name) => {
        const encoded = encodeName(name);
        expect(isSafeName(encoded)).toBe(true);
        expect(encoded).toBe(encoded.toLowerCase());
        expect(encoded.normalize("NFD")).toBe(encoded);
        if (!encoded.includes("%~")) expect(decodeName(encoded)).toBe(name);
      }),
      { numRuns: 3000 },
    );
  });

  test("never gives two names the same file name, also where case is ignored", () => {
    const pairs = fc.oneof(
      fc.tuple(names, names),
      names.map((name): [string, string] => [name, name.toUpperCase()]),
      names.map((name): [string, string] => [name, name.normalize("NFD")]),
      names.map((name): [string, string] => [name, encodeName(name)]),
    );
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        expect(encodeName(a).toLowerCase() === encodeName(b).toLowerCase()).toBe(a === b);
      }),
      { numRuns: 3000 },
    );
  });

  test("shortens long names, each to a name of its own", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 161, maxLength: 300, unit: "binary" }), fc.boolean(), (name, upper) => {
        const other = upper ? `${name}x` : `x${name}`;
        const encoded = encodeName(name);
        expect(encoded.length).toBeLessThanOrEqual(LONGEST_NAME);
        expect(isSafeName(encoded)).toBe(true);
        expect(encodeName(other)).not.toBe(encoded);
        expect(() => decodeName(encoded)).toThrowError(expect.objectContaining({ code: "NAME_INVALID" }));
      }),
    );
  });

  test("keeps names up to the limit in full", () => {
    expect(decodeName(encodeName("a".repeat(160)))).toBe("a".repeat(160));
    expect(encodeName("a".repeat(161))).toMatch(/^a{94}%~[0-9a-f]{64}$/);
    expect(encodeName("é".repeat(30))).toMatch(/^(?:%[0-9a-f]{2}){31}%~[0-9a-f]{64}$/);
  });

  test("makes names that a file system takes, none outside its folder", async () => {
    const folder = join(await temporaryFolder(), "inside");
    await mkdir(folder);
    const written = ["..", "../escape", "/etc/passwd", "a\0b", "C:\\x", "CON", "", " ", "\ud800", "é".repeat(100)];
    for (const name of written) await writeFile(join(folder, encodeName(name)), "");
    expect(await readdir(folder)).toHaveLength(written.length);
    expect(existsSync(join(folder, "..", "escape"))).toBe(false);
  });
});

describe("decodeName", () => {
  test.each(["", "A", "%4", "%61", "%C3%A9", "%ff", "%c3", "a b", "..", ".a", "con", "%ed%a0%bd%ed%b8%80", "a/b", "%"])(
    "refuses %j, which encodeName never returns",
    (text) => {
      expect(() => decodeName(text)).toThrowError(expect.objectContaining({ code: "NAME_INVALID" }));
    },
  );

  test("takes only what encodeName returns", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9_.%-]{1,20}$/), (text) => {
        let name: string | null = null;
        try {
          name = decodeName(text);
        } catch {}
        if (name !== null) expect(encodeName(name)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });
});
