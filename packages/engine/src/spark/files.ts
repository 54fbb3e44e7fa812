import { basename } from "node:path";
import { EngineError } from "../errors.ts";

/** Characters that an URI of Java holds as they are; all others of ASCII are percent-encoded, the rest is left alone. */
const NOT_IN_A_PATH = /[^A-Za-z0-9\-_.!~*'(),;:$&+=@/\u0080-\u{10ffff}]/gu;

/** A path in which Spark, which takes paths for patterns, finds the one file that is meant. */
export function literalPath(path: string): string {
  const name = basename(path);
  if (/^[_.]/.test(name)) {
    const text = `Spark passes over files whose names begin with "_" or ".", found ${path}. Give the file another name.`;
    throw new EngineError("VALUE_INVALID", text);
  }
  return path.replaceAll(/[\\*?[\]{}^,]/g, "\\$&");
}

/** The path of a file as Spark writes it in an URI. */
export function uriPath(path: string): string {
  return path.replaceAll(NOT_IN_A_PATH, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
  });
}
