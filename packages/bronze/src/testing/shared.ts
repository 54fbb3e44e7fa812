import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Public data beside the repository, for local checks. */
export function sharedFolder(name: string): { path: string; missing: boolean } {
  const path = fileURLToPath(new URL(`../../../../../shared/${name}`, import.meta.url));
  return { path, missing: !existsSync(path) };
}
