import { localStorage } from "../storage/local-storage.ts";
import type { Storage } from "../storage/storage.ts";

/** What a crashed storage answers. */
export class Crash extends Error {}

export interface CrashingStorage {
  readonly storage: Storage;
  readonly crashed: () => boolean;
}

/**
 * The local storage of a process that dies at its `step`th change: that change is not made, or in the case of a write
 * half made, and nothing works from then on.
 */
export function crashAt(step: number): CrashingStorage {
  let steps = 0;
  let crashed = false;
  const change = async <T>(action: () => Promise<T>, half?: () => Promise<void>): Promise<T> => {
    if (crashed) throw new Crash("the process is dead");
    if (++steps === step) {
      crashed = true;
      await half?.();
      throw new Crash("the process dies");
    }
    return action();
  };
  const look = <T>(action: () => Promise<T>): Promise<T> =>
    crashed ? Promise.reject(new Crash("the process is dead")) : action();
  const storage: Storage = {
    readText: (path) => look(() => localStorage.readText(path)),
    readInto: (path, buffer) => look(() => localStorage.readInto(path, buffer)),
    list: (path) => look(() => localStorage.list(path)),
    status: (path) => look(() => localStorage.status(path)),
    realPath: (path) => look(() => localStorage.realPath(path)),
    openForReading: (path) => look(() => localStorage.openForReading(path)),
    write: (path, data) =>
      change(
        () => localStorage.write(path, data),
        () => localStorage.write(path, data.slice(0, data.length / 2)),
      ),
    claim: (path) => change(() => localStorage.claim(path)),
    link: (path, newPath) => change(() => localStorage.link(path, newPath)),
    rename: (path, newPath) => change(() => localStorage.rename(path, newPath)),
    remove: (path) => change(() => localStorage.remove(path)),
    makeFolder: (path) => change(() => localStorage.makeFolder(path)),
    sync: (path) => change(() => localStorage.sync(path)),
    openForWriting: (path) => change(() => localStorage.openForWriting(path)),
  };
  return { storage, crashed: () => crashed };
}

/** The local storage of a file system without hard links. */
export const withoutLinks: Storage = { ...localStorage, link: async () => "unsupported" };
