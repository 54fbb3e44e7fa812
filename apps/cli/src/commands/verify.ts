import { CliError } from "../cli-error.ts";
import type { CommonOptions } from "../common-options.ts";
import { openConfiguredLake } from "../config/open-lake.ts";
import { configuredRules } from "../json-schemas/configured-rules.ts";
import { withProgress } from "../progress.ts";
import { counted, printResult, someOf } from "../terminal.ts";
import { type Verification, verifyLake } from "../verify/verify-lake.ts";
import { type EngineOptions, sessionOf } from "./session-options.ts";

export interface VerifyOptions extends CommonOptions, EngineOptions {
  readonly quick?: true;
  readonly contains?: string;
}

/** `medallion verify`; ends with 1 when something differs. */
export async function verify(options: VerifyOptions): Promise<void> {
  const { lake, config } = await openConfiguredLake(options);
  const contains = options.contains?.toLowerCase();
  if (contains !== undefined && !/^[0-9a-f]{64}$/.test(contains)) {
    throw new CliError(
      "USAGE_INVALID",
      `Expected a SHA-256 as 64 hexadecimal digits for --contains, found "${options.contains}".`,
    );
  }
  const rules = await configuredRules(config);
  const session = sessionOf("medallion verify", config, options);
  const found = await withProgress(options, (signal, onStep) =>
    verifyLake(lake, { ...session, ...rules, signal, onStep, quick: options.quick === true }),
  );
  const isContained = contains === undefined || found.running.includes(contains);
  const log = { file: "_medallion/commits", kind: "changed" as const };
  const lost = {
    ...log,
    problem: `expected a commit with the running checksum ${contains}, found none: this is another log, or commits were removed`,
  };
  const differences = isContained ? found.differences : [lost, ...found.differences];
  const { commits, checked, left } = found;
  const running = found.running.at(-1) ?? null;
  const quick = options.quick === true;
  printResult(options, { same: differences.length === 0, quick, commits, running, checked, differences, left }, [
    ...differences.map(({ file, kind, problem }) => `${kind.padEnd(9)} ${file}: ${problem}`),
    ...notCompared(left),
    ...summary(found, differences.length, quick),
  ]);
  if (differences.length > 0) process.exitCode = 1;
}

/** What could not be recomputed, a line for each reason. */
function notCompared(left: Verification["left"]): string[] {
  const reasons = [...new Set(left.map(({ reason }) => reason))];
  return reasons.map((reason) => {
    const files = left.filter((item) => item.reason === reason).map(({ file }) => file);
    return `Not recomputed: ${someOf(files)}; ${reason}.`;
  });
}

function summary({ commits, running, checked }: Verification, differences: number, quick: boolean): string[] {
  const { bronze, files, rebuilt } = checked;
  const looked = `${counted(commits, "commit")}, ${counted(bronze, "file")} of bronze, ${files} of silver and gold`;
  const again = quick ? "hashes and sizes only" : `${rebuilt} of them recomputed from bronze`;
  const result = differences === 0 ? "Nothing differs" : `${counted(differences, "difference")}`;
  const head = running.at(-1);
  return [
    `${result}: ${looked}; ${again}.`,
    ...(head === undefined ? [] : [`Running checksum of the last commit: ${head}`]),
  ];
}
