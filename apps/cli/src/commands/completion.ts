import type { Command } from "commander";
import { configuredDatasets } from "../config/datasets.ts";
import { loadConfig } from "../config/load-config.ts";
import { bashCompletion } from "./completion/bash.ts";
import { fishCompletion } from "./completion/fish.ts";
import { completedCommands } from "./completion/model.ts";
import { zshCompletion } from "./completion/zsh.ts";
import { lakeViews } from "./query/views.ts";

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

/** `medallion completion SHELL` */
export async function completion(shell: keyof typeof SHELLS, root: Command): Promise<void> {
  const datasets = await configuredDatasets(await loadConfig());
  const names = datasets.map(({ name }) => name);
  const gold = lakeViews(datasets).filter(({ layer }) => layer === "gold");
  const tables = [...names, ...gold.map(({ name }) => name)];
  process.stdout.write(SHELLS[shell](completedCommands(root, { datasets: names, tables })));
}
