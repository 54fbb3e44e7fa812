export type ConfigErrorCode = "CONFIG_INVALID" | "CONFIG_NOT_FOUND";

/** The configuration cannot be used. The message has every problem, each with its path. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly code: ConfigErrorCode;
  /** The file, as messages show it. */
  readonly file: string;
  /** Such as `retention.bronze: expected a whole number of days or "never", found -1`. */
  readonly problems: readonly string[];

  constructor(code: ConfigErrorCode, file: string, problems: readonly string[], options?: ErrorOptions) {
    super(messageOf(file, problems), options);
    this.code = code;
    this.file = file;
    this.problems = problems;
  }
}

function messageOf(file: string, problems: readonly string[]): string {
  if (problems.length === 1) return `${file}: ${problems[0]}`;
  return `${file} has ${problems.length} errors:\n${problems.map((problem) => `  ${problem}`).join("\n")}`;
}
