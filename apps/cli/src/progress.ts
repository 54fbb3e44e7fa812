import { interruptible } from "./interrupt.ts";
import { printableLine } from "./printable.ts";
import type { OutputOptions } from "./terminal.ts";

/**
 * Shows how far work is.
 * @param fraction from 0 to 1; 0 where it is not known
 * @param text a function is called only when its text is shown: work may go on in many small pieces
 */
type ShowStep = (fraction: number, text: string | (() => string)) => void;

/** Runs work that Ctrl-C interrupts, and shows on a terminal how far it is. */
export async function withProgress<T>(
  options: OutputOptions,
  work: (signal: AbortSignal, onStep: ShowStep) => Promise<T>,
): Promise<T> {
  const progress = new Progress(options);
  try {
    return await interruptible((signal) => work(signal, (fraction, text) => progress.show(fraction, text)));
  } finally {
    progress.end();
  }
}

const BAR_WIDTH = 24;
const REDRAW_MS = 80;

/** A line on the terminal that shows how far the work is; silent where standard error is no terminal. */
class Progress {
  readonly #shown: boolean;
  #last = 0;
  #drawn = false;

  constructor(options: OutputOptions) {
    this.#shown = process.stderr.isTTY && options.quiet !== true && options.json !== true;
  }

  show(...[fraction, text]: Parameters<ShowStep>): void {
    if (!this.#shown || (Date.now() - this.#last < REDRAW_MS && fraction < 1)) return;
    this.#last = Date.now();
    this.#drawn = true;
    const full = Math.round(Math.min(1, Math.max(0, fraction)) * BAR_WIDTH);
    const bar = `${"█".repeat(full)}${"░".repeat(BAR_WIDTH - full)}`;
    const room = Math.max(10, (process.stderr.columns || 80) - BAR_WIDTH - 3);
    process.stderr.write(`\r\u001b[2K${bar} ${printableLine(typeof text === "string" ? text : text()).slice(0, room)}`);
  }

  /** Takes the line away. */
  end(): void {
    if (this.#drawn) process.stderr.write("\r\u001b[2K");
    this.#drawn = false;
  }
}
