import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { program } from "./program.ts";
import { workplace } from "./testing/medallion.ts";

function commandsBelow(command: Command, path = command.name()): [path: string, command: Command][] {
  return command.commands.flatMap((child) => {
    const name = `${path} ${child.name()}`;
    return child.commands.length > 0 ? commandsBelow(child, name) : [[name, child] as const];
  });
}

/** Help as it is printed, with its examples. */
function helpOf(command: Command): string {
  const lines: string[] = [];
  command.configureOutput({ writeOut: (text) => lines.push(text) });
  command.outputHelp();
  return lines.join("");
}

describe("help", () => {
  it.each(commandsBelow(program()))(
    "of %s has a description, examples and no line that is too wide",
    (path, command) => {
      const help = helpOf(command);
      expect(command.description()).toMatch(/^[A-Z].*\.$/);
      expect(help).toMatch(new RegExp(`Examples:\\n {2}\\$ .*${path.replaceAll("-", "\\-")}`));
      for (const argument of command.registeredArguments) expect(argument.description).not.toBe("");
      const prose = help.split("\n").filter((line) => !line.startsWith("  $ "));
      expect(Math.max(...prose.map((line) => line.length))).toBeLessThanOrEqual(120);
    },
  );

  it("lists every command under a heading, and shared options after a command's own", () => {
    const root = program();
    const help = helpOf(root);
    expect(root.commands.every((command) => command.helpGroup() !== "")).toBe(true);
    expect(help).toMatch(/Bring data in:\n {2}ingest <data set> \[path\.\.\.\] /);
    const run = helpOf(root.commands.find((command) => command.name() === "run") ?? root);
    const headings = run.split("\n").filter((line) => /^[A-Z][a-z ]+:$/.test(line));
    expect(headings).toEqual(["Arguments:", "Options:", "Engine options:", "Common options:", "Examples:"]);
  });
});

describe("wrong usage", () => {
  it("names the command's own help, and is a document for machines", async () => {
    const { medallion } = await workplace();
    const { code, stdout, stderr } = await medallion(["quarantine", "show", "--json"]);
    expect(code).toBe(2);
    expect(stderr).toBe("medallion: missing required argument 'data set'\n(see `medallion quarantine show --help`)\n");
    expect(JSON.parse(stdout)).toEqual({
      error: { code: "USAGE_INVALID", message: "missing required argument 'data set'" },
    });
  });

  it("refuses a memory limit without a unit before anything is done", async () => {
    const { medallion } = await workplace();
    const { code, stderr } = await medallion(["run", "--memory-limit", "4"]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("such as 700MB or 2GB") });
  });
});
