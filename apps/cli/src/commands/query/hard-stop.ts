import { rmSync } from "node:fs";

const GRACE_MS = 2000;

/**
 * Ends the process when work does not heed its signal. DuckDB looks for an interrupt between batches only, and a batch of
 * a cross join may take hours. A query has nothing to lose, so the process then ends by the signal itself: SIGINT, which
 * shells report as 130, or SIGTERM when the time was up.
 *
 * @param folder a temporary folder to be taken away before
 * @returns what calls it off
 */
export function endUnlessHeeded(signal: AbortSignal, folder: string): () => void {
  let timer: NodeJS.Timeout | null = null;
  const begin = () => {
    timer = setTimeout(() => end(signal, folder), GRACE_MS);
  };
  signal.addEventListener("abort", begin);
  return () => {
    signal.removeEventListener("abort", begin);
    if (timer !== null) clearTimeout(timer);
  };
}

function end(signal: AbortSignal, folder: string): void {
  const late = signal.reason instanceof Error && signal.reason.name === "TimeoutError";
  process.stderr.write(`medallion: The query was ${late ? "stopped, for its time was up" : "interrupted"}.\n`);
  rmSync(folder, { recursive: true, force: true });
  const name = late ? "SIGTERM" : "SIGINT";
  process.removeAllListeners(name);
  process.kill(process.pid, name);
}
