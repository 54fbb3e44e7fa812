import type { Row } from "../engine.ts";
import { EngineError } from "../errors.ts";
import { toSqlValue } from "../sql/result-value.ts";

/** Reads Arrow streams as rows. */
export type ArrowReader = (streams: readonly Uint8Array[]) => Row[];

/** @throws EngineError ENGINE_UNAVAILABLE when the package is not installed */
export async function loadArrow(): Promise<ArrowReader> {
  const { tableFromIPC } = await importArrow();
  return (streams) =>
    streams.flatMap((stream) => {
      const table = tableFromIPC(stream);
      const columns = table.schema.fields.map(({ name }, index) => ({ name, vector: table.getChildAt(index) }));
      return Array.from({ length: table.numRows }, (_, row) =>
        Object.fromEntries(columns.map(({ name, vector }) => [name, toSqlValue(vector?.get(row))])),
      );
    });
}

async function importArrow(): Promise<typeof import("apache-arrow")> {
  try {
    return await import("apache-arrow");
  } catch (cause) {
    const text =
      'Results of Spark come as Arrow, and the package "apache-arrow" is not installed. Install it beside Medallion: npm install apache-arrow@21';
    throw new EngineError("ENGINE_UNAVAILABLE", text, { cause });
  }
}
