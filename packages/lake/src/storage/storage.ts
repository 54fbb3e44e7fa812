/** What stands at a path: links are not followed. */
export type EntryKind = "file" | "folder" | "link" | "other";

/** A member of a folder. */
export interface Entry {
  readonly name: string;
  readonly kind: EntryKind;
}

/** What the system says of a path. */
export interface EntryStatus {
  readonly kind: EntryKind;
  /** In bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  /** Names the file system: files move atomically only between equal devices. */
  readonly device: number;
}

/** A file that is open for reading, at any position. */
export interface ByteReader {
  /** Fills `buffer` from byte `position` on as far as the file reaches; returns the number of bytes read. */
  read(buffer: Uint8Array, position: number): Promise<number>;
  close(): Promise<void>;
}

/** A file that is open for writing, from its start to its end. */
export interface ByteWriter {
  /** Appends all of `bytes`. */
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/**
 * The lake's one interface to where its files are. Paths are absolute. Every method throws `STORAGE_FAILED`, with the
 * path and the system's own code, when the system refuses.
 */
export interface Storage {
  /** The whole of a small file as UTF-8 text; null when there is none. */
  readText(path: string): Promise<string | null>;
  /** Fills `buffer` from the start of a small file as far as it reaches; the number of bytes, null when there is no file. */
  readInto(path: string, buffer: Uint8Array): Promise<number | null>;
  /** Creates or replaces the content of a file and syncs it. Readers may see half: write beside, then `rename`. */
  write(path: string, data: string | Uint8Array): Promise<void>;
  /** Creates an empty file; false when something has that name already. Of several callers at once, one gets true. */
  claim(path: string): Promise<boolean>;
  /** Gives a file a second name, atomically. Of several callers at once, one gets "linked". */
  link(path: string, newPath: string): Promise<"linked" | "exists" | "unsupported">;
  /** Moves a file over whatever has the new name, atomically. */
  rename(path: string, newPath: string): Promise<void>;
  /** Deletes a file or a whole folder. A missing one is no error. */
  remove(path: string): Promise<void>;
  /** Creates a folder and those above it, and syncs the folders that got a new member. */
  makeFolder(path: string): Promise<void>;
  /** The members of a folder in no order; none when there is no folder. */
  list(path: string): Promise<Entry[]>;
  /** Null when there is nothing at the path. */
  status(path: string): Promise<EntryStatus | null>;
  /** The path with all links followed; null when there is nothing at its end. */
  realPath(path: string): Promise<string | null>;
  /** Makes the content of a file, or the names in a folder, durable. */
  sync(path: string): Promise<void>;
  openForReading(path: string): Promise<ByteReader>;
  /** Creates the file, or empties the one that is there. */
  openForWriting(path: string): Promise<ByteWriter>;
}
