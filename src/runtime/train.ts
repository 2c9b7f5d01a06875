/**
 * The one trainer, for supernets (another network each step) and for stand-alone networks (the same each step). Every random choice
 * is keyed by seed and step, so a run that was stopped or killed goes on to exactly the bytes of an uninterrupted one.
 */
import type { Dataset } from "../data/dataset.js";
import { diagnostic, failure, success, type Diagnostic, type Result } from "../diagnostics/model.js";
import { Batcher, epochOrder } from "./batches.js";
import { loadCheckpoint, runIdentity, saveCheckpoint, type CurvePoint, type TrainState } from "./checkpoint.js";
import { HeapFullError } from "./heap.js";
import { dataProblemFor } from "./fit.js";
import { rateAt, stateCount } from "./optimizer.js";
import { RunningStatistics } from "./statistics.js";
import { trainStep, type StepOptions } from "./train-step.js";

export interface TrainProgress {
  /** Counted from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps done, of `steps`. */
  readonly step: number;
  readonly steps: number;
  /** Means over the current stretch of the curve. */
  readonly loss: number;
  readonly accuracy: number;
  readonly imagesPerSecond: number;
  readonly secondsLeft: number;
}

export interface TrainOptions extends StepOptions {
  readonly data: Dataset;
  /** Where to keep checkpoints. A run of the same identity that is found there is continued. */
  readonly checkpoint?: string;
  /** Added to the run's identity, e.g. the hash of the space. */
  readonly identity?: string;
  /** Steps between checkpoints within an epoch. */
  readonly checkpointEvery?: number;
  readonly onProgress?: (progress: TrainProgress) => void;
  /** Asked before each step; true saves and returns. */
  readonly shouldStop?: () => boolean;
}

export interface TrainOutcome {
  readonly stopped: boolean;
  /** Steps done, of `totalSteps`. */
  readonly step: number;
  readonly totalSteps: number;
  readonly curve: readonly CurvePoint[];
}

/** Points of the learning curve per epoch. */
const POINTS_PER_EPOCH = 10;
const CHECKPOINT_EVERY = 200;

/** Steps of an epoch: whole batches, at least one. */
export function stepsPerEpoch(count: number, batch: number): number {
  return Math.max(1, Math.floor(count / batch));
}

function checkPlan({ plan, data, netAt }: TrainOptions): Diagnostic | undefined {
  if (!(plan.epochs > 0) || !(plan.batch >= 1)) return diagnostic("NAS6028", { title: "`epochs` and `batch` must be positive", why: `epochs is ${plan.epochs}, batch is ${plan.batch}` });
  return dataProblemFor(netAt(0), data);
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Trains until the plan is fulfilled or `shouldStop` says so. The store then holds the trained weights, without optimizer state. */
export async function train(options: TrainOptions): Promise<Result<TrainOutcome>> {
  const problem = checkPlan(options);
  if (problem !== undefined) return failure(problem);
  options.store.prepareState(stateCount(options.plan.optimizer));
  try {
    return await runSteps(options);
  } catch (error) {
    if (!(error instanceof HeapFullError)) throw error;
    return failure(diagnostic("NAS6032", { title: "training needs more memory than the engine has", why: `with a batch of ${options.plan.batch}: ${error.message}`, help: "lower `batch`" }));
  } finally {
    options.store.releaseState();
  }
}

async function runSteps(options: TrainOptions): Promise<Result<TrainOutcome>> {
  const { engine, store, data, plan, seed, checkpoint } = options;
  const batchSize = Math.min(plan.batch, data.train.count);
  const perEpoch = stepsPerEpoch(data.train.count, batchSize);
  const totalSteps = Math.max(1, Math.round(plan.epochs * perEpoch));
  const windowSteps = Math.max(1, Math.floor(perEpoch / POINTS_PER_EPOCH));
  const every = options.checkpointEvery ?? CHECKPOINT_EVERY;
  const identity = checkpoint === undefined ? "" : runIdentity(store, plan, seed, data, options.identity ?? "");
  const warnings: Diagnostic[] = [];
  const curve: CurvePoint[] = [];
  let step = 0;
  let window = { steps: 0, loss: 0, accuracy: 0 };
  if (checkpoint !== undefined) {
    const loaded = loadCheckpoint(checkpoint, engine, store, identity);
    if (!loaded.ok) return loaded;
    warnings.push(...loaded.warnings);
    if (loaded.value !== undefined) {
      step = loaded.value.step;
      curve.push(...loaded.value.curve);
      window = { ...loaded.value.window };
    }
  }
  const batcher = new Batcher(engine, data);
  const statistics = store.supernet ? undefined : new RunningStatistics(engine, store);
  const stateNow = (): TrainState => ({ step, curve, window });
  const save = (): Result<true> => (checkpoint === undefined ? success(true) : saveCheckpoint(checkpoint, engine, store, identity, stateNow()));
  const startedAt = performance.now();
  const startedFrom = step;
  let orderEpoch = -1;
  let order: Uint32Array = new Uint32Array(0);
  while (step < totalSteps) {
    if (options.shouldStop?.() === true) {
      const saved = step > startedFrom ? save() : success(true);
      return saved.ok ? success({ stopped: true, step, totalSteps, curve }, warnings) : saved;
    }
    const epoch = Math.floor(step / perEpoch);
    if (epoch !== orderEpoch) { order = epochOrder(data.train.count, seed, epoch); orderEpoch = epoch; }
    const within = step - epoch * perEpoch;
    const rows = order.subarray(within * batchSize, (within + 1) * batchSize);
    const rate = rateAt(plan.optimizer, step, perEpoch, totalSteps);
    const { loss, correct } = trainStep(options, batcher, statistics, step, rows, rate);
    if (!Number.isFinite(loss)) {
      return failure(diagnostic("NAS6020", { title: `training diverged at step ${step + 1}`, why: `the loss is ${loss} in epoch ${epoch + 1} of ${plan.epochs}, at rate ${rate.toPrecision(3)}`, help: "lower `rate`, add `warmup`, or bound the gradients with `clip`" }));
    }
    step++;
    window = { steps: window.steps + 1, loss: window.loss + loss, accuracy: window.accuracy + correct / rows.length };
    const { steps: summed, loss: lossSum, accuracy: accuracySum } = window;
    if (step % windowSteps === 0 || step === totalSteps) {
      curve.push({ step, epoch: step / perEpoch, loss: lossSum / summed, accuracy: accuracySum / summed, rate });
      window = { steps: 0, loss: 0, accuracy: 0 };
    }
    if (step % every === 0 || step % perEpoch === 0 || step === totalSteps) {
      const saved = save();
      if (!saved.ok) return saved;
    }
    if (options.onProgress !== undefined) {
      const seconds = (performance.now() - startedAt) / 1000;
      const done = step - startedFrom;
      options.onProgress({ epoch: epoch + 1, epochs: plan.epochs, step, steps: totalSteps, loss: lossSum / summed, accuracy: accuracySum / summed, imagesPerSecond: (done * batchSize) / seconds, secondsLeft: ((totalSteps - step) * seconds) / done });
    }
    await nextTurn();
  }
  return success({ stopped: false, step, totalSteps, curve }, warnings);
}
