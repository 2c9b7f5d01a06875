/** Judges architectures with inherited weights: what a worker does, and the main process without workers. Reads train and validation only. */
import type { Dataset } from "../data/dataset.js";
import type { SearchPlan } from "../ir/plan.js";
import type { Architecture } from "../ir/space.js";
import type { Engine } from "../runtime/engine.js";
import { judge } from "../runtime/judge.js";
import { boundNets } from "../runtime/sampler.js";
import type { WeightStore } from "../runtime/weight-store.js";
import type { Judgement } from "./evaluator.js";

export interface SubnetJudgeOptions {
  readonly plan: SearchPlan;
  readonly seed: number;
  readonly data: Dataset;
  readonly engine: Engine;
  readonly store: WeightStore;
}

export function subnetJudge({ plan, seed, data, engine, store }: SubnetJudgeOptions): (architecture: Architecture) => Judgement {
  const netOf = boundNets(plan.space);
  const { recalibration, judge: limit, batch } = plan.supernet;
  return (architecture) => {
    const { accuracy, loss } = judge({ engine, store, net: netOf(architecture), data, split: "validation", recalibration, batch, seed, ...(limit === undefined ? {} : { limit }) });
    return { accuracy, loss };
  };
}
