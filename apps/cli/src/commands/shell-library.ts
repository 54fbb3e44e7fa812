import { packageFile } from "../package-file.ts";

/** The absolute path of the functions for shell scripts. */
export const SHELL_LIBRARY = packageFile("lib/medallion.sh");

/** `medallion shell-library` */
export function shellLibrary(): void {
  process.stdout.write(`${SHELL_LIBRARY}\n`);
}
