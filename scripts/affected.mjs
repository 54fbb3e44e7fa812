import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./run.mjs";

/**
 * Prints the packages that a change touches, itself or through a dependency, as a JSON list of names. The change is what
 * lies between the commits TURBO_SCM_BASE and TURBO_SCM_HEAD.
 */
const turbo = join(root, "node_modules", "turbo", "bin", "turbo");
const output = execFileSync(process.execPath, [turbo, "ls", "--affected", "--output=json"], {
  cwd: root,
  encoding: "utf8",
  stdio: ["ignore", "pipe", "inherit"],
});
/** @type {{ packages: { items: { name: string }[] } }} */
const { packages } = JSON.parse(output);
console.log(JSON.stringify(packages.items.map(({ name }) => name).filter((name) => name.startsWith("@medallion/"))));
