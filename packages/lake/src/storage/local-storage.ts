import { closeSync, type Dirent, lstatSync, openSync, readFileSync, readSync, type Stats } from "node:fs";
import { link, mkdir, open, readdir, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { EntryKind, Storage } from "./storage.ts";
import { storageFailure, systemCode } from "./storage-failure.ts";

const WINDOWS = process.platform === "win32";
/** Windows refuses to move or delete a file for as long as a reader or a virus scanner has it open. */
const WINDOWS_BUSY = new Set(["EACCES", "EBUSY", "EPERM"]);
const WINDOWS_TRIES = 50;
const NO_LINKS = new Set(["ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EPERM", "EMLINK", "EINVAL"]);

/** Files of this machine. Small reads and `status` are synchronous inside: that is several times faster than the pool. */
export const localStorage: Storage = {
  async readText(path) {
    try {
      return readFileSync(path, "utf8");
    } catch (error) {
      return nullWhenMissing("read", path, error);
    }
  },

  async readInto(path, buffer) {
    try {
      const file = openSync(path, "r");
      try {
        let filled = 0;
        for (let read = -1; filled < buffer.length && read !== 0; filled += read) {
          read = readSync(file, buffer, filled, buffer.length - filled, null);
        }
        return filled;
      } finally {
        closeSync(file);
      }
    } catch (error) {
      return nullWhenMissing("read", path, error);
    }
  },

  write: (path, data) =>
    attempt("write", path, async () => {
      const file = await open(path, "w");
      try {
        await file.writeFile(data);
        await file.sync();
      } finally {
        await file.close();
      }
    }),

  async claim(path) {
    try {
      const file = await open(path, "wx");
      await file.close();
      return true;
    } catch (error) {
      if (systemCode(error) === "EEXIST") return false;
      throw storageFailure("create", path, error);
    }
  },

  async link(path, newPath) {
    try {
      await link(path, newPath);
      return "linked";
    } catch (error) {
      const code = systemCode(error);
      if (code === "EEXIST") return "exists";
      if (code !== null && NO_LINKS.has(code)) return "unsupported";
      throw storageFailure("create", newPath, error);
    }
  },

  rename: (path, newPath) => attempt(`move ${path} to`, newPath, () => whenFree(() => rename(path, newPath))),

  remove: (path) => attempt("delete", path, () => whenFree(() => rm(path, { recursive: true, force: true }))),

  makeFolder: (path) =>
    attempt("create the folder", path, async () => {
      const first = await makeFolders(path);
      if (first === undefined) return;
      for (let folder = path; folder.length >= first.length; folder = dirname(folder))
        await syncFolder(dirname(folder));
    }),

  async list(path) {
    try {
      const entries = await readdir(path, { withFileTypes: true });
      return entries.map((entry) => ({ name: entry.name, kind: kindOf(entry) }));
    } catch (error) {
      return nullWhenMissing("list", path, error) ?? [];
    }
  },

  async status(path) {
    try {
      const found = lstatSync(path);
      return { kind: kindOf(found), size: found.size, modified: found.mtimeMs, device: found.dev };
    } catch (error) {
      return nullWhenMissing("examine", path, error);
    }
  },

  async realPath(path) {
    try {
      return await realpath(path);
    } catch (error) {
      return nullWhenMissing("follow", path, error);
    }
  },

  sync: (path) =>
    attempt("sync", path, async () => {
      if (lstatSync(path).isDirectory()) return syncFolder(path);
      const file = await open(path, "r+");
      try {
        await file.sync();
      } finally {
        await file.close();
      }
    }),

  openForReading: (path) =>
    attempt("open", path, async () => {
      const file = await open(path, "r");
      return {
        read: (buffer, position) =>
          attempt("read", path, async () => {
            let filled = 0;
            while (filled < buffer.length) {
              const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, position + filled);
              if (bytesRead === 0) break;
              filled += bytesRead;
            }
            return filled;
          }),
        close: () => file.close(),
      };
    }),

  openForWriting: (path) =>
    attempt("create", path, async () => {
      const file = await open(path, "w");
      return {
        write: (bytes) => attempt("write", path, () => file.writeFile(bytes)),
        close: () => file.close(),
      };
    }),
};

/**
 * Makes a folder and those above it that are missing; returns the topmost one made. Node's own recursive way does not end
 * in a file system that makes no folders (`/proc`), and of a read-only one it says that the folder does not exist.
 */
async function makeFolders(path: string): Promise<string | undefined> {
  if (await isFolder(path)) return undefined;
  const parent = dirname(path);
  const first = parent === path ? undefined : await makeFolders(parent);
  try {
    await mkdir(path);
    return first ?? path;
  } catch (error) {
    // Another process has made it in the meantime.
    if (await isFolder(path)) return first;
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw error;
  }
}

async function attempt<T>(operation: string, path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw storageFailure(operation, path, error);
  }
}

function nullWhenMissing(operation: string, path: string, error: unknown): null {
  if (systemCode(error) === "ENOENT") return null;
  throw storageFailure(operation, path, error);
}

function kindOf(entry: Dirent | Stats): EntryKind {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "folder";
  return entry.isSymbolicLink() ? "link" : "other";
}

/** Windows has no way to sync a folder, and some network file systems answer EINVAL: there the names are as durable as they get. */
async function syncFolder(path: string): Promise<void> {
  if (WINDOWS) return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } catch (error) {
    if (systemCode(error) !== "EINVAL") throw error;
  } finally {
    await folder.close();
  }
}

async function whenFree(action: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await action();
    } catch (error) {
      const code = systemCode(error);
      if (!WINDOWS || code === null || !WINDOWS_BUSY.has(code) || tries === WINDOWS_TRIES) throw error;
      await delay(20 + 4 * tries);
    }
  }
}
