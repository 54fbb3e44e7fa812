import { Readable } from "node:stream";
import { reportFailure } from "../failure.ts";
import { program } from "../program.ts";

/** What a command did. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The end of the command that ran last: a command has the working folder and the output of the process to itself. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs the command as `main` does, but in this process: a process of its own costs as much again as the work of a short command.
 * @param environment variables that it sees beside those of this process
 */
export function runInProcess(
  folder: string,
  args: readonly string[],
  input: string | Buffer,
  environment: Readonly<Record<string, string>>,
): Promise<Outcome> {
  const outcome = last.then(() => runAlone(folder, args, input, environment));
  last = outcome.catch(() => undefined);
  return outcome;
}

async function runAlone(
  folder: string,
  args: readonly string[],
  input: string | Buffer,
  environment: Readonly<Record<string, string>>,
): Promise<Outcome> {
  const { env, exitCode, stdin } = process;
  const before = process.cwd();
  const [stdout, stderr] = [capture(process.stdout), capture(process.stderr)];
  process.env = { ...env, ...environment };
  Object.defineProperty(process, "stdin", { value: Readable.from([input]), configurable: true });
  process.chdir(folder);
  process.exitCode = undefined;
  try {
    await program().parseAsync(args, { from: "user" });
    return { code: Number(process.exitCode ?? 0), stdout: stdout.text(), stderr: stderr.text() };
  } catch (error) {
    const code = reportFailure(error, args.includes("--json"));
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.exitCode = exitCode;
    process.chdir(before);
    Object.defineProperty(process, "stdin", { value: stdin, configurable: true });
    process.env = env;
    stdout.release();
    stderr.release();
  }
}

/** Keeps what is written to a stream, until it is released. */
function capture(stream: NodeJS.WriteStream): { text(): string; release(): void } {
  const { write } = stream;
  const chunks: Buffer[] = [];
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    chunks.push(Buffer.from(chunk));
    for (const callback of rest) if (typeof callback === "function") callback();
    return true;
  };
  return {
    text: () => Buffer.concat(chunks).toString(),
    release: () => {
      stream.write = write;
    },
  };
}
