import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageManager, root, run } from "./run.mjs";

const stamp = join(root, "node_modules", ".lockfile-hash");
const lockfile = readFileSync(join(root, "pnpm-lock.yaml"));
const hash = createHash("sha256").update(lockfile).update(process.version).digest("hex");

// The install needs nothing but npm: it fetches the pinned pnpm, which then is a dependency like any other.
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== hash) {
  run(`npm exec --yes --package=${packageManager()} -- pnpm install --frozen-lockfile`, { env: { CI: "true" } });
  writeFileSync(stamp, hash);
}
