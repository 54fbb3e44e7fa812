import { isUtf8 } from "node:buffer";
import { lstat, readdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Readable } from "node:stream";
import type { Lake } from "@medallion/lake";
import { LAKE_FOLDERS } from "@medallion/lake/layout";
import { BronzeError, messageOf, systemCode } from "../errors.ts";

/** Something to ingest: a file or folder, or a stream of bytes or text such as standard input. */
export type Source =
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "stream"; readonly stream: Readable; readonly name?: string };

/** What a source holds: JSON documents or lines, or CSV with a header row. */
export type SourceFormat = "json" | "csv";

/** A file to read. `path` is what `source_file` says. */
export interface PlannedFile {
  readonly kind: "file";
  readonly path: string;
  readonly location: string;
  readonly format: SourceFormat;
}

/** One file or stream to read. */
export type PlannedSource =
  | PlannedFile
  | {
      readonly kind: "stream";
      readonly path: string;
      readonly stream: Readable;
      readonly named: boolean;
      readonly format: SourceFormat;
    };

/** What is to be read, and what is left out, with the reason. */
export interface Plan {
  readonly sources: PlannedSource[];
  readonly skipped: { path: string; reason: string }[];
}

const READABLE_ENDING = /\.(json|jsonl|ndjson|csv)(\.gz)?$/i;
const OWN_FOLDERS = new Set(LAKE_FOLDERS.map((folder) => folder.split("/")[0]));
const CSV_ENDING = /\.csv(\.gz)?$/i;

/**
 * Lists what is to be read, in order: the sources as given, the files of a folder by the bytes of their paths.
 * @param format what the files and streams named hold; default: what the ending of the name says, JSON for a stream
 *
 * @throws BronzeError `SOURCE_NOT_FOUND`, `SOURCE_UNREADABLE`
 */
export async function planSources(
  lake: Lake,
  sources: readonly Source[],
  format: SourceFormat | undefined,
): Promise<Plan> {
  const plan: Plan = { sources: [], skipped: [] };
  for (const source of sources) {
    if (source.kind === "stream") {
      const named = source.name !== undefined;
      plan.sources.push({ ...source, path: source.name ?? "-", named, format: format ?? "json" });
      continue;
    }
    const path = sep === "/" ? source.path : source.path.replaceAll(sep, "/");
    if (!(await isFolder(source.path)))
      plan.sources.push({ kind: "file", path, location: source.path, format: format ?? formatOf(path) });
    else if (await isInside(lake, source.path)) plan.skipped.push({ path, reason: "it is inside the lake" });
    else await planFolder(lake, source.path, path.replace(/(?<=.)\/+$/, ""), plan);
  }
  return plan;
}

function formatOf(name: string): SourceFormat {
  return CSV_ENDING.test(name) ? "csv" : "json";
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Whether a folder is one of the lake's own, or in one: what a lake has made would come into it again and again. */
async function isInside(lake: Lake, path: string): Promise<boolean> {
  const real = await lake.storage.realPath(path);
  const root = await lake.storage.realPath(lake.root);
  if (real === null || root === null) return false;
  const [top = ""] = relative(root, real).split(sep);
  return OWN_FOLDERS.has(top);
}

/** The error for a path that the system does not give. */
export function unreadable(path: string, cause: unknown): BronzeError {
  const code = systemCode(cause);
  if (code === "ENOENT") {
    const message = `Expected a file or folder at ${path}, found nothing. Check the name and the folder that it is relative to.`;
    return new BronzeError("SOURCE_NOT_FOUND", message, { file: path, code }, { cause });
  }
  const message = `Expected to read ${path}, but the system refused (${messageOf(cause)}). Check its permissions and the disk.`;
  return new BronzeError("SOURCE_UNREADABLE", message, { file: path, code }, { cause });
}

/** Visits a folder and those inside it. Folders and files come in the order of the bytes of their whole paths. */
async function planFolder(lake: Lake, location: string, path: string, plan: Plan): Promise<void> {
  const lakeFolder = await lstat(lake.root);
  const files: { path: string; location: string }[] = [];
  const folders = [{ path, location }];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const { ino, dev } = await lstat(folder.location);
    if (ino === lakeFolder.ino && dev === lakeFolder.dev) {
      plan.skipped.push({ path: folder.path, reason: "it is the lake itself" });
      continue;
    }
    for (const entry of await listFolder(folder.location)) {
      const name = entry.name.toString();
      const child = {
        path: folder.path.endsWith("/") ? folder.path + name : `${folder.path}/${name}`,
        location: join(folder.location, name),
      };
      if (!isUtf8(entry.name)) plan.skipped.push({ path: child.path, reason: "its name is not UTF-8" });
      else if (name.startsWith(".")) plan.skipped.push({ path: child.path, reason: "it is hidden" });
      else if (entry.isDirectory()) folders.push(child);
      else if (entry.isSymbolicLink()) plan.skipped.push({ path: child.path, reason: "it is a symbolic link" });
      else if (!entry.isFile()) plan.skipped.push({ path: child.path, reason: "it is not a file" });
      else if (!READABLE_ENDING.test(name)) {
        plan.skipped.push({
          path: child.path,
          reason: "its name does not end in .json, .jsonl, .ndjson or .csv (or those and .gz)",
        });
      } else files.push(child);
    }
  }
  plan.sources.push(
    ...sortByBytes(files).map((file) => ({ kind: "file" as const, ...file, format: formatOf(file.path) })),
  );
  plan.skipped.splice(0, plan.skipped.length, ...sortByBytes(plan.skipped));
}

async function listFolder(location: string) {
  try {
    return await readdir(location, { withFileTypes: true, encoding: "buffer" });
  } catch (error) {
    throw unreadable(location, error);
  }
}

function sortByBytes<T extends { path: string }>(entries: readonly T[]): T[] {
  const keyed = entries.map((entry) => ({ entry, key: Buffer.from(entry.path) }));
  return keyed.sort((a, b) => a.key.compare(b.key)).map(({ entry }) => entry);
}
