import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type IncomingHttpHeaders,
} from "node:http2";
import type { SparkAddress } from "./address.ts";
import { GrpcError, GrpcStatus } from "./status.ts";

const SERVICE = "/spark.connect.SparkConnectService/";
/** The server lets no stream live longer than two minutes, so one that is silent for longer is broken. */
const SILENCE_MS = 150_000;
const WINDOW_BYTES = 4 * 1024 * 1024;
/** What a server of Spark sends and takes at most. */
const LARGEST_MESSAGE_BYTES = 128 * 1024 * 1024;
const PREFIX_BYTES = 5;

/**
 * Calls a Spark Connect server by gRPC over HTTP/2. A connection is opened when it is needed and opened anew when it broke.
 * Source: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export class Channel {
  readonly #address: SparkAddress;
  #session: ClientHttp2Session | null = null;
  #calls = 0;

  constructor(address: SparkAddress) {
    this.#address = address;
  }

  /** @throws GrpcError */
  async unary(method: string, request: Uint8Array, signal?: AbortSignal): Promise<Uint8Array> {
    let answer: Uint8Array | null = null;
    for await (const message of this.stream(method, request, signal)) answer = message;
    if (answer === null) throw new GrpcError(GrpcStatus.INTERNAL, `${method} ended without an answer`);
    return answer;
  }

  /** The messages of an answer, until the call ends well; else @throws GrpcError. */
  async *stream(method: string, request: Uint8Array, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    if (request.length > LARGEST_MESSAGE_BYTES) {
      throw new GrpcError(
        GrpcStatus.RESOURCE_EXHAUSTED,
        `a request of ${request.length} bytes is more than Spark takes`,
      );
    }
    const session = this.#connected();
    const call = this.#open(session, method, signal);
    const ended = statusOf(call);
    // Only a call keeps the process alive, not an idle connection.
    this.#calls += 1;
    session.ref();
    try {
      call.end(framed(request));
      yield* messagesOf(call);
    } catch (cause) {
      if (cause instanceof GrpcError) throw cause;
      // The status, where there is one, says more than the stream's own error.
      if (signal?.aborted !== true) await ended;
      throw brokenBy(cause);
    } finally {
      if (!call.closed) call.close(constants.NGHTTP2_CANCEL);
      ended.catch(() => undefined);
      this.#calls -= 1;
      if (this.#calls === 0) session.unref();
    }
    await ended;
  }

  close(): void {
    this.#session?.close();
    this.#session?.destroy();
    this.#session = null;
  }

  #open(session: ClientHttp2Session, method: string, signal: AbortSignal | undefined): ClientHttp2Stream {
    const { headers, userAgent } = this.#address;
    const call = session.request(
      {
        ...headers,
        [constants.HTTP2_HEADER_METHOD]: "POST",
        [constants.HTTP2_HEADER_PATH]: `${SERVICE}${method}`,
        [constants.HTTP2_HEADER_CONTENT_TYPE]: "application/grpc",
        [constants.HTTP2_HEADER_TE]: "trailers",
        [constants.HTTP2_HEADER_USER_AGENT]: userAgent,
      },
      signal === undefined ? {} : { signal },
    );
    call.setTimeout(SILENCE_MS, () => call.destroy(new Error(`no answer for ${SILENCE_MS / 1000} seconds`)));
    return call;
  }

  #connected(): ClientHttp2Session {
    const known = this.#session;
    if (known !== null && !known.closed && !known.destroyed) return known;
    const session = connect(this.#address.origin, { settings: { initialWindowSize: WINDOW_BYTES } });
    session.on("error", () => session.destroy());
    session.on("connect", () => session.setLocalWindowSize(WINDOW_BYTES));
    this.#session = session;
    return session;
  }
}

function framed(message: Uint8Array): Uint8Array {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

async function* messagesOf(call: ClientHttp2Stream): AsyncGenerator<Uint8Array, void, void> {
  let chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of call) {
    if (!Buffer.isBuffer(chunk)) continue;
    chunks.push(chunk);
    size += chunk.length;
    if (size < neededBytes(chunks)) continue;
    let rest = Buffer.concat(chunks);
    while (rest.length >= neededBytes([rest])) {
      const end = neededBytes([rest]);
      if (rest[0] !== 0) throw new GrpcError(GrpcStatus.INTERNAL, "expected a message that is not compressed");
      yield rest.subarray(PREFIX_BYTES, end);
      rest = rest.subarray(end);
    }
    chunks = rest.length === 0 ? [] : [rest];
    size = rest.length;
  }
  if (size > 0) throw new GrpcError(GrpcStatus.UNAVAILABLE, "the answer ended within a message");
}

/** The bytes up to the end of the first message; its prefix when that is not there yet. */
function neededBytes(chunks: readonly Buffer[]): number {
  const [first = Buffer.alloc(0)] = chunks;
  const prefix = first.length >= PREFIX_BYTES ? first : Buffer.concat(chunks);
  if (prefix.length < PREFIX_BYTES) return PREFIX_BYTES;
  const length = prefix.readUInt32BE(1);
  if (length <= LARGEST_MESSAGE_BYTES) return PREFIX_BYTES + length;
  throw new GrpcError(GrpcStatus.RESOURCE_EXHAUSTED, `an answer of ${length} bytes is larger than the limit`);
}

/** Settles when a call has ended: well, or with its status as an error. */
function statusOf(call: ClientHttp2Stream): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (headers: IncomingHttpHeaders) => {
      const code = headers["grpc-status"];
      if (code === undefined) return;
      if (code === "0") resolve();
      else reject(GrpcError.fromTrailers(Number(code), headers));
    };
    call.once("response", (headers) => {
      end(headers);
      const status = Number(headers[constants.HTTP2_HEADER_STATUS]);
      if (status === 200) return;
      const unauthorized = status === 401 || status === 403;
      const text = `the server answered with HTTP status ${status}, which is no Spark Connect`;
      reject(new GrpcError(unauthorized ? GrpcStatus.UNAUTHENTICATED : GrpcStatus.UNAVAILABLE, text));
    });
    call.once("trailers", end);
    call.once("error", (cause) => reject(brokenBy(cause)));
    call.once("close", () => reject(new GrpcError(GrpcStatus.UNAVAILABLE, "the connection broke")));
  });
}

function brokenBy(cause: unknown): GrpcError {
  const text = cause instanceof Error ? cause.message : String(cause);
  return new GrpcError(GrpcStatus.UNAVAILABLE, text, { cause });
}
