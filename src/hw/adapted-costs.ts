/**
 * The costs of a network that is adapted per input: the least and the greatest over its settings, and the mean where every quantity that
 * matters takes each of its values equally often (what inputs really ask for is known only once a controller is trained). What decides,
 * the controller, is part of the network and so of every cost.
 */
import { settingsOf } from "../ir/adapted.js";
import { spaceQueries } from "../ir/space-queries.js";
import type { Architecture, Space } from "../ir/space.js";
import { randomStream } from "../random/stream.js";
import type { CostModel } from "./cost-model.js";
import type { MetricName } from "./metrics.js";
import { spaceCosts } from "./space-costs.js";

/** `exact` says whether the bounds are; `error` is the standard error of the mean, which is one of random settings. */
export interface AdaptedCost { readonly minimum: number; readonly maximum: number; readonly exact: boolean; readonly mean: number; readonly error: number }

export interface AdaptedCosts {
  /** Different networks that inputs may run; undefined where they are not counted exactly. */
  readonly settings: bigint | undefined;
  readonly costs: Readonly<Partial<Record<MetricName, AdaptedCost>>>;
}

const DRAWS = 2000;
/** Networks that are priced as a whole. */
const COUPLED_DRAWS = 200;

export function adaptedCosts(space: Space, architecture: Architecture, model: CostModel, metrics: readonly MetricName[]): AdaptedCosts {
  const settings = settingsOf(space, architecture);
  const queries = spaceQueries(settings);
  const costs = spaceCosts(settings, model, queries);
  const random = randomStream(0, "adapted costs");
  const draws = model.coupled ? COUPLED_DRAWS : DRAWS;
  const drawn = Array.from({ length: draws }, () => costs.costOf(queries.samplePath(random)));
  return {
    settings: queries.count(),
    costs: Object.fromEntries(metrics.map((metric): [MetricName, AdaptedCost] => {
      const { minimum, maximum, exact } = costs.bounds(metric);
      const mean = drawn.reduce((sum, totals) => sum + totals[metric], 0) / draws;
      const variance = drawn.reduce((sum, totals) => sum + (totals[metric] - mean) ** 2, 0) / (draws - 1);
      return [metric, { minimum: minimum.value, maximum: maximum.value, exact, mean, error: Math.sqrt(variance / draws) }];
    })),
  };
}
