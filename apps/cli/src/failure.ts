import { CommanderError } from "commander";
import { printable } from "./printable.ts";
import { cliVersion } from "./version.ts";

/** Exit codes; see sysexits(3) for 70 and 75. */
const EXIT = { failed: 1, usage: 2, bug: 70, locked: 75, interrupted: 130 } as const;

const USAGE_CODES = new Set([
  "LAKE_NOT_FOUND",
  "LAKE_EXISTS_DIFFERENTLY",
  "LAKE_INVALID",
  "TIME_ZONE_INVALID",
  "DAY_INVALID",
  "DAY_RANGE_INVALID",
  "NAME_INVALID",
  "SOURCE_NOT_FOUND",
  "SOURCE_NOT_A_FILE",
  "IMPORT_INVALID",
  "RANGE_TOO_LONG",
  "SILVER_RETIRED",
  "EXPRESSION_INVALID",
  "RULE_UNKNOWN",
  "SEVERITY_INVALID",
  "ENGINE_OPTION_INVALID",
  "DATASET_INVALID",
  "FIELD_NOT_COMPILABLE",
  "USAGE_INVALID",
  "QUERY_INVALID",
  "QUERY_REFUSED",
  "CONFIG_INVALID",
  "CONFIG_NOT_FOUND",
]);

const ERROR_CLASSES = new Set([
  "LakeError",
  "BronzeError",
  "SilverError",
  "GoldError",
  "EngineError",
  "SchemaError",
  "ConfigError",
  "CliError",
]);

/** An error of one of the packages: they share no class, but a stable code. */
interface CodedError extends Error {
  readonly code: string;
}

/**
 * Tells the user what went wrong, on standard error and, when a machine asked, as a document on standard output.
 * @returns the exit code
 */
export function reportFailure(error: unknown, json: boolean): number {
  if (error instanceof CommanderError) return reportUsage(error, json);
  if (error instanceof Error && error.name === "AbortError") return reportInterruption(json);
  const known = isCoded(error);
  const code = known ? error.code : "BUG";
  const message = known ? error.message : bugReport(error);
  process.stderr.write(`medallion: ${printable(message)}\n`);
  // What an ingestion that failed has taken and what it has not.
  const report = known && "report" in error && error.report !== null ? { report: error.report } : {};
  if (json) printError(code, message, report);
  return known ? exitCodeOf(code) : EXIT.bug;
}

/** What commander refuses it has told on standard error itself; it also ends this way after printing help. */
function reportUsage({ exitCode, code, message }: CommanderError, json: boolean): number {
  if (exitCode === 0) return 0;
  if (json && code !== "commander.help") printError("USAGE_INVALID", message.replace(/^error: /, ""));
  return EXIT.usage;
}

function reportInterruption(json: boolean): number {
  const message = "Interrupted. Nothing was committed; the next run does the work again.";
  process.stderr.write(`medallion: ${message}\n`);
  if (json) printError("INTERRUPTED", message);
  return EXIT.interrupted;
}

function printError(code: string, message: string, facts: object = {}): void {
  process.stdout.write(`${JSON.stringify({ error: { code, message, ...facts } }, null, 2)}\n`);
}

function isCoded(error: unknown): error is CodedError {
  return error instanceof Error && ERROR_CLASSES.has(error.name) && "code" in error && typeof error.code === "string";
}

function exitCodeOf(code: string): number {
  if (code === "LAKE_LOCKED") return EXIT.locked;
  if (code === "INTERRUPTED") return EXIT.interrupted;
  return USAGE_CODES.has(code) ? EXIT.usage : EXIT.failed;
}

function bugReport(error: unknown): string {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const where = `medallion ${cliVersion()}, Node ${process.version}, ${process.platform}-${process.arch}`;
  return `this is a bug in Medallion; please report it with these lines.\n${where}\n${what}`;
}
