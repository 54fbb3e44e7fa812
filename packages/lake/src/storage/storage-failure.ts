import { LakeError } from "../errors.ts";

const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full. Free some space and run again",
  EDQUOT: "the disk quota is used up. Free some space and run again",
  EIO: "the disk reports an input/output error. Check the disk, then run again",
  EACCES: "permission was denied. Check who owns the lake and which rights this user has",
  EPERM: "permission was denied. Check who owns the lake and whether another program has the file open",
  EBUSY: "another program is using it. Close that program and run again",
  EROFS: "the file system is read-only. Make it writable, or move the lake",
  EXDEV: "the two are on different file systems. All folders of a lake must be on one",
  EMFILE: "too many files are open. Raise the limit (ulimit -n) and run again",
  ENAMETOOLONG: "the path is too long for this file system. Move the lake to a shorter path",
  ENOTDIR: "a part of the path is a file, where a folder was expected",
  EISDIR: "there is a folder, where a file was expected",
  EEXIST: "something else is in its place",
  ENOENT: "it does not exist",
};

/** The system's own code of an error (`ENOENT`, `ENOSPC`, ...), or null. */
export function systemCode(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}

/** Says what the system refused to do, where, and what the user can do. */
export function storageFailure(operation: string, path: string, cause: unknown): LakeError {
  const code = systemCode(cause);
  const reason = (code === null ? undefined : ADVICE[code]) ?? (cause instanceof Error ? cause.message : String(cause));
  return new LakeError(
    "STORAGE_FAILED",
    `Could not ${operation} ${path}: ${reason}${code === null ? "" : ` (${code})`}.`,
    { operation, path, systemCode: code },
    { cause },
  );
}
