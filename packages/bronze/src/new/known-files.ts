import type { IngestedFile, IngestedFiles } from "@medallion/lake/ingested";
import type { BronzeTarget } from "../writer/appender.ts";

/** What is noted of a file of a known target. */
export type FileNote = Omit<IngestedFile, "target">;

/** What of the sources of a data set is in bronze, or about to be. */
export class KnownTargets {
  readonly #targets = new Map<string, KnownFiles>();

  constructor({ files, contents }: IngestedFiles) {
    for (const { target, ...file } of files) this.#named(target).note(file, true);
    for (const { target, sha256 } of contents) this.#named(target).contents.add(sha256);
  }

  of({ folder, part }: BronzeTarget): KnownFiles {
    return this.#named(part === undefined ? folder : `${folder}/${part}`);
  }

  /**
   * All that is known. `midway`: also of files that are no longer at their path, as they may be found under another one by the
   * time that all sources are read.
   */
  all(midway: boolean): IngestedFiles {
    const targets = [...this.#targets];
    return {
      files: targets.flatMap(([target, known]) => known.files(midway).map((file) => ({ target, ...file }))),
      contents: targets.flatMap(([target, known]) => [...known.contents].map((sha256) => ({ target, sha256 }))),
    };
  }

  #named(target: string): KnownFiles {
    const known = this.#targets.get(target) ?? new KnownFiles();
    this.#targets.set(target, known);
    return known;
  }
}

/** What of the sources of one target is in bronze, or about to be. */
export class KnownFiles {
  /** SHA-256 of what files held before they were rewritten. */
  readonly contents = new Set<string>();
  readonly #files = new Map<string, FileNote>();
  readonly #inodes = new Map<string, FileNote>();
  /** SHA-256 of what is in bronze of the files, with the number of those. */
  readonly #digests = new Map<string, number>();

  at(path: string): FileNote | undefined {
    return this.#files.get(path);
  }

  /** Of two notes with the same path the second is the one that counts. */
  files(moved: boolean): FileNote[] {
    const current = [...this.#files.values()];
    if (!moved) return current;
    const past = [...this.#inodes.values()].filter((file) => this.#files.get(file.path)?.inode !== file.inode);
    return [...past, ...current];
  }

  /** The file that had this device and inode when it was last read: it may have been renamed since. */
  withInode(inode: string): FileNote | undefined {
    return this.#inodes.get(inode);
  }

  /** Whether a file with this content is in bronze. */
  hasContent(sha256: string): boolean {
    return this.contents.has(sha256) || this.#digests.has(sha256);
  }

  /** Notes how far a file is now. `grown`: what was noted of it before is the beginning of it. */
  note(file: FileNote, grown: boolean): void {
    const before = this.#files.get(file.path);
    if (before !== undefined) {
      const count = (this.#digests.get(before.sha256) ?? 1) - 1;
      if (count > 0) this.#digests.set(before.sha256, count);
      else this.#digests.delete(before.sha256);
      if (!grown && before.sha256 !== file.sha256) this.contents.add(before.sha256);
    }
    this.#files.set(file.path, file);
    this.#inodes.set(file.inode, file);
    this.#digests.set(file.sha256, (this.#digests.get(file.sha256) ?? 0) + 1);
  }
}
