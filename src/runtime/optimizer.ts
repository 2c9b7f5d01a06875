/**
 * Learning-rate schedules and parameter updates. Only the parameters that the step's network uses are touched, and of a shared
 * tensor only the region in use: no gradient, no decay and no momentum elsewhere (the isolation of Single Path One-Shot; the
 * released code gives such weights no gradient at all for the same reason).
 */
import type { OptimizerPlan } from "../ir/plan.js";
import type { Engine, EngineTensor } from "./engine.js";
import type { NetWeight, StoredWeight } from "./weight-store.js";

const EPSILON = 1e-8;

const volume = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

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

function update(engine: Engine, plan: OptimizerPlan, rate: number, { tensor, state, updates }: StoredWeight, gradient: EngineTensor, decay: number, begin: readonly number[] | undefined): void {
  switch (plan.kind) {
    case "sgd": return engine.updateSgd(tensor, gradient, state[0]!, rate, plan.momentum, decay, begin);
    case "adam":
    case "adamw": return engine.updateAdam(tensor, gradient, state[0]!, state[1]!, updates, rate, plan.beta1, plan.beta2, EPSILON, decay, plan.kind === "adamw", begin);
  }
}

/** Applies one step: `gradients[i]` belongs to the region of `weights[i]` that the network uses. Call inside an engine scope. */
export function applyGradients(engine: Engine, plan: OptimizerPlan, rate: number, weights: readonly NetWeight[], gradients: readonly EngineTensor[]): void {
  const bounded = plan.clip > 0 ? clipByNorm(engine, gradients, plan.clip) : gradients;
  weights.forEach(({ weight, region, whole, used }, i) => {
    weight.updates++;
    const decay = weight.decay ? plan.weightDecay : 0;
    const values = used.reduce((sum, { size }) => sum + volume(size), 0);
    if (values === volume(region.size)) return update(engine, plan, rate, weight, bounded[i]!, decay, whole ? undefined : region.begin);
    for (const { begin, size } of used) update(engine, plan, rate, weight, engine.readRegion(bounded[i]!, begin.map((start, axis) => start - region.begin[axis]!), size), decay, begin);
  });
}
