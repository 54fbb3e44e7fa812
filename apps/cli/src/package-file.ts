import { fileURLToPath } from "node:url";

/** The absolute path of a file of this package, such as `lib/medallion.sh`. Right beside `src` and in `dist`, which has no folders. */
export function packageFile(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
