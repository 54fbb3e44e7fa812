import { LakeError } from "../errors.ts";
import { FieldError, Fields } from "../fields.ts";
import type { Lake } from "../lake.ts";
import { createFile, replaceFile } from "../storage/files.ts";
import { decodeName, digestOf, encodeName, nameDigest } from "./names.ts";
import { type LakePath, NAMES_FOLDER, resolveInLake } from "./paths.ts";

/**
 * `encodeName`, and for a name too long for a file name also keeps the original in `_medallion/names`, where `readName`
 * finds it.
 * @throws LakeError `STORAGE_FAILED`
 */
export async function nameFile(lake: Lake, name: string): Promise<string> {
  const encoded = encodeName(name);
  const digest = digestOf(encoded);
  if (digest === null || (await readOriginal(lake, digest)) === name) return encoded;
  const content = `${JSON.stringify({ format: 1, name })}\n`;
  if (!(await createFile(lake, namePath(digest), content))) await replaceFile(lake, namePath(digest), content);
  return encoded;
}

/**
 * The name that `nameFile` made a file name of.
 * @throws LakeError `NAME_INVALID` when the lake has no such name
 */
export async function readName(lake: Lake, encoded: string): Promise<string> {
  const digest = digestOf(encoded);
  if (digest === null) return decodeName(encoded);
  const name = await readOriginal(lake, digest);
  if (name !== null && encodeName(name) === encoded) return name;
  throw new LakeError(
    "NAME_INVALID",
    `Expected the original of the shortened name ${encoded} in ${namePath(digest)} of the lake ${lake.root}, found none. Restore that file from a backup.`,
    { file: namePath(digest), found: encoded },
  );
}

async function readOriginal(lake: Lake, digest: string): Promise<string | null> {
  const text = await lake.storage.readText(await resolveInLake(lake, namePath(digest)));
  if (text === null) return null;
  try {
    const fields = Fields.parse(text);
    fields.format(1);
    const name = fields.text("name");
    return nameDigest(name) === digest ? name : null;
  } catch (error) {
    if (error instanceof FieldError) return null;
    throw error;
  }
}

function namePath(digest: string): LakePath {
  return `${NAMES_FOLDER}/${digest}.json`;
}
