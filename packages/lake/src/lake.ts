import type { Storage } from "./storage/storage.ts";

/** A lake: a folder with bronze/, silver/, gold/ and _medallion/. */
export interface Lake {
  /** Absolute path. */
  readonly root: string;
  /** IANA name; every day of the lake is a day in this zone. */
  readonly timeZone: string;
  /** Where the files are. */
  readonly storage: Storage;
}
