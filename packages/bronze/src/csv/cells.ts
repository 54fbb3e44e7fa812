const QUOTE = '"';

/** The cells of a row that `RowReader` handed over. A quote inside a cell that does not begin with one is just text. */
export function cellsOf(row: string): string[] {
  if (!row.includes(QUOTE)) return row.split(",");
  const cells: string[] = [];
  for (let start = 0; start <= row.length; ) {
    const end = row[start] === QUOTE ? closingQuote(row, start) + 1 : endOfPlain(row, start);
    cells.push(row[start] === QUOTE ? row.slice(start + 1, end - 1).replaceAll('""', QUOTE) : row.slice(start, end));
    start = end + 1;
  }
  return cells;
}

function endOfPlain(row: string, start: number): number {
  const comma = row.indexOf(",", start);
  return comma < 0 ? row.length : comma;
}

function closingQuote(row: string, start: number): number {
  let at = row.indexOf(QUOTE, start + 1);
  while (row[at + 1] === QUOTE) at = row.indexOf(QUOTE, at + 2);
  return at;
}
