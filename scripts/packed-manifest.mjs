import { relative, sep } from "node:path";
import { root } from "./run.mjs";

/*
 * What is added to the manifest of a package when a release packs it: pnpm calls the hook for each tarball and leaves the
 * file in the tree as it is. The repository's address is known where a release is made, so it stands in no package.json.
 */

/**
 * The repository that the environment of the CI names, as npm wants it in `repository.url`.
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined} such as `git+https://github.com/owner/name.git`; undefined where the environment names none
 */
export function repositoryUrl({ GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name }) {
  return server && name ? `git+${server}/${name}.git` : undefined;
}

/** The pnpm hooks; `MEDALLION_PROVENANCE=false` packs for a publication without provenance. */
export const hooks = {
  /**
   * @param {{ publishConfig?: { provenance?: boolean } }} manifest
   * @param {string} folder absolute
   */
  beforePacking(manifest, folder) {
    const url = repositoryUrl(process.env);
    const directory = relative(root, folder).split(sep).join("/");
    if (process.env.MEDALLION_PROVENANCE === "false") delete manifest.publishConfig?.provenance;
    return url === undefined ? manifest : { ...manifest, repository: { type: "git", url, directory } };
  },
};
