import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { argv, stderr, stdout } from "node:process";
import { BenchError } from "./errors.ts";
import { type BenchOptions, parseOptions, USAGE } from "./options.ts";
import { environment } from "./report/environment.ts";
import { jsonReport } from "./report/json.ts";
import { markdown, type Report } from "./report/markdown.ts";
import { withSection } from "./report/readme.ts";
import { picture } from "./report/svg.ts";
import { runSuite } from "./suite.ts";
import { PACKAGE } from "./workplace.ts";

const RESULTS = join(PACKAGE, "results");
const README = join(PACKAGE, "..", "..", "README.md");

async function bench(options: BenchOptions): Promise<void> {
  const folder = join(PACKAGE, ".work");
  const about = environment(new Date());
  try {
    await mkdir(folder, { recursive: true });
    const findings = await runSuite({ options, folder, say: (text) => stderr.write(`${text}\n`) });
    const report: Report = { environment: about, size: options.size, repeat: options.repeat, ...findings };
    stdout.write(`\n${markdown(report)}`);
    if (options.check) judgeCheck(report);
    else await keep(report, options.readme);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A check is of a busy machine: it fails for start-up and the run with nothing new only, which `startup` judges. */
function judgeCheck({ targets }: Report): void {
  const missed = targets.filter(({ target, verdict }) => verdict === "missed" && target.includes("judged at"));
  for (const { work, target, measured } of missed) stderr.write(`${work}: expected ${target}, measured ${measured}\n`);
  if (missed.length > 0) process.exitCode = 1;
}

async function keep(report: Report, inReadme: boolean): Promise<void> {
  const name = `bench-${report.size}`;
  await mkdir(RESULTS, { recursive: true });
  await writeFile(join(RESULTS, `${name}.md`), markdown(report));
  await writeFile(join(RESULTS, `${name}.json`), jsonReport(report));
  const svg = picture(report);
  if (svg !== null) await writeFile(join(RESULTS, `${name}.svg`), svg);
  if (inReadme) await writeFile(README, withSection(await readFile(README, "utf8"), report, "packages/bench/results"));
  stderr.write(`Kept in packages/bench/results: ${name}.md, .json${svg === null ? "" : ", .svg"}\n`);
}

try {
  const options = parseOptions(argv.slice(2));
  if (options.help) stdout.write(USAGE);
  else await bench(options);
} catch (error) {
  if (!(error instanceof BenchError)) throw error;
  stderr.write(`${error.message}\n`);
  process.exitCode = error.code === "OPTION_INVALID" ? 2 : 1;
}
