import { dirname, join } from "node:path";
import { succeed, toolPath } from "./process.ts";
import { objectOf, publishedPackages, ROOT } from "./workspace.ts";

/** By the name of a package, the absolute path of its tarball. */
export type Tarballs = Readonly<Record<string, string>>;

/** Packs every published package, as `pnpm publish` would, into a folder. They must be built. */
export async function packAll(into: string): Promise<Tarballs> {
  const pnpm = join(dirname(toolPath("pnpm")), "bin", "pnpm.cjs");
  const packages = await publishedPackages();
  const packed = packages.map(async ({ name, folder }) => {
    const output = await succeed(process.execPath, [pnpm, "pack", "--json", "--pack-destination", into], folder);
    const { filename } = objectOf(output);
    if (typeof filename !== "string") throw new TypeError(`pnpm pack of ${name} in ${ROOT} named no file: ${output}`);
    return [name, filename] as const;
  });
  return Object.fromEntries(await Promise.all(packed));
}
