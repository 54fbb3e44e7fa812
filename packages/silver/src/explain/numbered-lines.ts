import { isUtf8 } from "node:buffer";
import { createReadStream, createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Engine, identifier, type Sql, sql } from "@medallion/engine";
import { brokenLine } from "../promote/mend.ts";
import { DocumentReader } from "../sql/reader.ts";
import type { ReplayedRange } from "./ranges.ts";

const NEWLINE = 0x0a;
/** No JSON text holds another control character than tab and carriage return, as a line holds no line feed. */
const IS_CONTROL = Array.from({ length: 0x20 }, (_, byte) => byte !== 0x09 && byte !== 0x0d);

/** A file of JSON lines, each of which holds a bronze line and where it came from. */
export interface NumberedLines {
  readonly path: string;
  readonly lines: number;
  /** Length of the longest line, in bytes. */
  readonly maxLineBytes: number;
}

/** Writes the lines of ranges with their numbers, for engines do not say which line of a file a row came from. */
export async function writeNumberedLines(ranges: readonly ReplayedRange[], path: string): Promise<NumberedLines> {
  const written = { lines: 0, maxLineBytes: 0 };
  const numbered = async function* () {
    for (const range of ranges) {
      let number = range.firstLine - 1;
      for await (const line of linesOf(range.source.path)) {
        number += 1;
        if (isBlank(line)) continue;
        const text = Buffer.from(`${JSON.stringify(numberedLine(range, number, written.lines, line))}\n`);
        written.lines += 1;
        written.maxLineBytes = Math.max(written.maxLineBytes, text.length);
        yield text;
      }
    }
  };
  await pipeline(Readable.from(numbered()), createWriteStream(path));
  return { path, ...written };
}

function numberedLine({ commit, source, read }: ReplayedRange, number: number, index: number, line: Buffer) {
  const isText = isUtf8(line) && !line.some((byte) => IS_CONTROL[byte] === true);
  return {
    line: (isText ? line : brokenLine(line)).toString(),
    // The label tells lines apart and ends as the file's name does, which has the day of ingestion.
    label: `${index}:${read.file}`,
    part: source.part ?? null,
    path: read.file,
    commit,
    number,
  };
}

/** Reads numbered lines: the relation (line, file, part, path, commit_number, line_number), where `file` is the label. */
export async function numberedLinesQuery(engine: Engine, { path, maxLineBytes }: NumberedLines): Promise<Sql> {
  const { dialect } = engine;
  const reader = new DocumentReader(dialect, identifier("fields"));
  const text = (name: string) => reader.value([name]).text;
  const columns = sql`${text("line")} AS line, ${text("label")} AS file, ${text("part")} AS part, ${text("path")} AS path,
    ${dialect.cast(text("commit"), "integer")} AS commit_number, ${dialect.cast(text("number"), "integer")} AS line_number`;
  const lines = await engine.lines([{ path, file: "numbered" }], { maxLineBytes, json: true });
  return sql`SELECT ${columns} FROM (SELECT ${reader.readTexts(identifier("line"))} AS fields FROM ${lines} AS l) AS f`;
}

async function* linesOf(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  const chunks: AsyncIterable<Buffer> = createReadStream(path);
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      yield Buffer.concat([...rest, chunk.subarray(start, end)]);
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
