import type { Lake } from "@medallion/lake";
import { BronzeError, type BronzeFacts } from "./errors.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { RecordReader } from "./reader/records.ts";
import type { IngestReport, SourceReport } from "./report.ts";
import { SourceInput } from "./source/inputs.ts";
import { type OpenSource, openSource } from "./source/open.ts";
import { type PlannedSource, planSources, type Source } from "./source/plan.ts";
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

export interface IngestOptions {
  /** Take the records out of the arrays under this key, at any depth. Default: each document is a record, an array its members. */
  readonly records?: string;
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
 * `SOURCE_CHANGED`, `DOCUMENT_TOO_LARGE`, `RECORD_TOO_LARGE`, `GZIP_BROKEN`), `APPEND_FAILED`, `INTERRUPTED`
 * @throws LakeError `NAME_INVALID` for a target that cannot be a file name
 */
export async function ingest(
  lake: Lake,
  target: BronzeTarget,
  sources: readonly Source[],
  options: IngestOptions = {},
): Promise<IngestReport> {
  const run = new Ingestion(lake, target, options);
  const plan = await planSources(lake, sources);
  return await run.read(plan.sources, plan.skipped);
}

interface SourceRun {
  readonly report: SourceReport;
  readonly sink: SourceSink;
  error: BronzeError | null;
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
    const refused = this.#runs.find((run) => run.error !== null)?.error;
    if (refused === undefined || refused === null) return report;
    const others = report.refused.length - 1;
    throw new BronzeError(
      refused.code,
      others === 0 ? refused.message : `${refused.message} (And ${others} more of the sources could not be read.)`,
      refused.facts,
      { cause: refused, report },
    );
  }

  async #readSource(source: PlannedSource): Promise<void> {
    const { path } = source;
    const named = source.kind === "file" || source.named;
    const run: SourceRun = {
      report: { path, records: 0, raw: 0, withoutWrapper: 0, empty: false, changed: false },
      sink: new SourceSink(this.#appender, named ? path : null),
      error: null,
    };
    this.#runs.push(run);
    let opened: OpenSource | null = null;
    try {
      opened = await openSource(source, this.#options.signal);
      await this.#readDocuments(opened, run);
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

  async #readDocuments(opened: OpenSource, run: SourceRun): Promise<void> {
    const { path } = run.report;
    const reader = new RecordReader(new SourceInput(path, opened.input, this.#options.signal), run.sink, {
      records: this.#options.records,
      limits: this.#limits,
      capacity: opened.capacity,
    });
    let goesOn = true;
    while (goesOn) {
      this.#options.signal?.throwIfAborted();
      goesOn = await reader.read();
      run.report.withoutWrapper = reader.withoutWrapper;
      this.#options.onProgress?.({ path, bytesRead: opened.bytesRead(), records: run.sink.tally.records });
    }
  }

  #report(skipped: IngestReport["skipped"]): IngestReport {
    const report: IngestReport = {
      records: 0,
      raw: 0,
      withoutWrapper: 0,
      bytesRead: this.#bytesRead,
      bytesWritten: 0,
      files: [],
      skipped,
      refused: [],
      bronzeFiles: [...this.#appender.files].sort(),
    };
    for (const { report: file, sink, error } of this.#runs) {
      file.records = sink.tally.records;
      file.raw = sink.tally.raw;
      file.empty = file.records === 0;
      report.files.push(file);
      report.records += file.records;
      report.raw += file.raw;
      report.withoutWrapper += file.withoutWrapper;
      report.bytesWritten += sink.tally.bytes;
      if (error !== null) {
        report.refused.push({ path: file.path, code: error.code, message: error.message, kept: file.records });
      }
    }
    return report;
  }

  /** The error of a run that did not come to its end. */
  #stopped(error: unknown, skipped: IngestReport["skipped"]): unknown {
    const report = this.#report(skipped);
    const at = this.#runs.at(-1)?.report.path ?? null;
    const facts: BronzeFacts = { file: at, kept: report.records };
    const kept = `${report.records} records of ${report.files.length} sources are on disk`;
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

/** The error of a source, with its name. */
function refusalOf(path: string, error: BronzeError): BronzeError {
  if (error.facts.file === path) return error;
  return new BronzeError(error.code, `${path}: ${error.message}`, { file: path, ...error.facts }, { cause: error });
}
