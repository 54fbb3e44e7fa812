import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Installation } from "./installation.ts";
import { codeBlocks } from "./testing/examples.ts";
import { installed } from "./testing/installed.ts";

let team: Installation;
beforeAll(async () => {
  team = await installed("@medallion/cli");
  await mkdir(join(team.folder, "coordination/tasks"), { recursive: true });
  await team.write(
    "coordination/tasks/a.json",
    '{"id":"a","status":"completed","updated_at":"2025-11-27T10:00:00Z"}\n',
  );
});

test("the commands of the README's example run through npx, one after the other", async () => {
  const [example = ""] = await codeBlocks("apps/cli/README.md", "sh");
  const commands = [...example.matchAll(/^medallion ([^#\n]*)/gm)].map(([, words = ""]) => words.trim().split(/ +/));
  expect(commands.length).toBeGreaterThan(3);
  for (const words of commands) {
    const { code, stderr } = await team.npx(...words);
    expect({ words, code, stderr }).toEqual({ words, code: 0, stderr: expect.not.stringContaining("medallion:") });
  }
  expect(await team.json("status")).toMatchObject({ pending: [] });
});

test("the configuration of the README type-checks and is taken", async () => {
  const [example = ""] = await codeBlocks("apps/cli/README.md", "ts");
  await team.write("medallion.config.ts", example);
  expect(await team.complaints("medallion.config.ts")).toBe("");
  const { code, stdout } = await team.npx("config", "--json");
  expect(code).toBe(0);
  expect(stdout).toContain('"builds"');
});

test("a mistake ends with 2 and says what to do, also through npx", async () => {
  const { code, stdout, stderr } = await team.npx("ingest", "nothing-known", "coordination/tasks");
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/nothing-known/);
});
