import { randomUUID } from "node:crypto";
import type { Channel } from "./channel.ts";
import {
  type Caller,
  executeRequest,
  interruptRequest,
  type Plan,
  reattachRequest,
  releaseExecuteRequest,
} from "./messages.ts";
import { Message } from "./protobuf.ts";
import { Retries, type RetryPolicy } from "./retry.ts";
import { GrpcError, GrpcStatus } from "./status.ts";

const FIELD = { arrowBatch: 2, sqlResult: 5, responseId: 13, complete: 14, serverSession: 15, progress: 18 } as const;
/** How long an operation that tells of no tasks is waited for before it is interrupted all the same. */
const INTERRUPT_PATIENCE_MS = 10_000;

/** How far a running statement is, over the stages that Spark has begun. */
export interface SparkProgress {
  readonly tasks: number;
  readonly completedTasks: number;
  readonly runningTasks: number;
  readonly bytesRead: number;
}

/** What an operation takes from its session and tells it. */
export interface OperationContext {
  readonly channel: Channel;
  readonly caller: Caller;
  readonly retries: RetryPolicy;
  /** What the server calls the session; it refuses a call that expects another one, so that lost state is noticed. */
  serverSession: string | null;
  readonly onProgress?: ((progress: SparkProgress) => void) | undefined;
}

/**
 * One execution on the server. It goes on there when the connection breaks, and its answers are fetched again from where
 * they stopped; it is never started a second time, because its id is taken.
 */
export class Operation {
  readonly id = randomUUID();
  readonly #context: OperationContext;
  readonly #abort = new AbortController();
  #lastResponse: string | null = null;
  #complete = false;
  #hasTasks = false;
  #interrupting: NodeJS.Timeout | null = null;

  constructor(context: OperationContext) {
    this.#context = context;
  }

  /**
   * Stops the operation on the server, as soon as its tasks run: the server cancels the jobs that it knows at that moment,
   * and one that is still being prepared would start behind it and keep the cluster busy. Where the server cannot be
   * reached, no answer is waited for any longer.
   */
  interrupt(): void {
    if (this.#interrupting !== null) return;
    this.#interrupting = setInterval(() => this.#sendInterrupt(), INTERRUPT_PATIENCE_MS);
    if (this.#hasTasks) this.#sendInterrupt();
  }

  /** Runs a plan and returns its rows as Arrow streams. @throws GrpcError */
  async run(plan: Plan): Promise<Uint8Array[]> {
    const { channel, caller, serverSession, retries: policy } = this.#context;
    const batches: Uint8Array[] = [];
    const retries = new Retries(policy);
    let started = false;
    try {
      while (!this.#complete) {
        try {
          const answers = started
            ? channel.stream(
                "ReattachExecute",
                reattachRequest(caller, this.id, this.#lastResponse),
                this.#abort.signal,
              )
            : channel.stream("ExecutePlan", executeRequest(caller, this.id, plan, serverSession), this.#abort.signal);
          let isEmpty = true;
          for await (const answer of answers) {
            isEmpty = false;
            started = true;
            retries.succeeded();
            this.#take(new Message(answer), batches);
          }
          if (isEmpty) throw new GrpcError(GrpcStatus.UNAVAILABLE, "the server ended a stream without an answer");
        } catch (cause) {
          if (started && isNotStarted(cause, this.#lastResponse)) {
            started = false;
          } else {
            await retries.after(cause, this.#abort.signal);
            // Whether the server has the operation is not known: asking for its answers cannot start it twice.
            started = true;
          }
        }
      }
    } finally {
      if (this.#interrupting !== null) clearInterval(this.#interrupting);
      this.#release();
    }
    return batches;
  }

  #take(answer: Message, batches: Uint8Array[]): void {
    this.#context.serverSession ??= answer.text(FIELD.serverSession) || null;
    this.#lastResponse = answer.text(FIELD.responseId) || this.#lastResponse;
    const batch = answer.message(FIELD.arrowBatch)?.bytes(2);
    if (batch !== null && batch !== undefined) batches.push(batch);
    const local = answer.message(FIELD.sqlResult)?.message(1)?.message(11)?.bytes(1);
    if (local !== null && local !== undefined) batches.push(local);
    const progress = answer.message(FIELD.progress);
    if (progress !== null) this.#advance(progressOf(progress));
    if (answer.has(FIELD.complete)) this.#complete = true;
  }

  #advance(progress: SparkProgress): void {
    this.#hasTasks = progress.tasks > progress.completedTasks;
    if (this.#hasTasks && this.#interrupting !== null) this.#sendInterrupt();
    this.#context.onProgress?.(progress);
  }

  #sendInterrupt(): void {
    const { channel, caller } = this.#context;
    channel.unary("Interrupt", interruptRequest(caller, this.id)).catch(() => this.#abort.abort());
  }

  /** The server keeps the answers until it is told that they arrived. Where that fails, it forgets them by itself. */
  #release(): void {
    const { channel, caller } = this.#context;
    channel.unary("ReleaseExecute", releaseExecuteRequest(caller, this.id)).catch(() => undefined);
  }
}

/**
 * The first request was lost before it reached the server, which knows nothing of the operation, although it is the
 * server that the session began on (another one refuses the session).
 */
function isNotStarted(cause: unknown, lastResponse: string | null): boolean {
  return cause instanceof GrpcError && lastResponse === null && /\.OPERATION_NOT_FOUND/.test(cause.errorClass);
}

function progressOf(progress: Message): SparkProgress {
  const stages = progress.messages(1);
  const sum = (field: number) => stages.reduce((total, stage) => total + stage.integer(field), 0);
  return { tasks: sum(2), completedTasks: sum(3), runningTasks: progress.integer(2), bytesRead: sum(4) };
}
