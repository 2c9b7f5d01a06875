/**
 * One training step: the network that the step's sampler draws, forward and backward on one batch, and the update of the weights it
 * uses. A supernet and a network alone take the same step; `npm run bench -- step-overhead` compares them.
 */
import type { Net } from "../ir/net.js";
import type { TrainPlan } from "../ir/plan.js";
import { randomStream } from "../random/stream.js";
import { countCorrect, type Batcher } from "./batches.js";
import type { Engine, EngineTensor } from "./engine.js";
import { classOutputs, primaryOutput } from "./fit.js";
import { runNet } from "./network.js";
import { applyGradients } from "./optimizer.js";
import type { RunningStatistics } from "./statistics.js";
import type { WeightStore } from "./weight-store.js";

export interface StepOptions {
  readonly engine: Engine;
  readonly store: WeightStore;
  /** The network of a step; must be a pure function of the step. */
  readonly netAt: (step: number) => Net;
  readonly plan: TrainPlan;
  readonly seed: number;
}

export interface StepResult { readonly loss: number; readonly correct: number }

/** One step on the examples `rows` at `rate`. Running statistics are kept where `statistics` is given (networks alone). */
export function trainStep(options: StepOptions, batcher: Batcher, statistics: RunningStatistics | undefined, step: number, rows: Uint32Array, rate: number): StepResult {
  const { engine, store, plan, seed } = options;
  const net = options.netAt(step);
  // Where sharing gives a network several places, a step may train more than one: their scores are added (BCNet, ViTAS).
  const uses = store.uses(net, store.turns(randomStream(seed, "turns", step)));
  return engine.scope(() => {
    const batch = batcher.batch("train", rows, plan.augment, randomStream(seed, "augment", step));
    const views = store.gather(uses);
    const trained = uses.weights.map(({ weight }, index) => ({ weight, index })).filter(({ weight }) => weight.role === "parameter").map(({ index }) => index);
    let correct = 0;
    const scored = classOutputs(net);
    const { loss, gradients } = engine.gradients(trained.map((index) => views[index]!), () => {
      const noise = randomStream(seed, "noise", step);
      const outputs = uses.turns.map((nodes, turn) => runNet(engine, net, store, batch.images, {
        mode: "training",
        weights: views,
        nodes,
        random: turn === 0 ? noise : noise.child("turn", turn),
        ...(statistics === undefined ? {} : { observe: (node, weight, value) => statistics.observe(net, node, weight, engine.download(value)) }),
      }));
      const scores = (name: string): EngineTensor => outputs.map((each) => each[name]!).reduce((sum, each) => engine.library.add(sum, each));
      correct = countCorrect(engine.download(scores(primaryOutput(net))), batch.labelValues);
      const losses = scored.map((name) => engine.crossEntropy(scores(name), batch.labels, plan.labelSmoothing));
      return losses.reduce((sum, one): EngineTensor => engine.library.add(sum, one));
    });
    const value = engine.download(loss)[0]! / scored.length;
    if (Number.isFinite(value)) {
      applyGradients(engine, plan.optimizer, rate, trained.map((index) => uses.weights[index]!), gradients);
      statistics?.commit();
    }
    return { loss: value, correct };
  });
}
