import type { IngestedFile, IngestedFiles } from "@medallion/lake/ingested";
import type { BronzeTarget } from "../writer/appender.ts";

/** What is noted of a file of a known target. */
export type FileNote = Omit<IngestedFile, "target">;

/** What of the sources of a data set is in bronze, or about to be. */
export class KnownTargets {
  readonly #targets = new Map<string, KnownFiles>();

  constructor({ files, contents }: IngestedFiles) {
    for (const { target, ...file } of files) this.#named(target).note(file, true);
    for (const { target, sha256 } of contents) this.#named(target).noteContent(sha256);
  }

  of({ folder, part }: BronzeTarget): KnownFiles {
    return this.#named(part === undefined ? folder : `${folder}/${part}`);
  }

  /** All that is known. `midway`: there are more sources to read, whose content may be what others held until now. */
  all(midway: boolean): IngestedFiles {
    const targets = [...this.#targets];
    return {
      files: targets.flatMap(([target, known]) => known.files().map((file) => ({ target, ...file }))),
      contents: targets.flatMap(([target, known]) => known.contents(midway).map((sha256) => ({ target, sha256 }))),
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
  readonly #files = new Map<string, FileNote>();
  /** By device and inode, also of files that are no longer at their path: they may be found under another one. */
  readonly #inodes = new Map<string, FileNote>();
  /** SHA-256 of what files held before they were rewritten. */
  readonly #rewritten = new Set<string>();
  /** SHA-256 of all that files were known to hold, with where it was found, which is null when it was rewritten long ago. */
  readonly #contents = new Map<string, string | null>();

  at(path: string): FileNote | undefined {
    return this.#files.get(path);
  }

  /** Of two notes with the same path the second is the one that counts. */
  files(): FileNote[] {
    const past = [...this.#inodes.values()].filter((file) => this.#files.get(file.path)?.inode !== file.inode);
    return [...past, ...this.#files.values()];
  }

  /** What files held before they were rewritten. `all`: also what they held before they grew. */
  contents(all: boolean): string[] {
    return [...(all ? this.#contents.keys() : this.#rewritten)];
  }

  /** The file that had this device and inode when it was last read: it may have been renamed since. */
  withInode(inode: string): FileNote | undefined {
    return this.#inodes.get(inode);
  }

  /** Where this content was found: null when nobody knows any more, undefined when it is not in bronze. */
  placeOf(sha256: string): string | null | undefined {
    return this.#contents.get(sha256);
  }

  /** Notes the content of a file that was rewritten. */
  noteContent(sha256: string): void {
    this.#rewritten.add(sha256);
    if (!this.#contents.has(sha256)) this.#contents.set(sha256, null);
  }

  /** Notes how far a file is now. `grown`: what was noted of it before is the beginning of it. */
  note(file: FileNote, grown: boolean): void {
    const before = this.#files.get(file.path);
    if (before !== undefined && !grown && before.sha256 !== file.sha256) this.#rewritten.add(before.sha256);
    this.#files.set(file.path, file);
    this.#inodes.set(file.inode, file);
    this.#contents.set(file.sha256, file.path);
  }
}
