import type { IncomingHttpHeaders } from "node:http2";
import { Message } from "./protobuf.ts";

/** The status codes of gRPC that Spark uses. Source: https://grpc.io/docs/guides/status-codes/ */
export const GrpcStatus = {
  CANCELLED: 1,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

const ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo";

/** A call that did not end well. */
export class GrpcError extends Error {
  override readonly name = "GrpcError";
  readonly status: number;
  /** What Spark says of the error: `errorClass`, `sqlState`, `errorId` and others, where they are known. */
  readonly facts: ReadonlyMap<string, string>;

  constructor(
    status: number,
    message: string,
    options: { readonly facts?: ReadonlyMap<string, string>; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.status = status;
    this.facts = options.facts ?? new Map();
  }

  /** Spark's error class, such as `TABLE_OR_VIEW_NOT_FOUND`; empty where it is not known. */
  get errorClass(): string {
    return this.facts.get("errorClass") ?? /^\[([A-Z0-9_.]+)\]/.exec(this.message)?.[1] ?? "";
  }

  static fromTrailers(status: number, headers: IncomingHttpHeaders): GrpcError {
    const message = decoded(String(headers["grpc-message"] ?? "no message"));
    const details = headers["grpc-status-details-bin"];
    const facts = typeof details === "string" ? factsOf(Buffer.from(details, "base64")) : new Map<string, string>();
    return new GrpcError(status, message, { facts });
  }
}

/** The metadata of the ErrorInfo inside a google.rpc.Status. */
function factsOf(bytes: Uint8Array): ReadonlyMap<string, string> {
  try {
    const info = new Message(bytes)
      .messages(3)
      .find((detail) => detail.text(1) === ERROR_INFO)
      ?.message(2);
    return info?.map(3) ?? new Map();
  } catch (cause) {
    if (cause instanceof RangeError) return new Map();
    throw cause;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    if (cause instanceof URIError) return text;
    throw cause;
  }
}
