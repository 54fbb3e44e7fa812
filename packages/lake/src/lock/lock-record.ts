import { randomUUID } from "node:crypto";
import { LakeError } from "../errors.ts";
import { FieldError, Fields } from "../fields.ts";
import { formatUtc, nowMicros } from "../time/instants.ts";
import { type ProcessIdentity, stateOf, thisProcess } from "./processes.ts";

/** What a lock file says about who holds the lock. */
export interface LockRecord extends ProcessIdentity {
  /** Unique to each time a lock is taken. */
  readonly token: string;
  /** `formatUtc` */
  readonly startedAt: string;
  /** What the holder is doing, such as `medallion run`. */
  readonly command: string;
}

/** A record of this process. */
export function newRecord(command: string): LockRecord {
  return { token: randomUUID(), ...thisProcess(), startedAt: formatUtc(nowMicros()), command };
}

/** The text of a lock file, which {@link parseRecord} reads. */
export function recordText(record: LockRecord): string {
  const document = {
    format: 1,
    token: record.token,
    pid: record.pid,
    host: record.host,
    pid_namespace: record.pidNamespace,
    process_start: record.processStart,
    started_at: record.startedAt,
    command: record.command,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Null for a text that is no record: an empty file, or one that was damaged. */
export function parseRecord(text: string): LockRecord | null {
  try {
    const fields = Fields.parse(text);
    fields.format(1);
    const pidNamespace = fields.optionalText("pid_namespace");
    const processStart = fields.optionalText("process_start");
    return {
      // It becomes a part of a file name.
      token: fields.text("token", "a token", (token) => /^[0-9a-f-]{36}$/.test(token)),
      pid: fields.count("pid"),
      host: fields.text("host"),
      startedAt: fields.text("started_at"),
      command: fields.text("command"),
      ...(pidNamespace === undefined ? {} : { pidNamespace }),
      ...(processStart === undefined ? {} : { processStart }),
    };
  } catch (error) {
    if (error instanceof FieldError) return null;
    throw error;
  }
}

/** The error of what another process has locked (`name`, such as `The lake`): who holds it, and what to do. */
export function lockedError(file: string, holder: LockRecord | null, name: string): LakeError {
  if (holder === null) {
    return new LakeError(
      "LAKE_LOCKED",
      `${name} is locked, but ${file} does not say by whom. Check that no medallion process writes to this lake, then delete that file.`,
      { file, pid: null, host: null, startedAt: null, command: null },
    );
  }
  const { pid, host, startedAt, command } = holder;
  const away = stateOf(holder) === "unknown";
  const advice = away
    ? `Whether that process still runs can only be seen there: check, and if it does not, delete ${file}.`
    : "Wait for it to end.";
  return new LakeError(
    "LAKE_LOCKED",
    `${name} is locked by process ${pid} on ${host} (${command}, since ${startedAt}). ${advice}`,
    { file, pid, host, startedAt, command },
  );
}
