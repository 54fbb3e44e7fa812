import { fileURLToPath } from "node:url";

/** The absolute path of the functions for shell scripts. */
export const SHELL_LIBRARY = fileURLToPath(new URL("../../lib/medallion.sh", import.meta.url));

/** `medallion shell-library` */
export function shellLibrary(): void {
  process.stdout.write(`${SHELL_LIBRARY}\n`);
}
