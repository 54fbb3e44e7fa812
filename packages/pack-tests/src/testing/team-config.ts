/** What a team may change in its configuration of {@link teamConfig}. */
export interface TeamSettings {
  readonly version?: string;
  /** The condition that failures must keep. */
  readonly failures?: string;
  /** Other severities, by rule. */
  readonly severities?: Readonly<Record<string, string>>;
  /** `engine.url`; null for the default. */
  readonly engine?: string | null;
}

/** The `medallion.config.ts` of a team that keeps records of its builds. */
export function teamConfig({
  version = "1.0.0",
  failures = "failures <= tests",
  severities = {},
  engine = null,
}: TeamSettings): string {
  return `import { defineConfig } from "@medallion/cli";
import { defineDataset, expression, isoInstant, rule, secondsBetween } from "@medallion/schema";
import { z } from "zod";

export const builds = defineDataset({
  name: "builds",
  version: "${version}",
  folders: { bronze: "raw-builds", silver: "builds" },
  part: { field: "team" },
  record: z.object({
    build_id: z.string().min(1),
    team: z.string().min(1),
    result: z.string().min(1),
    started_at: isoInstant().nullish(),
    finished_at: isoInstant(),
    tests: z.int().min(0).nullish(),
    failures: z.int().min(0).nullish(),
    cost: z.number().nullish(),
  }),
  key: ["build_id"],
  time: "finished_at",
  fallbacks: { build_id: ["id"], finished_at: ["ended_at"] },
  expected: { result: z.enum(["passed", "failed"]) },
  computed: {
    seconds: secondsBetween("started_at", "finished_at"),
    failure_share: expression("round(failures / tests, 3)"),
    speed: expression("CASE WHEN seconds_between(started_at, finished_at) > 600 THEN 'slow' ELSE 'fast' END"),
  },
  rules: [
    rule("ends_after_start", "finished_at >= started_at", { onViolation: "warn" }),
    rule("failures_within_tests", "${failures}"),
    rule("costs_something", "cost > 0", { onViolation: "fail" }),
  ],
});

export default defineConfig({
  lake: "lake",
  datasets: [builds],
  rules: { builds: ${JSON.stringify(severities)} },
${engine === null ? "" : `  engine: { url: ${JSON.stringify(engine)} },\n`}  retention: { silver: 30, datasets: { builds: { bronze: "never" } } },
});
`;
}
