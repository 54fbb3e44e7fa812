import { reportFailure } from "./failure.ts";
import { program } from "./program.ts";

const args = process.argv.slice(2);
const CANNOT_PRINT = 1;

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // A reader such as `head` may close the pipe early; what it has not read is not wanted.
  if (error.code === "EPIPE" || process.exitCode === CANNOT_PRINT) return;
  process.exitCode = CANNOT_PRINT;
  process.stderr.write(
    `medallion: Standard output cannot be written (${error.message}). What was asked for may be done.\n`,
  );
});

try {
  await program().parseAsync(args, { from: "user" });
} catch (error) {
  process.exitCode = reportFailure(error, args.includes("--json"));
}
