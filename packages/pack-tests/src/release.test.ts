import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Outcome, runProcess } from "./process.ts";
import { objectOf, publishedPackages, ROOT, readObject } from "./workspace.ts";

/** The one package that the registry does not have yet, and the manifests that it was sent. */
const NEW = "@medallion/bronze";
const received: unknown[] = [];

const registry = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const answer = (status: number, body: object) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  if (request.method === "PUT") {
    received.push(objectOf(Buffer.concat(chunks).toString()).versions);
    return answer(201, {});
  }
  const name = decodeURIComponent(request.url?.slice(1) ?? "");
  const version = versions.get(name);
  if (name === NEW || version === undefined) return answer(404, {});
  return answer(200, { name, "dist-tags": { latest: version }, versions: { [version]: { name, version } } });
});

const versions = new Map<string, string>();
let address: string;
let folder: string;
beforeAll(async () => {
  for (const { name, folder } of await publishedPackages()) {
    versions.set(name, String((await readObject(join(folder, "package.json")))?.version));
  }
  await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
  const bound = registry.address();
  if (bound === null || typeof bound === "string") throw new TypeError("the registry listens on no port");
  address = `//127.0.0.1:${bound.port}/`;
  folder = await mkdtemp(join(tmpdir(), "medallion-release-"));
  await writeFile(join(folder, "npmrc"), `${address}:_authToken=none\n`);
});
afterAll(async () => {
  registry.close();
  await rm(folder, { recursive: true, force: true });
});

/** Publishes what the registry does not have. */
function release(words: readonly string[], repository: string): Promise<Outcome> {
  return runProcess(process.execPath, ["scripts/release.mjs", "--no-git-tag", ...words], ROOT, "", {
    ...{ npm_config_registry: `http:${address}`, npm_config_userconfig: join(folder, "npmrc") },
    ...{ GITHUB_SERVER_URL: "https://example.org", GITHUB_REPOSITORY: repository },
  });
}

test("a release with provenance is refused where the repository is not known", async () => {
  const { code, stderr } = await release([], "");
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("GITHUB_REPOSITORY") });
  expect(received).toEqual([]);
});

test("what is published names the repository and the folder of the package; its file stays as it is", async () => {
  const manifest = join(ROOT, "packages/bronze/package.json");
  const before = await readFile(manifest, "utf8");
  const { code, stdout, stderr } = await release(["--no-provenance"], "team/medallion");
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: expect.anything(), stderr: expect.anything() });
  const repository = {
    type: "git",
    url: "git+https://example.org/team/medallion.git",
    directory: "packages/bronze",
  };
  expect(received).toEqual([
    {
      [versions.get(NEW) ?? ""]: expect.objectContaining({
        name: NEW,
        repository,
        publishConfig: { access: "public" },
      }),
    },
  ]);
  expect(await readFile(manifest, "utf8")).toBe(before);
});
