export { replaceFile, temporaryPath } from "./files.ts";
export { localStorage } from "./local-storage.ts";
export type { ByteReader, ByteWriter, Entry, EntryKind, EntryStatus, Storage } from "./storage.ts";
