import { generateKeyPairSync, sign } from "node:crypto";

/** A key and the certificate of it, both as PEM. */
export interface Certified {
  readonly key: string;
  readonly certificate: string;
}

const TAG = { integer: 0x02, bits: 0x03, octets: 0x04, id: 0x06, text: 0x0c, sequence: 0x30, set: 0x31, time: 0x18 };
const COMMON_NAME = Buffer.of(0x55, 0x04, 0x03);
const ALTERNATIVE_NAMES = Buffer.of(0x55, 0x1d, 0x11);
const ECDSA_WITH_SHA256 = Buffer.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02);
/** A name of a host among the alternative names, and the fields of a certificate with a number of their own. */
const HOST_NAME = 0x82;
const numbered = (number: number) => 0xa0 + number;

/** A value in DER (X.690): tag, length, content. */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const header = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...header), content]);
}

function time(atMs: number): Buffer {
  return der(TAG.time, Buffer.from(`${new Date(atMs).toISOString().replaceAll(/[-:T]|[.]\d+/g, "")}`));
}

/**
 * A new certificate, signed by its own key, for a host; valid for two hours around now.
 * Source: RFC 5280, section 4.1.
 */
export function selfSigned(host: string): Certified {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = der(
    TAG.sequence,
    der(TAG.set, der(TAG.sequence, der(TAG.id, COMMON_NAME), der(TAG.text, Buffer.from(host)))),
  );
  const algorithm = der(TAG.sequence, der(TAG.id, ECDSA_WITH_SHA256));
  const hosts = der(TAG.octets, der(TAG.sequence, der(HOST_NAME, Buffer.from(host))));
  const hour = 3_600_000;
  const content = der(
    TAG.sequence,
    der(numbered(0), der(TAG.integer, Buffer.of(2))),
    der(TAG.integer, Buffer.of(1)),
    algorithm,
    name,
    der(TAG.sequence, time(Date.now() - hour), time(Date.now() + hour)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(numbered(3), der(TAG.sequence, der(TAG.sequence, der(TAG.id, ALTERNATIVE_NAMES), hosts))),
  );
  const signature = der(TAG.bits, Buffer.of(0), sign("sha256", content, privateKey));
  const base64 = der(TAG.sequence, content, algorithm, signature).toString("base64");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/(.{64})/g, "$1\n")}\n-----END CERTIFICATE-----\n`,
  };
}
