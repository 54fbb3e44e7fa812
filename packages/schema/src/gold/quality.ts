import { z } from "zod";
import { isoInstant } from "../instant.ts";
import { count, day, goldInput } from "./parts.ts";

const level = z.enum(["ok", "warn", "error"]);
/** Percent with two decimals; null when there is nothing to divide by. */
const percent = z.number().min(0).max(100).nullable();
const span = z.number().nonnegative().nullable();

/** How fresh a data set is. Times in seconds; null where there is no record, or no limit is set. */
const freshness = z.strictObject({
  /** The time of the newest record up to the day, or of its ingestion where that is earlier. */
  newest: isoInstant().nullable(),
  /** From the newest record to the end of the day, or to the making of the document where that is earlier. */
  age_seconds: span,
  warn_after_seconds: span,
  error_after_seconds: span,
  level,
});

/** A number beside those of the same weekday before, by the modified z-score of Iglewicz and Hoaglin (1993). */
const weekdayScore = z.strictObject({
  dataset: z.string(),
  measure: z.enum(["volume", "quarantined", "duplicates"]),
  /** Records read, or percent of them. */
  value: z.number(),
  median: z.number(),
  /** Null where all days of the history are equal. */
  score: z.number().nullable(),
  /** How many days of the same weekday there are, of the last eight weeks. */
  days: count,
  flagged: z.boolean(),
});

/** Something that people should look at. */
const qualityFinding = z.strictObject({
  check: z.enum(["validity", "freshness", "history", "backwards", "unknown_task", "clock_ahead", "silent_master"]),
  dataset: z.string(),
  level: z.enum(["warn", "error"]),
  message: z.string(),
});

/** `gold/quality/quality-YYYYMMDD.json`: how good the data of a day is. */
export const dataQuality = z.strictObject({
  date: day,
  layer: z.literal("gold"),
  generated_at: isoInstant(),
  timezone: z.string(),
  /** Whether the day was over when the document was made; until then nothing counts as too little. */
  complete: z.boolean(),
  level,
  /** In the order of their promotion. */
  datasets: z.array(
    z.strictObject({
      dataset: z.string(),
      rules_version: z.string(),
      level,
      volume: z.strictObject({ read: count, accepted: count, rows: count }),
      validity: z.strictObject({
        valid_rate: percent,
        quarantined: count,
        rejects: z.record(z.string(), count),
        warnings: z.record(z.string(), count),
      }),
      uniqueness: z.strictObject({ unique_rate: percent, duplicates: count, superseded: count }),
      /** Optional fields with the percentage of records that have a value; required ones have one in every row. */
      completeness: z.array(z.strictObject({ field: z.string(), rate: percent })),
      freshness,
    }),
  ),
  agents: z.strictObject({
    /** Tasks that were completed, failed or cancelled and then, on the same day, in an earlier state. */
    backwards: count,
    /** Tasks that events and lineage of the day name and tasks of the week before to the day after do not know. */
    unknown_tasks: count.nullable(),
    /** Rows whose time is more than five minutes after their ingestion. */
    clocks_ahead: count,
    /** Masters with tasks on each of the days before (three to seven of them) and none on this one. */
    silent_masters: z.array(z.string()),
    /** Rows of tasks by master, the first thousand names. */
    masters: z.array(z.strictObject({ master: z.string(), rows: count })),
  }),
  history: z.array(weekdayScore),
  findings: z.array(qualityFinding),
  inputs: z.array(goldInput),
});

/** How good the data of a day is, as the document says it. */
export type DataQuality = z.infer<typeof dataQuality>;
/** Something that people should look at. */
export type QualityFinding = z.infer<typeof qualityFinding>;
/** How fresh a data set is. */
export type QualityFreshness = z.infer<typeof freshness>;
/** A number beside those of the same weekday before. */
export type WeekdayScore = z.infer<typeof weekdayScore>;
