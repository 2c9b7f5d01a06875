/** Reading trials by metric: the first objective, the cost it is set against, and who is on the front. */
import { formatMetric } from "../hw/metrics.js";
import type { StudyTrial } from "../search/study.js";
import type { ReportInput } from "./input.js";

/** The value of a metric, undefined where a trial has none (it failed, or the metric was not counted). */
export function valueOf(trial: StudyTrial, metric: string): number | undefined {
  const value = metric === "accuracy" ? trial.accuracy : trial.costs[metric];
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

export interface Aim { readonly metric: string; readonly direction: "maximize" | "minimize" }

/** What the search wanted first, and the first cost against it (energy where it named none). */
export function aimsOf(input: ReportInput): { readonly first: Aim; readonly against: Aim } {
  const [first, second] = input.document.objectives;
  const aim = first ?? { metric: "accuracy", direction: "maximize" };
  return { first: aim, against: second ?? { metric: aim.metric === "energy" ? "latency" : "energy", direction: "minimize" } };
}

export function isFeasible(trial: StudyTrial, input: ReportInput): boolean {
  return input.document.budgets.every(({ metric, relation, bound }) => {
    const value = valueOf(trial, metric);
    return value === undefined || (relation === "<=" ? value <= bound : value >= bound);
  });
}

/** A value for people; a dash where there is none. */
export function formatted(metric: string, value: number | null | undefined): string {
  return value === undefined || value === null || !Number.isFinite(value) ? "–" : formatMetric(metric, value);
}

export const shortHash = (hash: string): string => hash.slice(0, 12);
