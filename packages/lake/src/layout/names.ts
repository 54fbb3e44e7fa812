import { createHash } from "node:crypto";
import { LakeError } from "../errors.ts";

/** An encoded name never has more bytes than this; a longer one is shortened to a prefix and a digest. */
export const LONGEST_NAME = 160;

const EMPTY = "%_";
const DIGEST_MARK = "%~";
const DIGEST_LENGTH = 64;
/** Windows keeps these names for devices, in every folder and with every ending. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/;
/** Half of a surrogate pair without the other. */
const HALF_PAIR = /[\ud800-\udfff]/u;
const SAFE_CHARACTERS = /^[a-z0-9_%~.-]+$/;

/**
 * Makes a file name of any string, reversibly: `decodeName` gives the string back. `a-z`, `0-9`, `_`, `.` and `-` stay;
 * everything else becomes `%xx` of its UTF-8 bytes, and so do upper case, a leading dot or hyphen, a trailing dot and
 * the first letter of a Windows device name. Two names never get the same file name, also where the file system
 * ignores case or normalises Unicode.
 *
 * A name whose encoding has more than 160 bytes becomes `<prefix>%~<SHA-256>`, which `decodeName` cannot reverse: give
 * names that come from data to `nameFile`, which keeps the original.
 */
export function encodeName(name: string): string {
  const encoded = encodeWhole(name);
  if (encoded.length <= LONGEST_NAME) return encoded;
  const room = LONGEST_NAME - DIGEST_MARK.length - DIGEST_LENGTH;
  const prefix = encoded.slice(0, room).replace(/%[0-9a-f]?$/, "");
  return prefix + DIGEST_MARK + nameDigest(name);
}

/**
 * The name that `encodeName` made a file name of.
 * @throws LakeError `NAME_INVALID` for what `encodeName` never returns, and for a shortened name (`readName` finds those)
 */
export function decodeName(fileName: string): string {
  if (digestOf(fileName) !== null)
    throw invalid(fileName, "an encoded name in full; readName gives the original of a shortened one");
  if (fileName === EMPTY) return "";
  const name = /^(?:[a-z0-9_.-]|%[0-9a-f]{2})+$/.test(fileName) ? decodeBytes(fileName) : null;
  if (name === null || encodeName(name) !== fileName) throw invalid(fileName, "a name as encodeName makes it");
  return name;
}

/** The SHA-256 digest in a shortened name; null when the name is not a shortened one. */
export function digestOf(fileName: string): string | null {
  return /^[a-z0-9_.%-]+%~([0-9a-f]{64})$/.exec(fileName)?.[1] ?? null;
}

/** SHA-256, in hexadecimal, of the UTF-8 bytes of a name. */
export function nameDigest(name: string): string {
  return createHash("sha256").update(bytesOf(name)).digest("hex");
}

/** Whether a text can stand as a member of a folder, on every system: what `encodeName` returns always can. */
export function isSafeName(text: string): boolean {
  return SAFE_CHARACTERS.test(text) && text.length <= LONGEST_NAME && !/^[.-]|\.$/.test(text) && !isDeviceName(text);
}

/** Whether Windows takes a file name, in lower case, for a device. */
export function isDeviceName(text: string): boolean {
  return DEVICE.test(text);
}

/** @throws LakeError `NAME_INVALID` unless `isSafeName` */
export function checkSafeName(text: string): string {
  if (!isSafeName(text)) {
    throw invalid(text, `at most ${LONGEST_NAME} of a-z 0-9 _ . - (encodeName makes such a name of any other)`);
  }
  return text;
}

function encodeWhole(name: string): string {
  if (name === "") return EMPTY;
  if (isSafeName(name) && !/[%~]/.test(name)) return name;
  const first = /^[.-]/.test(name) || DEVICE.test(name);
  let encoded = "";
  const characters = [...name];
  for (const [index, character] of characters.entries()) {
    const stays =
      /^[a-z0-9_.-]$/.test(character) &&
      !(index === 0 && first) &&
      !(index === characters.length - 1 && character === ".");
    encoded += stays ? character : percent(bytesOf(character));
  }
  return encoded;
}

function percent(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += `%${byte.toString(16).padStart(2, "0")}`;
  return text;
}

/** UTF-8, where half of a surrogate pair, which UTF-8 has no bytes for, gets the three it would have (WTF-8). */
function bytesOf(name: string): Buffer {
  if (!HALF_PAIR.test(name)) return Buffer.from(name, "utf8");
  const parts = [...name].map((character) => {
    if (!HALF_PAIR.test(character)) return Buffer.from(character, "utf8");
    const unit = character.charCodeAt(0);
    return Buffer.from([0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)]);
  });
  return Buffer.concat(parts);
}

/** Null when the bytes are neither UTF-8 nor WTF-8. */
function decodeBytes(fileName: string): string | null {
  const bytes = Buffer.from(
    fileName.replaceAll(/%([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );
  // Byte by byte the halves of pairs are told apart: ED A0..BF xx is never UTF-8.
  const pieces: string[] = [];
  let start = 0;
  for (let at = 0; at + 2 < bytes.length; at++) {
    const [lead = 0, second = 0, third = 0] = bytes.subarray(at, at + 3);
    if (lead !== 0xed || second < 0xa0 || third >> 6 !== 2) continue;
    pieces.push(
      bytes.toString("utf8", start, at),
      String.fromCharCode(0xd000 | ((second & 0x3f) << 6) | (third & 0x3f)),
    );
    start = at + 3;
    at += 2;
  }
  pieces.push(bytes.toString("utf8", start));
  return pieces.join("");
}

function invalid(found: string, expected: string): LakeError {
  return new LakeError("NAME_INVALID", `Expected ${expected}, found ${JSON.stringify(found)}.`, { found });
}
