import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import { acquireLock, type Lake } from "@medallion/lake";
import { ingestedPath, readIngested, writeAppendJournal, writeIngested } from "@medallion/lake/ingested";
import { type LakePath, resolveInLake } from "@medallion/lake/layout";
import { BronzeError } from "../errors.ts";
import type { IngestOptions } from "../ingest.ts";
import { DEFAULT_LIMITS, type Limits } from "../limits.ts";
import type { RecordSink } from "../reader/records.ts";
import { type IngestReport, keptText } from "../report.ts";
import { type PlannedFile, unreadable } from "../source/plan.ts";
import { newRun, refusalOf, type SourceRun, summarize, throwRefused } from "../source-run.ts";
import type { BronzeTarget } from "../writer/appender.ts";
import type { Tally } from "../writer/block.ts";
import { finishAppend } from "./append-staged.ts";
import { examine } from "./examine.ts";
import { type FileNote, KnownTargets } from "./known-files.ts";
import { readByLines, readWhole, type SourceReading } from "./read-source.ts";
import { StagedFile } from "./staged-file.ts";

/** A file of which the new records go to one target. */
export interface IngestionJob {
  readonly source: PlannedFile;
  readonly target: BronzeTarget;
  /** Where its records go. `tally` counts what was staged. */
  readonly sink: (staged: StagedFile, tally: Tally) => RecordSink;
}

export interface JournaledOptions extends IngestOptions {
  /** How long to wait for another ingestion of what is new in the same data set, in milliseconds. Default: 0. */
  readonly waitMs?: number;
}

/** As `JournaledOptions`, and what is not the caller's to choose. */
export interface IngestionSettings extends JournaledOptions {
  /** For how long a last line without a line end is waited for, in milliseconds since the file was written to. */
  readonly holdMs: number;
  /** So much is staged at least before it goes to bronze, unless there is no more. */
  readonly batchBytes: number;
}

/** What callers do not choose. */
export const SETTINGS = { holdMs: 3_600_000, batchBytes: 64 * 1024 * 1024 } as const;

/** What an ingestion of what is new did. */
export interface IngestNewReport extends IngestReport {
  /** Sources of which all is in bronze already. They do not stand in `files`. */
  known: number;
  /**
   * Of these, the ones seen for the first time with what they hold, of which nothing was taken as bronze has the same bytes from
   * `of`: another source, or the same one at an earlier time; null when that source is no longer known.
   */
  copies: { path: string; of: string | null }[];
  /** Sources whose last line may not be whole yet: that many bytes wait for the next time. */
  held: { path: string; bytes: number }[];
  /** Lines that an earlier run was about to append when it was cut short, and that were appended now. */
  resumed: number;
}

/** Takes what is new in files. What it appends and its knowledge of it change together, whenever the process ends. */
export class JournaledIngestion {
  readonly #lake: Lake;
  readonly #dataset: string;
  readonly #options: IngestionSettings;
  readonly #limits: Limits;
  readonly #staged: StagedFile;
  readonly #stagedPath: LakePath;
  readonly #runs: SourceRun[] = [];
  /** Of the runs, what is staged; `tally` of a run is what is on disk. */
  readonly #counts = new Map<SourceRun, Tally>();
  readonly #files = new Set<LakePath>();
  readonly #held: IngestNewReport["held"] = [];
  readonly #copies: IngestNewReport["copies"] = [];
  #targets = new KnownTargets({ files: [], contents: [] });
  #noted = false;
  /** From the journal on the staged file must stay as it is until all is done. */
  #committing = false;
  #known = 0;
  #resumed = 0;
  #bytesRead = 0;

  constructor(lake: Lake, dataset: string, options: IngestionSettings) {
    this.#lake = lake;
    this.#dataset = dataset;
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#stagedPath = ingestedPath(dataset, "staged.jsonl");
    this.#staged = new StagedFile(lake, this.#stagedPath);
  }

  /** Sources that are refused stand in the report. */
  async run(jobs: readonly IngestionJob[], skipped: IngestReport["skipped"]): Promise<IngestNewReport> {
    const { signal, waitMs = 0 } = this.#options;
    const file = ingestedPath(this.#dataset, "lock");
    await this.#lake.storage.makeFolder(await resolveInLake(this.#lake, file.slice(0, file.lastIndexOf("/"))));
    const scope = { file, name: `The ingestion of what is new in ${this.#dataset}` };
    const command = `ingestion of what is new in ${this.#dataset}`;
    const lock = await acquireLock(this.#lake, { command, waitMs, scope, ...(signal === undefined ? {} : { signal }) });
    try {
      this.#resumed = await finishAppend(this.#lake, this.#dataset, this.#stagedPath, true);
      this.#targets = new KnownTargets(await readIngested(this.#lake, this.#dataset));
      await this.#takeAll(jobs, skipped);
    } finally {
      // What was staged and is in no journal would only take up room, which may be what was missing.
      if (this.#committing) await this.#staged.close();
      else await this.#staged.clear().catch(() => undefined);
      await lock.release();
    }
    return this.#report(skipped);
  }

  /** @throws BronzeError the error of the first source that was refused, with the report */
  throwRefused(report: IngestReport): void {
    throwRefused(this.#runs, report);
  }

  async #takeAll(jobs: readonly IngestionJob[], skipped: IngestReport["skipped"]): Promise<void> {
    const { signal } = this.#options;
    try {
      for (const job of jobs) {
        signal?.throwIfAborted();
        await this.#take(job);
        if (this.#staged.size >= this.#options.batchBytes) await this.#commit(true);
      }
      await this.#commit(false);
    } catch (error) {
      const interrupted = signal?.aborted === true && error === signal.reason;
      if (interrupted) await this.#commit(true);
      const report = this.#report(skipped);
      const kept = keptText(report);
      if (interrupted) {
        const facts = { kept: report.records };
        throw new BronzeError("INTERRUPTED", `Interrupted: ${kept}.`, facts, { cause: error, report });
      }
      if (!(error instanceof BronzeError)) throw error;
      throw new BronzeError(error.code, `${error.message} ${kept}.`, error.facts, { cause: error, report });
    }
  }

  async #take(job: IngestionJob): Promise<void> {
    const { path, location } = job.source;
    const run = newRun(path, { records: 0, raw: 0, bytes: 0 });
    const tally: Tally = { ...run.tally };
    this.#counts.set(run, tally);
    let begin = this.#staged.size;
    const commit = async () => {
      await this.#commit(true);
      begin = 0;
    };
    let opened: FileHandle | null = null;
    try {
      await this.#staged.flush();
      // Before it is opened: whoever opens a pipe waits for its writer.
      const status = await stat(location).catch((error: unknown) => Promise.reject(unreadable(path, error)));
      if (!status.isFile()) throw notAFile(path);
      const file = await open(location, "r").catch((error: unknown) => Promise.reject(unreadable(path, error)));
      opened = file;
      const isNew = await this.#read(job, file, run, tally, commit);
      if (isNew) this.#runs.push(run);
      else this.#known++;
    } catch (error) {
      if (this.#committing) throw error;
      await this.#staged.discard(begin);
      Object.assign(tally, run.tally);
      this.#runs.push(run);
      if (this.#options.signal?.aborted === true || !(error instanceof BronzeError)) throw error;
      run.error = refusalOf(path, error);
    } finally {
      await opened?.close();
    }
  }

  /** False when nothing of the file was new. */
  async #read(
    { source, target, sink }: IngestionJob,
    file: FileHandle,
    run: SourceRun,
    tally: Tally,
    commit: () => Promise<void>,
  ): Promise<boolean> {
    const { path, location } = source;
    const known = this.#targets.of(target);
    const now = this.#options.now === undefined ? Date.now() : this.#options.now() / 1000;
    const byLines = this.#options.records === undefined;
    const real = await realpath(location).catch((error: unknown) => Promise.reject(unreadable(path, error)));
    const examined = await examine(file, real, known, byLines, { now, holdMs: this.#options.holdMs });
    const reading: SourceReading = {
      source,
      sink: sink(this.#staged, tally),
      options: this.#options,
      limits: this.#limits,
      progress: (bytesRead, withoutWrapper) => {
        run.report.withoutWrapper = withoutWrapper;
        this.#options.onProgress?.({ path, bytesRead, records: run.tally.records });
      },
    };
    const { verdict } = examined;
    switch (verdict.kind) {
      case "known":
        if (verdict.copyOf !== undefined) this.#copies.push({ path, of: verdict.copyOf });
        if (verdict.note !== null) {
          known.note(verdict.note, false);
          this.#noted = true;
        }
        return false;
      case "whole": {
        this.#bytesRead += await readWhole(reading, examined.times);
        known.note(verdict.note, false);
        this.#noted = true;
        return true;
      }
      case "lines": {
        const { size, inode, stamp } = examined;
        let { grown } = verdict;
        const noteAs = (facts: FileNote) => {
          known.note(facts, grown);
          grown = true;
          this.#noted = true;
        };
        if (verdict.note !== null) noteAs(verdict.note);
        let note = () => {};
        const held = await readByLines(reading, file, size, verdict, async (bytes, line, sha256) => {
          note = () => noteAs({ path: real, bytes, line, sha256: sha256(), inode, stamp: bytes === size ? stamp : "" });
          if (this.#staged.size < this.#options.batchBytes) return;
          note();
          await commit();
        });
        note();
        this.#bytesRead += size - verdict.from;
        if (held > 0) this.#held.push({ path, bytes: held });
        return held < size - verdict.from || size === verdict.from;
      }
      default:
        return verdict satisfies never;
    }
  }

  /** Brings what is staged to bronze, and what is known of the files with it. `midway`: there are more sources to read. */
  async #commit(midway: boolean): Promise<void> {
    const staged = this.#staged;
    await staged.finish();
    if (staged.segments.length > 0) {
      const segments = [];
      for (const segment of staged.segments) segments.push({ ...segment, size: await this.#sizeOf(segment.file) });
      this.#committing = true;
      await writeAppendJournal(this.#lake, this.#dataset, { segments, ingested: this.#targets.all(midway) });
      await finishAppend(this.#lake, this.#dataset, this.#stagedPath, false);
      this.#committing = false;
      for (const { file } of segments) this.#files.add(file);
      for (const [run, tally] of this.#counts) Object.assign(run.tally, tally);
    } else if (this.#noted) await writeIngested(this.#lake, this.#dataset, this.#targets.all(midway));
    this.#noted = false;
    await staged.clear();
  }

  async #sizeOf(path: LakePath): Promise<number> {
    const { storage } = this.#lake;
    const real = await storage.realPath(await resolveInLake(this.#lake, path));
    return real === null ? 0 : ((await storage.status(real))?.size ?? 0);
  }

  #report(skipped: IngestReport["skipped"]): IngestNewReport {
    const totals = { bytesRead: this.#bytesRead, skipped, bronzeFiles: this.#files };
    const report = summarize(this.#runs, totals);
    return { ...report, known: this.#known, copies: this.#copies, held: this.#held, resumed: this.#resumed };
  }
}

/** The error of a source of which nobody can tell what is new. */
export function notAFile(path: string): BronzeError {
  const message = `Expected files and folders to take what is new from, found ${path}, which can be read only once. Ingest it as it is, without asking for what is new.`;
  return new BronzeError("SOURCE_NOT_A_FILE", message, { file: path });
}
