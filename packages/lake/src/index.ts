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
export type { Lake } from "./lake.ts";
export { type LockHolder, lockHolder } from "./lock/holder.ts";
export { acquireLock, type LakeLock, type LockOptions, type LockScope } from "./lock/lock.ts";
export { type InitOptions, initLake, openLake } from "./open-lake.ts";
export { needsRecovery } from "./transaction/recovery.ts";
export { beginTransaction, type CommitContent, type Transaction } from "./transaction/transaction.ts";
