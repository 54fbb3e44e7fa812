import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Installation } from "../installation.ts";
import { ROOT } from "../workspace.ts";

/** The code blocks of a Markdown file of the repository that are in a language, in their order. */
export async function codeBlocks(path: string, language: string): Promise<string[]> {
  const text = await readFile(join(ROOT, path), "utf8");
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)]
    .filter(([, found]) => found === language)
    .map(([, , code = ""]) => code);
}

/** What an example says that it prints: the comments behind its `console.log`. */
export function saidOutput(example: string): string[] {
  return [...example.matchAll(/console\.log\(.*; \/\/ (.*)$/gm)].map(([, said = ""]) => said);
}

/**
 * Type-checks the JavaScript of a Markdown file and runs it, one block after the other in the same folder.
 * @returns the lines that were printed
 */
export async function runExamples(installation: Installation, path: string): Promise<string[]> {
  const printed: string[] = [];
  for (const [index, example] of (await codeBlocks(path, "js")).entries()) {
    const name = `example-${index}.mjs`;
    await installation.write(name, example);
    const complaints = await installation.complaints(name);
    if (complaints !== "") throw new Error(`${path}, example ${index + 1}: ${complaints}`);
    const output = await installation.node(`await import("./${name}");`);
    printed.push(...output.trimEnd().split(/\r?\n/));
  }
  return printed;
}
