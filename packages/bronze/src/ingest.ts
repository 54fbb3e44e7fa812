import type { Lake } from "@medallion/lake";
import { BronzeError, type BronzeFacts } from "./errors.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import type { CsvOptions } from "./reader/open-reader.ts";
import { openReader } from "./reader/open-reader.ts";
import { type IngestReport, keptText } from "./report.ts";
import { SourceInput } from "./source/inputs.ts";
import { type OpenSource, openSource } from "./source/open.ts";
import { type PlannedSource, planSources, type Source, type SourceFormat } from "./source/plan.ts";
import { newRun, refusalOf, type SourceRun, summarize, throwRefused } from "./source-run.ts";
import { SourceSink } from "./source-sink.ts";
import { Appender, type BronzeTarget } from "./writer/appender.ts";
import { systemMicros } from "./writer/clock.ts";

/** How far an ingestion is. */
export interface IngestProgress {
  /** The source being read, as in `source_file`. */
  readonly path: string;
  /** Bytes taken from it so far, before decompression. */
  readonly bytesRead: number;
  /** Records of it that are on disk. */
  readonly records: number;
}

/** How sources are ingested; all of it may be left out. */
export interface IngestOptions {
  /** Take the records out of the arrays under this key, at any depth. Default: each document is a record, an array its members. */
  readonly records?: string;
  /** What the sources hold that are named one by one. Default: CSV for a name that ends in `.csv` or `.csv.gz`, else JSON. */
  readonly format?: SourceFormat;
  /** How CSV is read. Default: every cell is a string. */
  readonly csv?: CsvOptions;
  /** Called after each piece of a source, of up to a mebibyte as a rule. */
  readonly onProgress?: (progress: IngestProgress) => void;
  /** Stops the ingestion; what was read by then is brought to disk first. */
  readonly signal?: AbortSignal;
  /** Microseconds since the epoch. Default: the system's clock. */
  readonly now?: () => number;
  readonly limits?: Partial<Limits>;
}

/**
 * Appends the records of files, folders and streams to bronze.
 *
 * A source that cannot be read to its end does not keep the others from being read. Its error is thrown at the end, with the
 * report of all that was done; what it gave before is kept, but for a gzip file, of which nothing is kept when it is broken.
 * When the storage refuses or the signal stops the run, nothing more is read.
 *
 * @returns what is on disk when it returns
 * @throws BronzeError before anything is read: `SOURCE_NOT_FOUND`, `SOURCE_UNREADABLE`
 * @throws BronzeError with a `report`: the first of the refused sources (`SOURCE_NOT_FOUND`, `SOURCE_UNREADABLE`,
 * `SOURCE_CHANGED`, `DOCUMENT_TOO_LARGE`, `RECORD_TOO_LARGE`, `GZIP_BROKEN`, `CSV_HEADER_INVALID`), `APPEND_FAILED`,
 * `INTERRUPTED`
 * @throws LakeError `NAME_INVALID` for a target that cannot be a file name
 */
export async function ingest(
  lake: Lake,
  target: BronzeTarget,
  sources: readonly Source[],
  options: IngestOptions = {},
): Promise<IngestReport> {
  const run = new Ingestion(lake, target, options);
  const plan = await planSources(lake, sources, options.format);
  return await run.read(plan.sources, plan.skipped);
}

class Ingestion {
  readonly #appender: Appender;
  readonly #options: IngestOptions;
  readonly #limits: Limits;
  readonly #runs: SourceRun[] = [];
  #bytesRead = 0;

  constructor(lake: Lake, target: BronzeTarget, options: IngestOptions) {
    this.#appender = new Appender(lake, target, { now: options.now ?? systemMicros, stopAtFailure: true });
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
  }

  async read(sources: readonly PlannedSource[], skipped: IngestReport["skipped"]): Promise<IngestReport> {
    try {
      for (const source of sources) {
        this.#options.signal?.throwIfAborted();
        await this.#readSource(source);
      }
    } catch (error) {
      await this.#appender.close();
      throw this.#stopped(error, skipped);
    }
    await this.#appender.close();
    if (this.#appender.failure !== null) throw this.#stopped(this.#appender.failure, skipped);
    const report = this.#report(skipped);
    throwRefused(this.#runs, report);
    return report;
  }

  async #readSource(source: PlannedSource): Promise<void> {
    const { path } = source;
    const named = source.kind === "file" || source.named;
    const sink = new SourceSink(this.#appender, named ? path : null);
    const run = newRun(path, sink.tally);
    this.#runs.push(run);
    let opened: OpenSource | null = null;
    try {
      opened = await openSource(source, this.#options.signal);
      await this.#readRecords(source, opened, run, sink);
      run.report.changed = await opened.hasChanged();
    } catch (error) {
      if (error === this.#appender.failure || this.#options.signal?.aborted === true) throw error;
      if (!(error instanceof BronzeError)) throw error;
      run.error = refusalOf(path, error);
    } finally {
      this.#bytesRead += opened?.bytesRead() ?? 0;
      await opened?.close();
    }
  }

  async #readRecords(
    { path, format }: PlannedSource,
    opened: OpenSource,
    run: SourceRun,
    sink: SourceSink,
  ): Promise<void> {
    const input = new SourceInput(path, opened.input, this.#options.signal);
    const { capacity } = opened;
    const reader = openReader(format, input, sink, this.#options, { limits: this.#limits, capacity });
    let goesOn = true;
    while (goesOn) {
      this.#options.signal?.throwIfAborted();
      goesOn = await reader.read();
      run.report.withoutWrapper = reader.withoutWrapper;
      this.#options.onProgress?.({ path, bytesRead: opened.bytesRead(), records: run.tally.records });
    }
  }

  #report(skipped: IngestReport["skipped"]): IngestReport {
    return summarize(this.#runs, { bytesRead: this.#bytesRead, skipped, bronzeFiles: this.#appender.files });
  }

  /** The error of a run that did not come to its end. */
  #stopped(error: unknown, skipped: IngestReport["skipped"]): unknown {
    const report = this.#report(skipped);
    const at = this.#runs.at(-1)?.report.path ?? null;
    const facts: BronzeFacts = { file: at, kept: report.records };
    const kept = keptText(report);
    const failure = this.#appender.failure;
    if (failure !== null) {
      return new BronzeError("APPEND_FAILED", `${failure.message} ${kept}; reading stopped in ${at}.`, failure.facts, {
        cause: failure,
        report,
      });
    }
    if (this.#options.signal?.aborted !== true) return error;
    return new BronzeError("INTERRUPTED", `Interrupted: ${kept}; reading stopped in ${at}.`, facts, {
      cause: error,
      report,
    });
  }
}
