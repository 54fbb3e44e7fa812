import { randomUUID } from "node:crypto";
import { EngineError } from "../../errors.ts";

const DEFAULT_PORT = 15002;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const HEADER = /^[0-9a-z!#$%&'*+.^_`|~-]+$/;

/** Where a Spark Connect server is and how to speak to it. */
export interface SparkAddress {
  /** `http://host:port`, or `https://` with TLS. */
  readonly origin: string;
  readonly userId: string;
  readonly userAgent: string;
  /** Names the session on the server; a UUID. */
  readonly sessionId: string;
  /** The most bytes of text that a part of a partition is to hold; null where the connection string says nothing of it. */
  readonly partBytes: number | null;
  /** Sent with every call. Names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Reads a connection string of Spark Connect, `sc://host[:port]/;key=value;…`. `token` is sent as a bearer token and
 * implies TLS; `use_ssl`, `user_id`, `user_agent` and `session_id` are understood, and `part_bytes`, which is
 * Medallion's own; any other pair becomes a header. Keys and values may be percent-encoded.
 * Source: https://github.com/apache/spark/blob/master/sql/connect/docs/client-connection-string.md
 *
 * @throws EngineError ENGINE_OPTION_INVALID
 */
export function parseAddress(text: string): SparkAddress {
  const found = /^sc:\/\/([^/;?#@]+)(?:\/(?:;(.*))?)?$/.exec(text);
  const host = found?.[1];
  if (host === undefined) throw invalid("sc://host[:port]/;key=value;…", shown(text));
  const pairs = parsePairs(found?.[2] ?? "");
  const take = (key: string) => {
    const value = pairs.get(key);
    pairs.delete(key);
    return value;
  };
  const token = take("token");
  const useTls = parseFlag(take("use_ssl")) ?? token !== undefined;
  if (token !== undefined && !useTls) throw invalid("use_ssl=true with a token", "use_ssl=false");
  const sessionId = take("session_id") ?? randomUUID();
  if (!UUID.test(sessionId)) throw invalid("a UUID as session_id", JSON.stringify(sessionId));
  return {
    origin: originOf(host, useTls),
    userId: take("user_id") ?? "medallion",
    userAgent: take("user_agent") ?? "medallion",
    sessionId,
    partBytes: parseBytes(take("part_bytes")),
    headers: headersOf(pairs, token),
  };
}

function parsePairs(text: string): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const pair of text.split(";").filter((item) => item !== "")) {
    const split = pair.indexOf("=");
    if (split < 1) throw invalid("key=value between the semicolons", "a part without a key or a value");
    const [key, value] = [decoded(pair.slice(0, split)), decoded(pair.slice(split + 1))];
    if (pairs.has(key)) throw invalid(`${key} once`, "it twice");
    pairs.set(key, value);
  }
  return pairs;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    if (cause instanceof URIError) throw invalid("percent-encoded text", "a % that is none");
    throw cause;
  }
}

function parseFlag(value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  if (/^(?:true|false)$/i.test(value)) return value.toLowerCase() === "true";
  throw invalid("use_ssl=true or use_ssl=false", JSON.stringify(value));
}

function parseBytes(value: string | undefined): number | null {
  if (value === undefined) return null;
  if (/^[1-9][0-9]{0,14}$/.test(value)) return Number(value);
  throw invalid("part_bytes to be a whole number of bytes from 1 on", JSON.stringify(value));
}

function originOf(host: string, useTls: boolean): string {
  const found = /^(\[[0-9a-f:.]+\]|[^:[\]\s]+)(?::([0-9]{1,5}))?$/i.exec(host);
  const name = found?.[1];
  const port = found?.[2] === undefined ? DEFAULT_PORT : Number(found[2]);
  if (name === undefined || port < 1 || port > 65_535) throw invalid("a host and a port from 1 to 65535", host);
  return `${useTls ? "https" : "http"}://${name}:${port}`;
}

function headersOf(pairs: ReadonlyMap<string, string>, token: string | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [key, value] of [
    ...pairs,
    ...(token === undefined ? [] : [["authorization", `Bearer ${token}`] as const]),
  ]) {
    const name = key.toLowerCase();
    if (!HEADER.test(name)) throw invalid("a key that can be a header", JSON.stringify(key));
    if (!/^[\x20-\x7e]*$/.test(value)) throw invalid(`printable ASCII as the value of ${key}`, "other characters");
    headers[name] = value;
  }
  return headers;
}

/** A connection string without what may be secret. */
function shown(text: string): string {
  const [start = ""] = text.split(";");
  return JSON.stringify(start.length < text.length ? `${start};…` : start);
}

function invalid(expected: string, found: string): EngineError {
  return new EngineError(
    "ENGINE_OPTION_INVALID",
    `Expected ${expected} in the connection string of Spark, found ${found}. Write it as sc://host:15002/;key=value.`,
  );
}
