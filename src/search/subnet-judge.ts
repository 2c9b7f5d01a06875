/** Judges architectures with inherited weights: what a worker does, and the main process without workers. Reads train and validation only. */
import type { Dataset } from "../data/dataset.js";
import type { SearchPlan } from "../ir/plan.js";
import type { Architecture } from "../ir/space.js";
import type { Engine } from "../runtime/engine.js";
import { ROOM_FOR_BATCHES } from "../runtime/example-batches.js";
import { judge, JudgingExamples } from "../runtime/judge.js";
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

export interface SubnetJudge {
  judge(architecture: Architecture): Judgement;
  /** Frees the examples that it keeps for the next candidate. */
  dispose(): void;
}

export function subnetJudge({ plan, seed, data, engine, store }: SubnetJudgeOptions): SubnetJudge {
  const netOf = boundNets(plan.space);
  const { recalibration, judge: limit, batch } = plan.supernet;
  const options = { engine, data, split: "validation" as const, recalibration, batch, seed, ...(limit === undefined ? {} : { limit }) };
  const examples = new JudgingExamples(options, ROOM_FOR_BATCHES);
  return {
    judge(architecture) {
      const { accuracy, loss } = judge({ ...options, store, net: netOf(architecture) }, examples);
      return { accuracy, loss };
    },
    dispose: () => examples.dispose(),
  };
}
