import { setTimeout as sleep } from "node:timers/promises";
import { GrpcError, GrpcStatus } from "./status.ts";

/** How often and how long a call is tried again that the network, not Spark, has failed. */
export interface RetryPolicy {
  readonly attempts: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
}

/** Four times longer each time, over about seven minutes. Source: the retry policy of PySpark's own client. */
export const DEFAULT_RETRIES: RetryPolicy = { attempts: 15, firstWaitMs: 50, longestWaitMs: 60_000 };
const GROWTH = 4;

/** Whether a call may succeed when it is made again as it was. */
function isTransient(cause: unknown): boolean {
  if (!(cause instanceof GrpcError)) return false;
  if (cause.status === GrpcStatus.UNAVAILABLE) return true;
  return cause.status === GrpcStatus.INTERNAL && /INVALID_CURSOR\.DISCONNECTED/.test(cause.message);
}

/** Counts the failures of one call in a row and waits between them. */
export class Retries {
  readonly #policy: RetryPolicy;
  #failures = 0;

  constructor(policy: RetryPolicy) {
    this.#policy = policy;
  }

  /** Waits, or throws the failure when it is not transient or came too often. */
  async after(cause: unknown, signal?: AbortSignal): Promise<void> {
    this.#failures += 1;
    if (!isTransient(cause) || this.#failures > this.#policy.attempts || signal?.aborted === true) throw cause;
    const wait = Math.min(this.#policy.longestWaitMs, this.#policy.firstWaitMs * GROWTH ** (this.#failures - 1));
    try {
      await sleep(wait * (0.5 + Math.random() / 2), undefined, signal === undefined ? {} : { signal });
    } catch {
      throw cause;
    }
  }

  /** The server has answered: what fails from now on is counted anew. */
  succeeded(): void {
    this.#failures = 0;
  }
}
