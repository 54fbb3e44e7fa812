import type { SparkAddress } from "./address.ts";
import { Channel } from "./channel.ts";
import {
  type Caller,
  configureRequest,
  errorDetails,
  errorDetailsRequest,
  type Plan,
  releaseSessionRequest,
} from "./messages.ts";
import { Operation, type OperationContext, type SparkProgress } from "./operation.ts";
import { Message } from "./protobuf.ts";
import { Retries, type RetryPolicy } from "./retry.ts";
import { GrpcError } from "./status.ts";

/** What a session is told besides its address. */
export interface SessionOptions {
  readonly retries: RetryPolicy;
  readonly onProgress?: ((progress: SparkProgress) => void) | undefined;
}

/** A failure that Spark has explained. */
export class SparkError extends Error {
  override readonly name = "SparkError";
  /** Spark's error class, such as `DIVIDE_BY_ZERO`; empty where it is not known. */
  readonly errorClass: string;

  constructor(message: string, errorClass: string, cause: unknown) {
    super(message, { cause });
    this.errorClass = errorClass;
  }
}

/** A session on a Spark Connect server: settings, temporary views and running statements belong to it. */
export class SparkSession {
  readonly #channel: Channel;
  readonly #context: OperationContext;
  readonly #running = new Set<Operation>();

  constructor(address: SparkAddress, options: SessionOptions) {
    this.#channel = new Channel(address);
    const caller: Caller = { sessionId: address.sessionId, userId: address.userId };
    const { retries, onProgress } = options;
    this.#context = { channel: this.#channel, caller, retries, serverSession: null, onProgress };
  }

  /** Sets the session's settings. @throws GrpcError, SparkError */
  async configure(settings: Readonly<Record<string, string>>, retries = this.#context.retries): Promise<void> {
    const answer = await this.#call("Config", configureRequest(this.#context.caller, settings), retries);
    this.#context.serverSession ??= answer.text(4) || null;
  }

  /** Runs a plan and returns its rows as Arrow streams. @throws GrpcError, SparkError */
  async run(plan: Plan): Promise<Uint8Array[]> {
    const operation = new Operation(this.#context);
    this.#running.add(operation);
    try {
      return await operation.run(plan);
    } catch (cause) {
      throw await this.#explained(cause);
    } finally {
      this.#running.delete(operation);
    }
  }

  /** Stops what is running on the server. */
  interrupt(): void {
    for (const operation of this.#running) operation.interrupt();
  }

  /** Ends the session on the server. A server that is gone has ended it already. */
  async close(): Promise<void> {
    try {
      await this.#channel.unary("ReleaseSession", releaseSessionRequest(this.#context.caller));
    } catch (cause) {
      if (!(cause instanceof GrpcError)) throw cause;
    } finally {
      this.#channel.close();
    }
  }

  async #call(method: string, request: Uint8Array, policy: RetryPolicy): Promise<Message> {
    const retries = new Retries(policy);
    for (;;) {
      try {
        return new Message(await this.#channel.unary(method, request));
      } catch (cause) {
        await retries.after(cause).catch(async () => {
          throw await this.#explained(cause);
        });
      }
    }
  }

  /** An error with its full text, which the server keeps apart because a trailer can hold little. */
  async #explained(cause: unknown): Promise<unknown> {
    if (!(cause instanceof GrpcError)) return cause;
    const errorId = cause.facts.get("errorId");
    if (errorId === undefined) return cause;
    try {
      const answer = await this.#channel.unary("FetchErrorDetails", errorDetailsRequest(this.#context.caller, errorId));
      const { text, errorClass } = errorDetails(new Message(answer));
      return new SparkError(text || cause.message, errorClass || cause.errorClass, cause);
    } catch {
      return cause;
    }
  }
}
