import { root, run } from "./run.mjs";

// Turbo has already built what a test needs when it starts that test; this serves a test started by hand in one package.
const { TURBO_HASH: startedByTurbo, npm_package_name: name = "" } = process.env;
if (startedByTurbo === undefined) {
  if (!/^@medallion\/[a-z-]+$/.test(name))
    throw new Error(`expected to run as a script of a package, found ${name || "none"}`);
  run(`turbo run build --filter=${name} --output-logs=errors-only`, { cwd: root });
}
