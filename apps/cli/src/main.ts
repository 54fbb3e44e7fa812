import { ConfigError } from "./config/errors.ts";
import { reportFailure } from "./failure.ts";
import { program } from "./program.ts";

const UNSETTLED_AWAIT = 13;

const args = process.argv.slice(2);
const isJson = args.includes("--json");
const CANNOT_PRINT = 1;

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // A reader such as `head` may close the pipe early; what it has not read is not wanted.
  if (error.code === "EPIPE" || process.exitCode === CANNOT_PRINT) return;
  process.exitCode = CANNOT_PRINT;
  process.stderr.write(
    `medallion: Standard output cannot be written (${error.message}). What was asked for may be done.\n`,
  );
});
// Nobody can be told of this one, and the work goes on without.
process.stderr.on("error", () => undefined);

let isSettled = false;
process.on("exit", () => {
  // Node ends by itself when nothing is left that could settle what is waited for: only a configuration can bring that about.
  if (isSettled || (process.exitCode ?? UNSETTLED_AWAIT) !== UNSETTLED_AWAIT) return;
  const problem = "it waits for something that never comes";
  process.exitCode = reportFailure(new ConfigError("CONFIG_INVALID", "the configuration", [problem]), isJson);
});

try {
  await program().parseAsync(args, { from: "user" });
} catch (error) {
  process.exitCode = reportFailure(error, isJson);
}
isSettled = true;
