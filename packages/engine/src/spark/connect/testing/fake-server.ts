import { createServer, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import { onTestFinished } from "vitest";
import { encode, Message } from "../protobuf.ts";

/** One call to the server, to be answered. */
export interface FakeCall {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly request: Message;
  /** Sends messages as one chunk each, or byte by byte. */
  send(message: Uint8Array, inPieces?: boolean): void;
  end(): void;
  fail(status: number, message: string, facts?: Readonly<Record<string, string>>): void;
  /** Cuts the connection. */
  cut(): void;
}

export interface FakeServer {
  readonly url: string;
  /** The calls so far, by method. */
  readonly calls: FakeCall[];
}

/** A server that speaks gRPC and does what the test says. Calls that it does not answer itself are answered emptily. */
export async function fakeServer(answer: (call: FakeCall) => boolean): Promise<FakeServer> {
  const calls: FakeCall[] = [];
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer();
  server.on("session", (session) => sessions.add(session));
  server.on("stream", (stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on("error", () => stream.destroy());
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      const call = callOf(stream, headers, Buffer.concat(chunks).subarray(5));
      calls.push(call);
      if (answer(call)) return;
      call.send(encode({}));
      call.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("expected a port");
  return { url: `sc://127.0.0.1:${address.port}`, calls };
}

function callOf(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, request: Buffer): FakeCall {
  let trailers: Record<string, string> = { "grpc-status": "0" };
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  const respond = () => {
    if (!stream.headersSent) {
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    }
  };
  return {
    method: String(headers[":path"]).split("/").at(-1) ?? "",
    headers,
    request: new Message(request),
    send(message, inPieces = false) {
      respond();
      const prefix = Buffer.alloc(5);
      prefix.writeUInt32BE(message.length, 1);
      const frame = Buffer.concat([prefix, message]);
      for (const piece of inPieces ? [...frame].map((byte) => Buffer.of(byte)) : [frame]) stream.write(piece);
    },
    end() {
      respond();
      stream.end();
    },
    fail(status, message, facts = {}) {
      const info = encode({ 1: "type.googleapis.com/google.rpc.ErrorInfo", 2: encode({ 3: facts }) });
      const details = Buffer.from(encode({ 1: status, 3: [info] })).toString("base64");
      trailers = {
        "grpc-status": `${status}`,
        "grpc-message": encodeURIComponent(message),
        "grpc-status-details-bin": details,
      };
      this.end();
    },
    cut: () => stream.session?.destroy(),
  };
}
