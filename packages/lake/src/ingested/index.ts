export { type IngestedFile, type IngestedFiles, ingestedPath, readIngested, writeIngested } from "./ingested.ts";
export {
  type AppendJournal,
  readAppendJournal,
  removeAppendJournal,
  type StagedSegment,
  writeAppendJournal,
} from "./journal.ts";
