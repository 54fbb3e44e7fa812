import { localStorage, type Storage } from "@medallion/lake/storage";

/**
 * The local storage of a process that dies at its change number `step`, from 1: that change is not made, or in the case of a
 * write half made, and nothing works from then on.
 */
export function crashAt(step: number): { readonly storage: Storage; readonly crashed: () => boolean } {
  let steps = 0;
  let crashed = false;
  const dead = () => new Error("the process is dead");
  const look = <T>(action: () => Promise<T>): Promise<T> => (crashed ? Promise.reject(dead()) : action());
  const change = async <T>(action: () => Promise<T>, half?: () => Promise<unknown>): Promise<T> => {
    if (!crashed && ++steps === step) {
      crashed = true;
      await half?.();
    }
    return look(action);
  };
  const { readText, readInto, list, status, realPath, openForReading } = localStorage;
  const storage: Storage = {
    readText: (path) => look(() => readText(path)),
    readInto: (path, buffer) => look(() => readInto(path, buffer)),
    list: (path) => look(() => list(path)),
    status: (path) => look(() => status(path)),
    realPath: (path) => look(() => realPath(path)),
    openForReading: (path) => look(() => openForReading(path)),
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
    openForWriting: (path) =>
      change(async () => {
        const writer = await localStorage.openForWriting(path);
        return {
          write: (bytes) =>
            change(
              () => writer.write(bytes),
              () => writer.write(bytes.subarray(0, bytes.length / 2)),
            ),
          close: () => writer.close(),
        };
      }),
  };
  return { storage, crashed: () => crashed };
}
