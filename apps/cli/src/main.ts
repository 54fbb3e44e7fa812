import { reportFailure } from "./failure.ts";
import { program } from "./program.ts";

const args = process.argv.slice(2);

// A reader such as `head` may close the pipe early; what it has not read is not wanted.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

try {
  await program().parseAsync(args, { from: "user" });
} catch (error) {
  process.exitCode = reportFailure(error, args.includes("--json"));
}
