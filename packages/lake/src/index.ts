export { type BronzeFile, listBronze } from "./bronze/bronze-files.ts";
export { type MeasuredRange, type MeasureOptions, measureRange } from "./bronze/measure.ts";
export { type PartChoice, takesPart } from "./bronze/parts.ts";
export { checkBronze, type PendingFile, pendingBronze } from "./bronze/pending.ts";
export type {
  Commit,
  PartitionCounts,
  ReadRange,
  RetiredPartition,
  RuleVersion,
  WrittenFile,
} from "./commits/commit.ts";
export { type BalancedCounts, checkBalance } from "./commits/counts.ts";
export { type CountedCommit, partitionHistory } from "./commits/partition-history.ts";
export { readState } from "./commits/read-state.ts";
export { recentCommits } from "./commits/recent.ts";
export { hasChangedRules } from "./commits/rules-of.ts";
export {
  addCounts,
  type FileProgress,
  type LakeState,
  type PartitionTotals,
  partitionKey,
  runningChecksum,
} from "./commits/state.ts";
export { LakeError, type LakeErrorCode, type LakeErrorFacts } from "./errors.ts";
export {
  type IngestedFile,
  type IngestedFiles,
  ingestedPath,
  readIngested,
  writeIngested,
} from "./ingested/ingested.ts";
export {
  type AppendJournal,
  readAppendJournal,
  removeAppendJournal,
  type StagedSegment,
  writeAppendJournal,
} from "./ingested/journal.ts";
export type { Lake } from "./lake.ts";
export {
  aggregatePath,
  bronzePath,
  dailyPath,
  kpisPath,
  profilePath,
  qualityPath,
  quarantinePath,
  reportPath,
  type SilverFormat,
  silverPath,
  weeklyPath,
} from "./layout/layout.ts";
export { checkSafeName, decodeName, encodeName, isSafeName } from "./layout/names.ts";
export { type LakePath, resolveInLake } from "./layout/paths.ts";
export { nameFile, readName } from "./layout/registered-names.ts";
export { type LockHolder, lockHolder } from "./lock/holder.ts";
export { acquireLock, type LakeLock, type LockOptions, type LockScope } from "./lock/lock.ts";
export { type InitOptions, initLake, openLake } from "./open-lake.ts";
export { applyRetention, removals, retirements } from "./retention/apply.ts";
export type { SizedFile } from "./retention/files-by-day.ts";
export {
  type DatasetRetention,
  type KeptReason,
  planRetention,
  type RetentionItem,
  type RetentionOptions,
  type RetentionPlan,
} from "./retention/plan.ts";
export { replaceFile, temporaryPath } from "./storage/files.ts";
export { localStorage } from "./storage/local-storage.ts";
export type { ByteReader, ByteWriter, Entry, EntryKind, EntryStatus, Storage } from "./storage/storage.ts";
export type { Day } from "./time/calendar.ts";
export {
  addDays,
  checkDay,
  type DayOptions,
  dayBounds,
  dayOfMicros,
  daysBetween,
  parseDay,
  parseDayRange,
  weekOf,
} from "./time/days.ts";
export { formatInstant, formatUtc, type Micros, nowMicros } from "./time/instants.ts";
export { checkTimeZone, sameTimeZone } from "./time/time-zones.ts";
export { needsRecovery } from "./transaction/recovery.ts";
export { beginTransaction, type CommitContent, type Transaction } from "./transaction/transaction.ts";
export { verifyBronze } from "./verify/bronze.ts";
export type { Difference, DifferenceKind } from "./verify/difference.ts";
export { verifyFiles } from "./verify/files.ts";
export { compareLines, type LineDifferences, type NumberedLine } from "./verify/lines.ts";
export { type CommittedFile, type CommittedRange, type VerifiedLog, verifyLog } from "./verify/log.ts";
