import { spawn } from "node:child_process";
import { createRequire } from "node:module";

/** What a process did. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What npm needs to reach its registry and its cache; the rest of npm's variables belongs to the script that runs this. */
const NPM_SETTINGS = /^npm_config_(registry|cache|userconfig|globalconfig|cafile|proxy|https_proxy|noproxy)$/i;

/** The environment of a team's own project: nothing of the workspace, no colours, no questions. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([key]) => (!/^npm_/i.test(key) || NPM_SETTINGS.test(key)) && !/^(MEDALLION_|VITEST|NODE_)/.test(key),
  );
  return { ...Object.fromEntries(kept), NO_COLOR: "1", CI: "true" };
}

/**
 * Runs a program to its end.
 * @param variables put into its environment
 * @throws Error when it cannot be started
 */
export function runProcess(
  command: string,
  args: readonly string[],
  cwd: string,
  input = "",
  variables: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  // Windows finds npm and npx, which are `.cmd` files, only through a shell.
  const shell = process.platform === "win32" && /^np[mx]$/.test(command);
  const child = spawn(command, args, { cwd, env: { ...environment(), ...variables }, shell });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) =>
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
  });
}

/**
 * Runs a program that must succeed, and gives its standard output.
 * @throws Error with all that it printed, when it ends with anything but 0
 */
export async function succeed(command: string, args: readonly string[], cwd: string, input?: string): Promise<string> {
  const { code, stdout, stderr } = await runProcess(command, args, cwd, input);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} in ${cwd} ended with ${code}:\n${stdout}\n${stderr}`);
  return stdout;
}

/** The path of a file in a package that the workspace has installed, such as `typescript/package.json`. */
export function toolPath(specifier: string): string {
  return createRequire(import.meta.url).resolve(specifier);
}
