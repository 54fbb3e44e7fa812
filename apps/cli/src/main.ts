import { reportFailure } from "./failure.ts";
import { program } from "./program.ts";

const args = process.argv.slice(2);

try {
  await program().parseAsync(args, { from: "user" });
} catch (error) {
  process.exitCode = reportFailure(error, args.includes("--json"));
}
