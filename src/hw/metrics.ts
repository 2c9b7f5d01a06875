/**
 * The metrics that a network has on an accelerator: their names in the language, their base units, and how a value is written for
 * people (two to four significant digits with an SI prefix).
 */

export type MetricName = "params" | "size" | "macs" | "bitops" | "multiplies" | "shifts" | "adds" | "bytes" | "energy" | "latency" | "period";

export interface Metric {
  readonly name: MetricName;
  /** Base unit of every stored value. */
  readonly unit: "count" | "B" | "J" | "s";
  readonly summary: string;
}

export const metrics: readonly Metric[] = [
  { name: "params", unit: "count", summary: "trained parameters; a shared tensor counts once, running statistics do not count" },
  { name: "size", unit: "B", summary: "the parameters as they are stored: each at its precision, masks of sparse tensors included" },
  { name: "macs", unit: "count", summary: "multiply-accumulate points of convolutions, dense layers and attention products" },
  { name: "bitops", unit: "count", summary: "multiply-accumulate points times the bits of both factors" },
  { name: "multiplies", unit: "count", summary: "all multiplications, those of vector work included" },
  { name: "shifts", unit: "count", summary: "all bit shifts" },
  { name: "adds", unit: "count", summary: "all additions and subtractions: accumulations, two per point of an adder layer, vector work" },
  { name: "bytes", unit: "B", summary: "compulsory traffic: every weight, input and output of every operator once, at its precision" },
  { name: "energy", unit: "J", summary: "of one inference: arithmetic and memory accesses" },
  { name: "latency", unit: "s", summary: "of one inference, all operators one after the other" },
  { name: "period", unit: "s", summary: "between two results when the chunks work on different inputs at the same time" },
];

export type FigureName = "compression" | "sparsity" | "memory" | "operations" | "throughput" | "edp" | "utilisation";

/** Figures of one network that are no sums over its operators: reported, but not to be budgeted. */
export interface Figure { readonly name: FigureName; readonly unit: "times" | "share" | "B" | "count" | "1/s" | "Js"; readonly summary: string }

export const figures: readonly Figure[] = [
  { name: "compression", unit: "times", summary: "the parameters at 32 bits each, over their size as stored" },
  { name: "sparsity", unit: "share", summary: "parameters that are cut to zero" },
  { name: "memory", unit: "B", summary: "activations in use at once, at most, in the order of the network" },
  { name: "operations", unit: "count", summary: "multiplications, additions and shifts: FLOPs, a multiply-accumulate counted as two" },
  { name: "throughput", unit: "1/s", summary: "results per second with the chunks in a pipeline: one per period" },
  { name: "edp", unit: "Js", summary: "energy times latency" },
  { name: "utilisation", unit: "share", summary: "processing elements of the running chunk that compute, over the latency" },
];

export const metricNames: readonly MetricName[] = metrics.map((metric) => metric.name);

export function isMetricName(name: string): name is MetricName {
  return metrics.some((metric) => metric.name === name);
}

const LARGE = [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "K"]] as const;
const SMALL = [[1, ""], [1e-3, "m"], [1e-6, "µ"], [1e-9, "n"], [1e-12, "p"]] as const;

/** Four significant digits, no trailing zeros, never an exponent. */
function digits(value: number): string {
  const magnitude = Math.abs(value);
  const places = magnitude >= 1000 ? 0 : magnitude >= 100 ? 1 : magnitude >= 10 ? 2 : 3;
  const text = value.toFixed(places);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** A value of a metric for people: `1.24 mJ`, `318 K`, `87.5 %` for accuracy (given as a share). */
export function formatMetric(name: string, value: number): string {
  if (name === "accuracy") return `${(100 * value).toFixed(2)} %`;
  const unit = [...metrics, ...figures].find((candidate) => candidate.name === name)?.unit ?? "count";
  switch (unit) {
    case "share": return `${(100 * value).toFixed(2)} %`;
    case "times": return `${digits(value)} times`;
    case "Js": return `${value.toExponential(3)} Js`;
    case "1/s": return `${formatMetric("count", value)}/s`;
    case "count": case "B": case "J": case "s": break;
  }
  if (value === 0 || !Number.isFinite(value)) return unit === "count" ? String(value) : `${value} ${unit}`;
  if (unit === "count" || unit === "B") {
    const [scale, prefix] = LARGE.find(([threshold]) => Math.abs(value) >= threshold) ?? [1, ""];
    return unit === "B" ? `${digits(value / scale)} ${prefix}B` : prefix === "" ? digits(value) : `${digits(value / scale)} ${prefix}`;
  }
  const [scale, prefix] = SMALL.find(([threshold]) => Math.abs(value) >= threshold * 0.9999999) ?? SMALL[SMALL.length - 1]!;
  return `${digits(value / scale)} ${prefix}${unit}`;
}
