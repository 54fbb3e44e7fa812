/** What happens at one of the changes that a command makes to the files of a lake. */
export interface Fault {
  /** The number of the change, from 1; 0 for none. */
  readonly at: number;
  /** `half`: in the middle of a write; as `after` where the change is no write. */
  readonly moment?: "before" | "half" | "after";
  /** The code of the error with which it fails; without one the process is killed. */
  readonly error?: "ENOSPC" | "EIO" | "EACCES";
  /** Whether every later write fails, too. */
  readonly lasting?: boolean;
  /** What the clock of the process shows, in milliseconds since the epoch. Default: the time. */
  readonly now?: number;
}

export const MOMENTS = ["before", "half", "after"] as const;
