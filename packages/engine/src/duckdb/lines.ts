import type { LineSource } from "../engine.ts";
import { join, type Sql, sql } from "../sql/sql.ts";

/** No JSON text holds this character, so no line is split by it. */
const NEVER = "\u0001";
const SMALLEST_BUFFER = 16 * 1024 * 1024;

/** The relation (line, file, part) over files of lines, whose buffers are as large as the longest line. */
export function readLines(
  sources: readonly LineSource[],
  options: { readonly maxLineBytes: number; readonly json: boolean },
): Sql {
  const bytes = Math.max(SMALLEST_BUFFER, options.maxLineBytes + 1024);
  const tables = sources.map(({ path, file, part }) =>
    options.json
      ? sql`SELECT CAST(json AS VARCHAR) AS line, ${file} AS file, CAST(${part ?? null} AS VARCHAR) AS part
          FROM read_ndjson_objects(${path}, ignore_errors = true, maximum_object_size = ${bytes})`
      : sql`SELECT line, ${file} AS file, CAST(${part ?? null} AS VARCHAR) AS part
          FROM read_csv(${path}, columns = {'line': 'VARCHAR'}, auto_detect = false, header = false, delim = ${NEVER},
            quote = '', escape = '', new_line = '\\n', max_line_size = ${bytes}, buffer_size = ${2 * bytes},
            compression = 'none')
          WHERE trim(line, ' \t\r') <> ''`,
  );
  return sql`(${join(tables, sql` UNION ALL `)})`;
}
