/** The costs of a network drawn in text: energy by operator and level as bars, and the layers under the roofline of the array. */
import type { CostRow, NetCost } from "../hw/cost-model.js";
import { formatMetric } from "../hw/metrics.js";
import { shownKinds, type EnergyKind } from "../hw/operator-cost.js";

const FILLS: Readonly<Record<EnergyKind, string>> = { compute: "█", registers: "▓", network: "▚", buffer: "▒", dram: "░", static: "╳" };

const BAR = 48;

/** A bar whose parts are rounded so that their ends are right. */
function bar(kinds: readonly EnergyKind[], parts: readonly number[], whole: number): string {
  let sum = 0;
  let drawn = 0;
  let text = "";
  parts.forEach((part, index) => {
    sum += part;
    const end = Math.round((BAR * sum) / whole);
    text += FILLS[kinds[index]!].repeat(Math.max(0, end - drawn));
    drawn = Math.max(drawn, end);
  });
  return text;
}

/** One bar per operator, largest first. */
export function energyBars({ rows, totals, split: whole }: NetCost): string[] {
  const kinds = shownKinds(whole);
  const byOperator = new Map<string, number[]>();
  for (const { operator, split } of rows) {
    const sums = byOperator.get(operator) ?? kinds.map(() => 0);
    kinds.forEach((kind, index) => { sums[index]! += split[kind]; });
    byOperator.set(operator, sums);
  }
  const total = (sums: readonly number[]): number => sums.reduce((sum, part) => sum + part, 0);
  const drawn = [...byOperator].filter(([, sums]) => total(sums) > 0).sort(([, a], [, b]) => total(b) - total(a));
  if (drawn.length === 0) return [];
  const widest = Math.max(...drawn.map(([name]) => name.length));
  const most = total(drawn[0]![1]);
  return [
    `energy by operator: ${kinds.map((kind) => `${FILLS[kind]} ${kind}`).join("  ")}`,
    ...drawn.map(([name, sums]) => `  ${name.padEnd(widest)}  ${bar(kinds, sums, most).padEnd(BAR)}  ${formatMetric("energy", total(sums)).padStart(9)}  ${String(Math.round((100 * total(sums)) / totals.energy)).padStart(3)} %`),
  ];
}

/** A layer under a roofline: points per external byte, and points per second. */
interface Spot { readonly mark: string; readonly path: string; readonly intensity: number; readonly speed: number; readonly elements: number }

const WIDTH = 56;
const HEIGHT = 12;
const MARKS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Layers with their work and traffic; layers that are alike share a mark. */
function spotsOf(rows: readonly CostRow[]): readonly Spot[] {
  const marks = new Map<string, string>();
  return rows.flatMap(({ path, mappings = [], external, latency }) => {
    const points = mappings.reduce((sum, { problem }) => sum + problem.points, 0);
    const [first] = mappings;
    if (first === undefined || external === 0 || latency === 0) return [];
    const key = `${points} ${external} ${latency}`;
    const mark = marks.get(key) ?? MARKS[marks.size] ?? "*";
    marks.set(key, mark);
    return [{ mark, path, intensity: points / external, speed: points / latency, elements: first.target.hardware.axes.reduce((product, { size }) => product * size, 1) }];
  });
}

/** Layers under the roofline: both axes logarithmic; `bandwidth` is that of the external memory in bytes per second. Nothing where no layer is mapped. */
export function roofline(rows: readonly CostRow[], clock: number, bandwidth: number): string[] {
  const spots = spotsOf(rows);
  if (spots.length === 0) return [];
  const peak = clock * Math.max(...spots.map(({ elements }) => elements));
  const balance = peak / bandwidth;
  const left = Math.log2(Math.min(balance / 4, ...spots.map(({ intensity }) => intensity)) / 2);
  const right = Math.log2(Math.max(balance * 4, ...spots.map(({ intensity }) => intensity)) * 2);
  const top = Math.log2(peak);
  const bottom = Math.log2(Math.min(peak / 64, ...spots.map(({ speed }) => speed)) / 1.5);
  const column = (intensity: number): number => Math.round(((Math.log2(intensity) - left) / (right - left)) * (WIDTH - 1));
  const line = (speed: number): number => Math.round(((top - Math.log2(speed)) / (top - bottom)) * (HEIGHT - 1));
  const grid = Array.from({ length: HEIGHT }, () => Array.from({ length: WIDTH }, () => " "));
  for (let x = 0; x < WIDTH; x++) {
    const roof = Math.min(peak, 2 ** (left + (x / (WIDTH - 1)) * (right - left)) * bandwidth);
    const y = line(roof);
    if (y < HEIGHT) grid[y]![x] = roof < peak ? "/" : "-";
  }
  for (const { mark, intensity, speed } of spots) grid[Math.min(HEIGHT - 1, Math.max(0, line(speed)))]![column(intensity)] = mark;
  const legend = [...new Map(spots.map(({ mark, path }) => [mark, path] as const).reverse()).entries()].reverse().map(([mark, path]) => `${mark} ${path}`);
  return [
    `roofline: at most ${formatMetric("macs", peak)} points per second, the ridge at ${balance.toPrecision(3)} points per external byte`,
    ...grid.map((cells) => `  |${cells.join("").trimEnd()}`), `  +${"-".repeat(WIDTH)} points per external byte, ${(2 ** left).toPrecision(2)} to ${(2 ** right).toPrecision(2)}`,
    ...legend.reduce<string[]>((lines, entry) => { const last = lines[lines.length - 1]!; if (last.length + entry.length > 90) lines.push(`  ${entry}`); else lines[lines.length - 1] = last === "  " ? `  ${entry}` : `${last}, ${entry}`; return lines; }, ["  "]),
  ];
}
