import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { systemCode } from "../storage/storage-failure.ts";

/** What tells a process from every other, as far as its system can tell. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** The pid namespace: only within one do process ids compare. Containers have their own. Linux only. */
  readonly pidNamespace?: string;
  /** Boot and start of the process; absent where the system does not say (macOS, Windows). */
  readonly processStart?: string;
}

/** The identity of this process. */
export function thisProcess(): ProcessIdentity {
  const start = startOf(process.pid);
  const pidNamespace = pidNamespaceOfThis();
  return {
    pid: process.pid,
    host: hostname(),
    ...(pidNamespace === null ? {} : { pidNamespace }),
    ...(start === null ? {} : { processStart: start.text }),
  };
}

/** Whether a process has ended; "unknown" for one of another host. */
export function stateOf(identity: ProcessIdentity): "running" | "ended" | "unknown" {
  if (identity.host !== hostname() || (identity.pidNamespace ?? null) !== pidNamespaceOfThis()) return "unknown";
  if (!exists(identity.pid)) return "ended";
  const start = startOf(identity.pid);
  if (start === null || identity.processStart === undefined) return "running";
  return start.ended || start.text !== identity.processStart ? "ended" : "running";
}

/** Names this process in a file name: process id and digests of host and start. */
export function processTag(): string {
  const { pid, processStart } = thisProcess();
  return tagOf(pid, processStart);
}

/** As `stateOf`, for the process of a tag; "unknown" also for a text that is none. */
export function stateOfTag(tag: string): "running" | "ended" | "unknown" {
  const match = /^([0-9]{1,10})-([0-9a-f]{12})-[0-9a-f]{12}$/.exec(tag);
  if (match?.[2] !== hostDigest()) return "unknown";
  const pid = Number(match[1]);
  const start = startOf(pid);
  if (!exists(pid) || start?.ended) return "ended";
  return start === null || tagOf(pid, start.text) === tag ? "running" : "ended";
}

function tagOf(pid: number, processStart: string | undefined): string {
  return `${pid}-${hostDigest()}-${digest(processStart ?? "")}`;
}

function hostDigest(): string {
  return digest(`${hostname()} ${pidNamespaceOfThis()}`);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

function pidNamespaceOfThis(): string | null {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return null;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user exists, too.
    return systemCode(error) !== "ESRCH";
  }
}

/** From /proc, as described in proc(5): state is field 3, the start in clock ticks since boot field 22. Null elsewhere. */
function startOf(pid: number): { text: string; ended: boolean } | null {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Field 2, the name, is in parentheses and may hold anything.
    const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = rest[18];
    if (state === undefined || ticks === undefined) return null;
    return { text: `${boot} ${ticks}`, ended: state === "Z" || state === "X" };
  } catch {
    return null;
  }
}
