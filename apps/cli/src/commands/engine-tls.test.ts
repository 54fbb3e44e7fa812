import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { testEngineUrls, type Workplace, workplace } from "../testing/medallion.ts";
import { tlsProxy } from "../testing/tls-proxy.ts";

const SECRET = "secret-7f3a";
const PAIRS = `token=${SECRET};x-databricks-cluster-id=0123-abc`;
const HEADERS = { authorization: `Bearer ${SECRET}`, "x-databricks-cluster-id": "0123-abc" };

async function lakeWithOneTask(): Promise<Workplace> {
  const place = await workplace();
  await place.json(["init"]);
  const task = { task_id: "a", status: "completed", timestamp: "2025-11-27T10:00:00Z" };
  await place.json(["ingest", "tasks", "--data", JSON.stringify(task)]);
  return place;
}

/** Runs with an engine behind TLS; `certificate` is trusted beside those of the system. */
async function runOver(place: Workplace, host: string, certificate: string | null) {
  const file = join(place.folder, "trusted.pem");
  if (certificate !== null) await writeFile(file, certificate);
  const environment: Record<string, string> = certificate === null ? {} : { NODE_EXTRA_CA_CERTS: file };
  return await place.spawned(["run", "--engine", `sc://${host}/;${PAIRS}`], "", undefined, environment);
}

it("sends the token and the headers over TLS, and says why it is refused", async () => {
  const [place, proxy] = [await lakeWithOneTask(), await tlsProxy(null)];
  const { code, stderr } = await runOver(place, proxy.host, proxy.certificate);
  expect(proxy.calls.length).toBeGreaterThan(0);
  for (const headers of proxy.calls) expect(headers).toMatchObject({ ...HEADERS, ":scheme": "https" });
  expect([code, stderr]).toEqual([1, expect.stringContaining("this cluster takes no one")]);
  expect(stderr).not.toContain(SECRET);
});

it("sends nothing to a server whose certificate it does not trust", async () => {
  const [place, proxy] = [await lakeWithOneTask(), await tlsProxy(null)];
  const { code, stderr } = await runOver(place, proxy.host, null);
  expect(proxy.calls).toEqual([]);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/self[- ]signed certificate/)]);
  expect(stderr).not.toContain(SECRET);
});

it("sends nothing to a server whose certificate is another host's", async () => {
  const [place, proxy] = [await lakeWithOneTask(), await tlsProxy(null)];
  const { code, stderr } = await runOver(place, proxy.host.replace("localhost", "127.0.0.1"), proxy.certificate);
  expect(proxy.calls).toEqual([]);
  expect([code, stderr]).toEqual([1, expect.stringContaining("does not match certificate's altnames: IP: 127.0.0.1")]);
});

it.each(testEngineUrls.filter(({ name }) => name === "spark"))("runs on $name over TLS", async ({ url }) => {
  const [place, proxy] = [await lakeWithOneTask(), await tlsProxy(url.replace("sc://", "http://"))];
  const { code, stdout } = await runOver(place, proxy.host, proxy.certificate);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/tasks +20251127 +1 +1 /)]);
  for (const headers of proxy.calls) expect(headers).toMatchObject(HEADERS);
});
