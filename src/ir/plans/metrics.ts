/**
 * The metrics that objectives and budgets may name, with what they measure. `src/hw/metrics.ts` computes all but accuracy; a test
 * holds the two lists together (this folder may not import that one).
 */
import type { Dimension } from "../units.js";

export interface MetricDescription {
  readonly name: string;
  readonly dimension: Dimension;
  /** The direction that is an improvement. */
  readonly better: "maximize" | "minimize";
  readonly summary: string;
}

const cost = (name: string, dimension: Dimension, summary: string): MetricDescription => ({ name, dimension, better: "minimize", summary });

export const metricDescriptions: readonly MetricDescription[] = [
  { name: "accuracy", dimension: "count", better: "maximize", summary: "share of validation examples classified correctly, 0 to 1" },
  cost("params", "count", "trained parameters"),
  cost("size", "bytes", "parameters as they are stored, each at its precision"),
  cost("macs", "count", "multiply-accumulate points"),
  cost("bitops", "count", "multiply-accumulates times the bits of both factors"),
  cost("multiplies", "count", "all multiplications"),
  cost("shifts", "count", "all bit shifts"),
  cost("adds", "count", "all additions"),
  cost("bytes", "bytes", "compulsory memory traffic of one inference"),
  cost("energy", "energy", "energy of one inference"),
  cost("latency", "time", "time of one inference, operators one after the other"),
  cost("period", "time", "time between two results when chunks work in a pipeline"),
];

export function findMetric(name: string): MetricDescription | undefined {
  return metricDescriptions.find((metric) => metric.name === name);
}

export const metricNames: readonly string[] = metricDescriptions.map((metric) => metric.name);
