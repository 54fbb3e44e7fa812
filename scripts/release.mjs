import { fileURLToPath } from "node:url";
import "./setup.mjs";
import { repositoryUrl } from "./packed-manifest.mjs";
import { run } from "./run.mjs";

/*
 * Publishes each package whose version the registry does not have, with provenance, which names the repository and is
 * given by a CI alone. `--no-provenance` publishes from anywhere. Other words go to `changeset publish`.
 */

const words = process.argv.slice(2);
const provenance = !words.includes("--no-provenance");
const odd = words.find((word) => !/^[\w@.=-]+$/.test(word));
if (odd !== undefined) throw new Error(`release.mjs takes plain words only, found ${JSON.stringify(odd)}`);
if (provenance && repositoryUrl(process.env) === undefined) {
  console.error(
    "expected GITHUB_SERVER_URL and GITHUB_REPOSITORY, as a workflow of GitHub sets them: npm gives provenance only to a " +
      "package that names its repository. To publish without provenance, run `npm run release -- --no-provenance`.",
  );
  process.exit(2);
}
run("turbo run build --filter=@medallion/cli --output-logs=errors-only");
run(["changeset publish", ...words.filter((word) => word !== "--no-provenance")].join(" "), {
  env: {
    npm_config_pnpmfile: fileURLToPath(new URL("packed-manifest.mjs", import.meta.url)),
    MEDALLION_PROVENANCE: String(provenance),
  },
});
