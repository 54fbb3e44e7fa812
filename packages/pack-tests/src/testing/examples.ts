import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Installation } from "../installation.ts";
import { ROOT } from "../workspace.ts";

/** What the examples of a document printed, and what the document says that they print. */
export interface ExampleOutput {
  readonly printed: readonly string[];
  /** The comments behind `console.log`, and what stands behind "it prints". */
  readonly said: readonly string[];
}

/** The code blocks of a Markdown file of the repository that are in a language, in their order. */
export async function codeBlocks(path: string, language: string): Promise<string[]> {
  return blocksOf(await readFile(join(ROOT, path), "utf8"), language);
}

/**
 * Type-checks the JavaScript of a Markdown file and runs it, one block after the other in the same folder.
 * @throws Error when there is none, when the compiler complains of one, or one fails
 */
export async function runExamples(installation: Installation, path: string): Promise<ExampleOutput> {
  const text = await readFile(join(ROOT, path), "utf8");
  const examples = blocksOf(text, "js");
  if (examples.length === 0) throw new Error(`${path} has no example in JavaScript`);
  const names = examples.map((_, index) => `example-${index + 1}.mjs`);
  await Promise.all(examples.map((example, index) => installation.write(names[index] ?? "", example)));
  const complaints = await installation.complaints(...names);
  if (complaints !== "") throw new Error(`the compiler complains of the examples of ${path}:\n${complaints}`);
  const printed: string[] = [];
  for (const name of names) {
    const output = await installation.node(`await import("./${name}");`);
    printed.push(...output.trimEnd().split(/\r?\n/));
  }
  const comments = examples.flatMap((example) => [...example.matchAll(/console\.log\(.*; \/\/ (.*)$/gm)]);
  const sentences = [...text.matchAll(/\bit prints `([^`]+)`/gi)];
  return { printed, said: [...comments, ...sentences].map(([, said = ""]) => said) };
}

function blocksOf(text: string, language: string): string[] {
  return [...text.matchAll(/^```(\w+)\r?\n(.*?)^```\r?$/gms)]
    .filter(([, found]) => found === language)
    .map(([, , code = ""]) => code);
}
