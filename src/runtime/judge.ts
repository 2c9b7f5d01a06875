/**
 * Judges a network with the weights of a store: batch norm is recalibrated on training examples first, into private copies, so that
 * nothing leaks from one candidate to the next and the order of judging does not matter (Single Path One-Shot).
 */
import type { Dataset } from "../data/dataset.js";
import type { Net } from "../ir/net.js";
import { Batcher, chooseExamples, countCorrect, type DataPart } from "./batches.js";
import type { Engine, EngineTensor } from "./engine.js";
import { primaryOutput } from "./fit.js";
import { runNet } from "./network.js";
import { PooledStatistics, type NetStatistics } from "./statistics.js";
import type { NetUses, WeightStore } from "./weight-store.js";

export interface RecalibrateOptions {
  readonly engine: Engine;
  readonly store: WeightStore;
  readonly net: Net;
  readonly data: Dataset;
  /** Training examples to recalibrate with; 0 keeps the store's running statistics. */
  readonly recalibration: number;
  readonly batch: number;
  readonly seed: number;
}

export interface JudgeOptions extends RecalibrateOptions {
  readonly split: DataPart;
  /** Examples to judge by; undefined = all of the split. */
  readonly limit?: number;
}

export interface Verdict {
  /** Share of examples whose highest score is the right class. */
  readonly accuracy: number;
  /** Mean cross-entropy (no smoothing), in nats. */
  readonly loss: number;
  readonly examples: number;
}

/** The statistics of batch norm over training examples, chosen by the seed alone. Empty where nothing is recalibrated. */
export function recalibrate({ engine, store, net, data, recalibration, batch, seed }: RecalibrateOptions): NetStatistics {
  const uses = store.uses(net);
  if (recalibration <= 0 || !uses.weights.some(({ weight }) => weight.role === "statistic")) return new Map();
  const rows = chooseExamples(data.train.count, recalibration, seed, "recalibration");
  const batcher = new Batcher(engine, data);
  const pooled = new PooledStatistics(store, net);
  // Regions are copied once for all batches.
  const weights = store.gather(uses);
  for (let at = 0; at < rows.length; at += batch) {
    engine.scope(() => {
      const { images, count } = batcher.batch("train", rows.subarray(at, at + batch));
      const observed = new Map<number, Map<string, Float32Array>>();
      runNet(engine, net, store, images, {
        mode: "recalibration", weights,
        observe: (node, weight, value) => {
          let entry = observed.get(node.id);
          if (entry === undefined) observed.set(node.id, (entry = new Map()));
          entry.set(weight, engine.download(value));
        },
      });
      for (const [id, statistics] of observed) {
        const node = net.nodes[id]!;
        if (node.kind === "operator") pooled.add(node, statistics, count);
      }
    });
  }
  engine.dispose(...weights.filter((_, index) => !uses.weights[index]!.whole));
  return pooled.result();
}

/** The network's weights with recalibrated statistics in place; free with `dispose`. */
function privateWeights(engine: Engine, store: WeightStore, uses: NetUses, statistics: NetStatistics): { readonly weights: readonly EngineTensor[]; dispose(): void } {
  const weights = store.gather(uses);
  const own: EngineTensor[] = weights.filter((_, index) => !uses.weights[index]!.whole);
  for (const [index, values] of statistics) {
    const tensor = engine.upload(values, uses.weights[index]!.region.size);
    weights[index] = tensor;
    own.push(tensor);
  }
  return { weights, dispose: () => engine.dispose(...own) };
}

/** Scores [rows, classes] of the primary output for the given rows of a part. */
export function predictLogits(options: Omit<RecalibrateOptions, "recalibration" | "seed"> & { readonly split: DataPart; readonly rows: Uint32Array; readonly statistics: NetStatistics }): Float32Array {
  const { engine, store, net, data, batch, rows, split, statistics } = options;
  const uses = store.uses(net);
  const batcher = new Batcher(engine, data);
  const { weights, dispose } = privateWeights(engine, store, uses, statistics);
  let logits: Float32Array | undefined;
  for (let at = 0; at < rows.length; at += batch) {
    engine.scope(() => {
      const { images, count } = batcher.batch(split, rows.subarray(at, at + batch));
      const scores = engine.download(runNet(engine, net, store, images, { mode: "inference", weights })[primaryOutput(net)]!);
      logits ??= new Float32Array((rows.length * scores.length) / count);
      logits.set(scores, (at * scores.length) / count);
    });
  }
  dispose();
  return logits ?? new Float32Array(0);
}

/** Accuracy and loss from scores. */
export function verdictOf(logits: Float32Array, labels: ArrayLike<number>): Verdict {
  const classes = logits.length / labels.length;
  let loss = 0;
  for (let row = 0; row < labels.length; row++) {
    const scores = logits.subarray(row * classes, (row + 1) * classes);
    const highest = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    loss += highest + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - highest), 0)) - scores[labels[row]!]!;
  }
  return { accuracy: countCorrect(logits, labels) / labels.length, loss: loss / labels.length, examples: labels.length };
}

/** Recalibrates and evaluates; deterministic, the store is untouched. The network must fit the data (`dataProblemFor`). */
export function judge(options: JudgeOptions): Verdict {
  const { data, split, limit, seed } = options;
  const rows = chooseExamples(data[split].count, limit, seed, `judge/${split}`);
  const logits = predictLogits({ ...options, rows, statistics: recalibrate(options) });
  return verdictOf(logits, Uint8Array.from(rows, (row) => data[split].labels[row]!));
}
