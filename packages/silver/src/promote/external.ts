import type { Engine } from "@medallion/engine";
import type { ExternalRules } from "../sql/stage.ts";

/** Bytes of a line of reasons. */
const LONGEST_VIOLATION = 16 * 1024 * 1024;

/** Reads the file of the lines that break rules which were checked outside of the engine. */
export async function externalSource(
  engine: Engine,
  { rules, path }: { readonly rules: readonly string[]; readonly path: string },
): Promise<ExternalRules> {
  const source = { path, file: "violations" };
  return { rules, lines: await engine.lines([source], { maxLineBytes: LONGEST_VIOLATION, json: true }) };
}
