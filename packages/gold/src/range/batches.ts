/** As many rows as are sorted at once in the memory that an engine has at least. */
const BATCH_ROWS = 250_000;

/** Splits days into batches of about a quarter of a million rows, and at least one day. */
export function batchesByRows<T extends { readonly rows: number | null }>(days: readonly T[]): T[][] {
  const batches: T[][] = [];
  let room = 0;
  for (const day of days) {
    const batch = batches.at(-1);
    const rows = day.rows ?? 0;
    if (batch !== undefined && rows <= room) batch.push(day);
    else {
      batches.push([day]);
      room = BATCH_ROWS;
    }
    room -= rows;
  }
  return batches;
}
