import type { Report } from "./markdown.ts";
import { amount, type Result } from "./results.ts";

const WIDTH = 760;
const LABELS = 150;
const NUMBERS = 210;
const ROW = 30;
const BAR = 18;
const TOP = 64;
const BOTTOM = 34;
const MILLION = 1_000_000;

/** A bar: a tool and its seconds for a million records. */
interface Bar {
  readonly result: Result;
  readonly seconds: number;
}

/**
 * A picture of the task `run`: a bar a tool, as long as the wall time for a million records, the fastest first. Null when
 * it was not measured. Colours follow the reader's light or dark scheme.
 */
export function picture(report: Report): string | null {
  const bars = report.results
    .filter(({ task }) => task === "run")
    .map((result): Bar => ({ result, seconds: (result.wallSeconds * MILLION) / (result.records ?? MILLION) }))
    .sort((a, b) => a.seconds - b.seconds);
  const longest = Math.max(...bars.map(({ seconds }) => seconds));
  if (bars.length === 0) return null;
  const height = TOP + bars.length * ROW + BOTTOM;
  const title = "Bronze to gold: seconds for a million task records";
  const { date, machine } = report.environment;
  const room = WIDTH - LABELS - NUMBERS;
  // Bars of very different lengths stay readable: one that is beyond five times the median is cut and marked.
  const middle = bars[Math.floor(bars.length / 2)]?.seconds ?? longest;
  const end = Math.min(longest, 5 * middle);
  const rows = bars.map(({ result, seconds }, index) => {
    const y = TOP + index * ROW;
    const length = Math.max(2, (room * Math.min(seconds, end)) / end);
    const own = result.tool === "Medallion" ? ' class="own"' : "";
    const cut = seconds > end ? `<text x="${LABELS + length - 16}" y="${y + 14}" class="cut">⫽</text>` : "";
    const memory = result.peakBytes === null ? "" : `, ${amount(result.peakBytes / 1024 ** 3)} GiB`;
    const scaled = result.records !== null && result.records < MILLION ? ", scaled" : "";
    return `  <text x="${LABELS - 10}" y="${y + 14}" class="label">${escaped(result.tool)}</text>
  <rect x="${LABELS}" y="${y}" width="${length.toFixed(1)}" height="${BAR}" rx="2"${own}/>${cut}
  <text x="${(LABELS + length + 8).toFixed(1)}" y="${y + 14}">${amount(seconds)} s${memory}${scaled}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${title}">
  <style>
    text { font: 13px system-ui, sans-serif; fill: #1f2328; }
    .title { font-size: 15px; font-weight: 600; }
    .small { font-size: 11px; fill: #59636e; }
    .label { text-anchor: end; }
    .cut { fill: #ffffff; }
    rect { fill: #9aa4af; }
    rect.own { fill: #b7791f; }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc; }
      .small { fill: #9198a1; }
      .cut { fill: #0d1117; }
      rect { fill: #656c76; }
      rect.own { fill: #e3b341; }
    }
  </style>
  <text x="12" y="26" class="title">${title}</text>
  <text x="12" y="46" class="small">Wall time and peak memory; shorter is better. Medallion checks every record, the others check less or nothing.</text>
${rows.join("\n")}
  <text x="12" y="${height - 12}" class="small">${escaped(`${date.slice(0, 10)}, ${machine}; size ${report.size}, median of ${report.repeat}`)}</text>
</svg>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
