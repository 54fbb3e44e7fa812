import { rulesVersion } from "@medallion/schema/contract";
import { type ByDataset, type Config, type Freshness, type Retention, settingOf } from "../config/config.ts";
import { configuredDatasets } from "../config/datasets.ts";
import { type ConfigOptions, loadConfig, shownPath } from "../config/load-config.ts";
import { type OutputOptions, printResult, table } from "../terminal.ts";

const LAKE_FROM = {
  "--lake": "from --lake",
  MEDALLION_LAKE: "from MEDALLION_LAKE",
  configuration: "from the configuration",
  default: "the default",
} as const satisfies Record<Config["lakeFrom"], string>;

/** `medallion config` */
export async function showConfig(options: ConfigOptions & OutputOptions): Promise<void> {
  const config = await loadConfig(options);
  const datasets = await configuredDatasets(config);
  const document = {
    file: config.file,
    found_by: config.foundBy,
    lake: config.lake,
    lake_from: config.lakeFrom,
    timezone: config.timezone,
    datasets: datasets.map((dataset) => ({
      name: dataset.name,
      rules: rulesVersion(dataset),
      folders: dataset.folders,
      configured: config.datasets.some((own) => own.name === dataset.name),
    })),
    rules: config.rules,
    retention: config.retention,
    freshness: freshnessDocument(config.freshness),
    schemas: config.schemas,
    engine: { url: config.engine.url, threads: config.engine.threads, memory_limit: config.engine.memoryLimit },
    schedule: config.schedule,
  };
  printResult(options, document, [
    ...headLines(config),
    "",
    ...table(
      ["data set", "keep bronze", "keep silver", "late after", "too late after"],
      datasets.map(({ name }) => datasetRow(config, name)),
    ),
    ...severityLines(config),
  ]);
}

function headLines(config: Config): string[] {
  const { file, engine, schemas, schedule } = config;
  const found = config.foundBy === "search" ? "" : `, named by ${config.foundBy}`;
  const limits = [
    ...(engine.threads === null ? [] : [`${engine.threads} threads`]),
    ...(engine.memoryLimit === null ? [] : [engine.memoryLimit]),
  ];
  return [
    file === null
      ? "No configuration file: these are the defaults."
      : `Configuration ${shownPath(process.cwd(), file)}${found}.`,
    `Lake: ${shownPath(process.cwd(), config.lake)} (${LAKE_FROM[config.lakeFrom]})`,
    `Time zone: ${config.timezone ?? "the lake's"}`,
    `Engine: ${[engine.url, ...limits].join(", ")}`,
    ...(schemas === null
      ? []
      : [`JSON Schemas: ${shownPath(process.cwd(), schemas.folder)}, severity ${schemas.severity}`]),
    ...(schedule === null ? [] : [`Schedule: ${schedule.cron}`]),
  ];
}

function datasetRow({ retention, freshness }: Config, name: string): string[] {
  const keep = settingOf<Retention>(retention, name);
  const fresh = settingOf<Freshness>(freshness, name);
  return [name, days(keep.bronze), days(keep.silver), span(fresh.warnAfter), span(fresh.errorAfter)];
}

function severityLines({ rules }: Config): string[] {
  const rows = Object.entries(rules).flatMap(([dataset, severities]) =>
    Object.entries(severities).map(([rule, severity]) => [dataset, rule, severity]),
  );
  return rows.length === 0 ? [] : ["", ...table(["data set", "rule", "severity"], rows)];
}

function freshnessDocument({ datasets, ...base }: ByDataset<Freshness>): object {
  const inWords = ({ warnAfter, errorAfter }: Freshness) => ({
    warn_after_seconds: warnAfter,
    error_after_seconds: errorAfter,
  });
  const byDataset = Object.entries(datasets).map(([name, setting]) => [name, inWords(setting)] as const);
  return { ...inWords(base), datasets: Object.fromEntries(byDataset) };
}

function days(keep: Retention["bronze"]): string {
  if (keep === "never") return "for ever";
  return keep === 1 ? "1 day" : `${keep} days`;
}

function span(seconds: number | null): string {
  if (seconds === null) return "-";
  const units = [
    [86_400, "d"],
    [3600, "h"],
    [60, "m"],
  ] as const;
  const [size, unit] = units.find(([length]) => seconds % length === 0) ?? [1, "s"];
  return `${seconds / size}${unit}`;
}
