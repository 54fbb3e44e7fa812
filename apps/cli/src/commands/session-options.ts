import type { Config } from "../config/config.ts";
import type { SessionOptions } from "../pipeline/session.ts";
import { cliVersion } from "../version.ts";

/** Options of commands that start an engine. */
export interface EngineOptions {
  readonly wait: number;
  readonly engine?: string;
  readonly threads?: number;
  readonly memoryLimit?: string;
}

/** What the command line and the configuration say of a session. */
export function sessionOf(
  command: string,
  config: Config,
  options: EngineOptions,
): Omit<SessionOptions, "signal" | "onStep"> {
  const engineUrl = options.engine ?? config.engine.url;
  const threads = options.threads ?? config.engine.threads;
  const memoryLimit = options.memoryLimit ?? config.engine.memoryLimit;
  return {
    command,
    version: cliVersion(),
    waitMs: options.wait * 1000,
    engineUrl,
    ...(threads === null ? {} : { threads }),
    ...(memoryLimit === null ? {} : { memoryLimit }),
  };
}
