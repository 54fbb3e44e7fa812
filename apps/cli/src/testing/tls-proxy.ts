import {
  type ClientHttp2Session,
  connect,
  createSecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import { onTestFinished } from "vitest";
import { selfSigned } from "./certificate.ts";

const PERMISSION_DENIED = "7";
const HOST = "localhost";

export interface TlsProxy {
  /** `host:port` */
  readonly host: string;
  /** The certificate of the proxy, which nobody trusts unless told. */
  readonly certificate: string;
  /** The headers of every call so far. */
  readonly calls: IncomingHttpHeaders[];
}

/**
 * What stands before a Spark Connect server that others reach: it ends TLS and passes calls on.
 * @param origin `http://host:port` of the server; null to refuse every call
 */
export async function tlsProxy(origin: string | null): Promise<TlsProxy> {
  const { key, certificate } = selfSigned(HOST);
  const calls: IncomingHttpHeaders[] = [];
  const sessions = new Set<ServerHttp2Session | ClientHttp2Session>();
  const server = createSecureServer({ key, cert: certificate });
  const upstream = origin === null ? null : connect(origin);
  if (upstream !== null) sessions.add(upstream);
  server.on("session", (session) => sessions.add(session));
  server.on("stream", (stream, headers) => {
    calls.push(headers);
    if (upstream === null) refuse(stream);
    else passOn(upstream, stream, headers);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("expected a port");
  return { host: `${HOST}:${address.port}`, certificate, calls };
}

function refuse(stream: ServerHttp2Stream): void {
  const status = { "grpc-status": PERMISSION_DENIED, "grpc-message": "this cluster takes no one" };
  stream.respond({ ":status": 200, "content-type": "application/grpc", ...status }, { endStream: true });
}

function passOn(upstream: ClientHttp2Session, stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  const { ":path": path, "content-type": type } = headers;
  const call = upstream.request({ ":method": "POST", ":path": path, "content-type": type, te: "trailers" });
  let trailers: IncomingHttpHeaders = {};
  stream.on("error", () => call.destroy());
  call.on("error", () => stream.destroy());
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  call.on("trailers", (found) => {
    trailers = found;
  });
  call.on("response", ({ ":status": status, ...answer }) => {
    stream.respond({ ":status": status, ...answer }, { waitForTrailers: true });
    call.pipe(stream);
  });
  stream.pipe(call);
}
