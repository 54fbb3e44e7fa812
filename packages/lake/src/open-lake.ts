import { resolve } from "node:path";
import { LakeError } from "./errors.ts";
import { FieldError, Fields } from "./fields.ts";
import type { Lake } from "./lake.ts";
import { absolutePath, LAKE_FILE, LAKE_FOLDERS } from "./layout/paths.ts";
import { createFile } from "./storage/files.ts";
import { localStorage } from "./storage/local-storage.ts";
import type { Storage } from "./storage/storage.ts";
import { formatUtc, nowMicros } from "./time/instants.ts";
import { checkTimeZone, sameTimeZone } from "./time/time-zones.ts";

/** What a folder becomes a lake with. */
export interface InitOptions {
  /** IANA name; default `UTC`. */
  readonly timeZone?: string;
  /** Default: the files of this machine. */
  readonly storage?: Storage;
}

/**
 * Makes a folder a lake. On a lake it changes nothing, apart from creating folders that are missing.
 * @param root path of the folder; created when missing; relative paths start at the working directory
 * @throws LakeError `LAKE_EXISTS_DIFFERENTLY` when the lake has another time zone than the one asked for
 * @throws LakeError `TIME_ZONE_INVALID`, `LAKE_INVALID`, `STORAGE_FAILED`
 */
export async function initLake(root: string, options: InitOptions = {}): Promise<{ lake: Lake; created: boolean }> {
  const storage = options.storage ?? localStorage;
  const asked = options.timeZone === undefined ? undefined : checkTimeZone(options.timeZone);
  const fresh: Lake = { root: resolve(root), timeZone: asked ?? "UTC", storage };
  const found = await findLake(fresh.root, storage);
  if (found !== null) checkSame(found, asked);
  for (const folder of LAKE_FOLDERS) await storage.makeFolder(absolutePath(fresh, folder));
  if (found !== null) return { lake: found, created: false };
  const document = { format: 1, time_zone: fresh.timeZone, created_at: formatUtc(nowMicros()) };
  if (await createFile(fresh, LAKE_FILE, `${JSON.stringify(document, null, 2)}\n`))
    return { lake: fresh, created: true };
  // Another process made the lake at the same moment.
  const lake = await openLake(fresh.root, { storage });
  checkSame(lake, asked);
  return { lake, created: false };
}

/**
 * Opens the lake in a folder.
 * @throws LakeError `LAKE_NOT_FOUND` when the folder is no lake
 * @throws LakeError `LAKE_INVALID` when `_medallion/lake.json` is damaged or of a later version; `TIME_ZONE_INVALID`
 */
export async function openLake(root: string, options: { readonly storage?: Storage } = {}): Promise<Lake> {
  const lake = await findLake(resolve(root), options.storage ?? localStorage);
  if (lake !== null) return lake;
  throw new LakeError(
    "LAKE_NOT_FOUND",
    `Expected a lake in ${resolve(root)}, found no ${LAKE_FILE} there. Run \`medallion init\`, or give the folder of a lake.`,
    { root: resolve(root), file: LAKE_FILE },
  );
}

async function findLake(root: string, storage: Storage): Promise<Lake | null> {
  const text = await storage.readText(absolutePath({ root }, LAKE_FILE));
  if (text === null) return null;
  try {
    const fields = Fields.parse(text);
    fields.format(1);
    return { root, timeZone: checkTimeZone(fields.text("time_zone")), storage };
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    throw new LakeError(
      "LAKE_INVALID",
      `${LAKE_FILE} of the lake ${root} cannot be used: ${error.message}. Restore the file from a backup, or use the version of Medallion that wrote it.`,
      { root, file: LAKE_FILE, expected: error.expected, found: error.found },
      { cause: error },
    );
  }
}

function checkSame(lake: Lake, asked: string | undefined): void {
  if (asked === undefined || sameTimeZone(lake.timeZone, asked)) return;
  throw new LakeError(
    "LAKE_EXISTS_DIFFERENTLY",
    `The lake ${lake.root} has the time zone ${lake.timeZone}, not ${asked}. Its days cannot be changed afterwards: leave the time zone out, or make a lake in another folder.`,
    { root: lake.root, expected: asked, found: lake.timeZone },
  );
}
