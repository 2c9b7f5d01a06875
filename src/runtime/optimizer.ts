/**
 * Learning-rate schedules and parameter updates. Only the parameters that the step's network uses are touched, and of a shared
 * tensor only the region in use: no gradient, no decay and no momentum elsewhere (the isolation of Single Path One-Shot; the
 * released code gives such weights no gradient at all for the same reason).
 */
import type { OptimizerPlan } from "../ir/plan.js";
import type { Engine, EngineTensor } from "./engine.js";
import type { NetWeight } from "./weight-store.js";

const EPSILON = 1e-8;

/** The rate of a step in [0, totalSteps): linear warm-up, then constant, half a cosine or a line down to 0. */
export function rateAt(plan: OptimizerPlan, step: number, stepsPerEpoch: number, totalSteps: number): number {
  const warmup = Math.min(totalSteps, Math.round(plan.warmup * stepsPerEpoch));
  if (step < warmup) return (plan.rate * (step + 1)) / warmup;
  const progress = (step - warmup) / Math.max(1, totalSteps - warmup);
  switch (plan.schedule) {
    case "constant": return plan.rate;
    case "cosine": return (plan.rate * (1 + Math.cos(Math.PI * progress))) / 2;
    case "linear": return plan.rate * (1 - progress);
  }
}

/** State tensors per parameter. */
export function stateCount(plan: OptimizerPlan): number {
  return plan.kind === "sgd" ? 1 : 2;
}

/** Scales the gradients so that their joint Euclidean norm is at most `bound` (Pascanu et al. 2013). */
function clipByNorm(engine: Engine, gradients: readonly EngineTensor[], bound: number): readonly EngineTensor[] {
  const { library } = engine;
  const squares = gradients.map((gradient) => library.sum(library.square(gradient), gradient.shape.map((_, axis) => axis), false));
  const norm = Math.sqrt(squares.reduce((sum, square) => sum + engine.download(square)[0]!, 0));
  if (!(norm > bound)) return gradients;
  const factor = library.scalar(bound / norm);
  return gradients.map((gradient) => library.multiply(gradient, factor));
}

function update(engine: Engine, plan: OptimizerPlan, rate: number, parameter: EngineTensor, gradient: EngineTensor, state: readonly EngineTensor[], step: number, decay: number): void {
  switch (plan.kind) {
    case "sgd": return engine.updateSgd(parameter, gradient, state[0]!, rate, plan.momentum, decay);
    case "adam":
    case "adamw": return engine.updateAdam(parameter, gradient, state[0]!, state[1]!, step, rate, plan.beta1, plan.beta2, EPSILON, decay, plan.kind === "adamw");
  }
}

/**
 * Applies one step. `views[i]` is the tensor that gradient i was taken for: the stored tensor where the network uses all of it,
 * else a copy of its region, which is updated and written back. Call inside an engine scope.
 */
export function applyGradients(engine: Engine, plan: OptimizerPlan, rate: number, weights: readonly NetWeight[], views: readonly EngineTensor[], gradients: readonly EngineTensor[]): void {
  const bounded = plan.clip > 0 ? clipByNorm(engine, gradients, plan.clip) : gradients;
  weights.forEach(({ weight, region, whole }, i) => {
    weight.updates++;
    const decay = weight.decay ? plan.weightDecay : 0;
    if (whole) return update(engine, plan, rate, weight.tensor, bounded[i]!, weight.state, weight.updates, decay);
    const state = weight.state.map((tensor) => engine.library.slice(tensor, region.begin, region.size));
    update(engine, plan, rate, views[i]!, bounded[i]!, state, weight.updates, decay);
    engine.writeRegion(weight.tensor, views[i]!, region.begin);
    state.forEach((tensor, slot) => engine.writeRegion(weight.state[slot]!, tensor, region.begin));
  });
}
