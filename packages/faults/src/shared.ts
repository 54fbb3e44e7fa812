import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Public data beside the checkout, for local checks only. */
export function sharedFolder(name: string): { readonly path: string; readonly missing: boolean } {
  const path = fileURLToPath(new URL(`../../../../shared/${name}`, import.meta.url));
  return { path, missing: !existsSync(path) };
}
