export { type BronzeFile, listBronze } from "./bronze/bronze-files.ts";
export { type MeasuredRange, type MeasureOptions, measureRange } from "./bronze/measure.ts";
export { type PartChoice, takesPart } from "./bronze/parts.ts";
export { checkBronze, type PendingFile, pendingBronze } from "./bronze/pending.ts";
export { type BalancedCounts, checkBalance } from "./commits/balance.ts";
export { hasChangedRules } from "./commits/changed-rules.ts";
export type {
  Commit,
  PartitionCounts,
  ReadRange,
  RetiredPartition,
  RuleVersion,
  WrittenFile,
} from "./commits/commit.ts";
export { partitionFiles, partsIn, quarantineDays, quarantineFiles } from "./commits/partition-files.ts";
export { type CountedCommit, partitionHistory } from "./commits/partition-history.ts";
export { addCounts, type PartitionTotals } from "./commits/partition-totals.ts";
export { readState } from "./commits/read-state.ts";
export { recentCommits } from "./commits/recent-commits.ts";
export { runningChecksum } from "./commits/running-checksum.ts";
export { type FileProgress, type LakeState, partitionKey } from "./commits/state.ts";
export { LakeError, type LakeErrorCode, type LakeErrorFacts } from "./errors.ts";
export type { Lake } from "./lake.ts";
export { type LockHolder, lockHolder } from "./lock/holder.ts";
export { acquireLock, type LakeLock, type LockOptions, type LockScope } from "./lock/lock.ts";
export { type InitOptions, initLake, openLake } from "./open-lake.ts";
export { changedSince } from "./transaction/changed-since.ts";
export { needsRecovery } from "./transaction/recovery.ts";
export { beginTransaction, type CommitContent, type Transaction } from "./transaction/transaction.ts";
