/** How a cost is spread over all architectures of a space, as bars of text and as a document. */
import { formatMetric, type MetricName } from "../hw/metrics.js";
import type { CostHistogram } from "../hw/space-costs.js";
import { grouped } from "./table.js";

const BAR = 40;
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of a share of the longest; what is not nothing is at least a hair. */
function bar(share: number): string {
  const eighths = share === 0 ? 0 : Math.max(1, Math.round(8 * BAR * share));
  return "█".repeat(eighths >> 3) + EIGHTHS[eighths & 7]!;
}

function certainty(metric: MetricName, { how, error, shareError, confidence }: CostHistogram): string {
  switch (how) {
    case "exact": return "exact";
    case "rounded": return `rounded: each within ${formatMetric(metric, error)} of its bin`;
    case "sampled": return `sampled: every cumulated share within ${(100 * shareError).toFixed(1)} % (confidence ${(100 * confidence).toFixed(0)} %)`;
  }
}

const share = (value: number): string => (value === 0 ? "0 %" : value < 0.0005 ? "< 0.1 %" : `${(100 * value).toFixed(1)} %`);

/** One line per bin: where it begins, a bar, the share and (where counted) the number of architectures. */
export function histogramLines(metric: MetricName, histogram: CostHistogram): string[] {
  const { edges, shares, counts } = histogram;
  const longest = Math.max(...shares);
  if (!(longest > 0)) return [];
  const from = edges.slice(0, -1).map((edge) => formatMetric(metric, edge));
  const widest = Math.max(...from.map(({ length }) => length));
  return [
    `${metric} over all architectures (${certainty(metric, histogram)})`,
    ...from.map((edge, bin) => `  ${edge.padStart(widest)}  ${bar(shares[bin]! / longest).padEnd(BAR)}  ${share(shares[bin]!).padStart(7)}${counts === undefined ? "" : `  ${grouped(counts[bin]!)}`}`),
    `  ${formatMetric(metric, edges[edges.length - 1]!).padStart(widest)}`,
  ];
}

export function histogramDocument({ edges, shares, counts, how, error, shareError, confidence }: CostHistogram): Readonly<Record<string, unknown>> {
  return { edges, shares, counts: counts?.map(String) ?? null, how, error, shareError, confidence };
}
