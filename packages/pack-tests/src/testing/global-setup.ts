import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { packAll, type Tarballs } from "../pack.ts";

declare module "vitest" {
  export interface ProvidedContext {
    readonly tarballs: Tarballs;
  }
}

/** Packs once for all suites. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "medallion-tarballs-"));
  project.provide("tarballs", await packAll(folder));
  return () => rm(folder, { recursive: true, force: true });
}
