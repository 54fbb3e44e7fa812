import type { CommonOptions } from "../common-options.ts";
import { openConfiguredLake } from "../config/open-lake.ts";
import { configuredRules } from "../json-schemas/configured-rules.ts";
import { withProgress } from "../progress.ts";
import { counted, printResult } from "../terminal.ts";
import { diffEngines } from "../verify/diff-engines.ts";
import { type EngineOptions, sessionOf } from "./session-options.ts";

export interface DiffOptions extends CommonOptions, EngineOptions {
  readonly engines: readonly [first: string, second: string];
}

/** `medallion diff`; ends with 1 when the engines differ. */
export async function diff(options: DiffOptions): Promise<void> {
  const { lake, config } = await openConfiguredLake(options);
  const rules = await configuredRules(config);
  const session = sessionOf("medallion diff", config, options);
  const { engines } = options;
  const found = await withProgress(options, (signal, onStep) =>
    diffEngines(lake, { ...session, ...rules, engines, signal, onStep }),
  );
  const { differences, files } = found;
  const result = differences.length === 0 ? "Nothing differs" : counted(differences.length, "difference");
  const times = found.engines.map(({ name, seconds }) => `${name} ${seconds.toFixed(1)} s`).join(", ");
  printResult(options, { same: differences.length === 0, ...found }, [
    ...differences.map(({ file, kind, problem }) => `${kind.padEnd(9)} ${file}: ${problem}`),
    `${result}: ${counted(files, "file")} of silver and gold by both engines (${times}).`,
  ]);
  if (differences.length > 0) process.exitCode = 1;
}
