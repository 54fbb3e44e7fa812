import type { Lake } from "../lake.ts";
import { absolutePath, LOCK_FILE } from "../layout/paths.ts";
import { parseRecord } from "./lock-record.ts";
import { stateOf } from "./processes.ts";

/** Who has the lock of a lake. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** RFC 3339 in UTC. */
  readonly startedAt: string;
  readonly command: string;
  /** `ended`: the next run takes the lock over. `unknown`: the process is one of another host. */
  readonly state: "running" | "ended" | "unknown";
}

/**
 * Who has the lock of a lake, without taking it. Null when nobody has; `unreadable` when the lock file does not say.
 * @throws LakeError `STORAGE_FAILED`
 */
export async function lockHolder(lake: Lake): Promise<LockHolder | "unreadable" | null> {
  const text = await lake.storage.readText(absolutePath(lake, LOCK_FILE));
  if (text === null) return null;
  const record = parseRecord(text);
  if (record === null) return "unreadable";
  const { pid, host, startedAt, command } = record;
  return { pid, host, startedAt, command, state: stateOf(record) };
}
