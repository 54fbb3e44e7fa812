const CONTEXT = 3;

interface Line {
  readonly mark: " " | "-" | "+";
  readonly text: string;
}

/** Two short texts as a unified diff; empty when they are equal. */
export function unifiedDiff(before: string, after: string, name: string): string {
  const lines = diffLines(before.trimEnd().split("\n"), after.trimEnd().split("\n"));
  const changed = lines.flatMap(({ mark }, index) => (mark === " " ? [] : [index]));
  const [first, last] = [changed[0], changed.at(-1)];
  if (first === undefined || last === undefined) return "";
  const from = Math.max(0, first - CONTEXT);
  const shown = lines.slice(from, last + CONTEXT + 1);
  const count = (mark: Line["mark"]) => shown.filter((line) => line.mark !== mark).length;
  const head = `--- a/${name}\n+++ b/${name}\n@@ -${from + 1},${count("+")} +${from + 1},${count("-")} @@\n`;
  return `${head}${shown.map(({ mark, text }) => `${mark}${text}\n`).join("")}`;
}

/** By the longest common subsequence of lines. */
function diffLines(a: readonly string[], b: readonly string[]): Line[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    const row = lengths[i];
    if (row === undefined) continue;
    for (let j = b.length - 1; j >= 0; j -= 1) {
      row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [old, now] = [a[i], b[j]];
    if (old !== undefined && old === now) {
      lines.push({ mark: " ", text: old });
      i += 1;
      j += 1;
    } else if (old !== undefined && (now === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ mark: "-", text: old });
      i += 1;
    } else if (now !== undefined) {
      lines.push({ mark: "+", text: now });
      j += 1;
    }
  }
  return lines;
}
