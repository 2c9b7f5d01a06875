/**
 * Judges a network with the weights of a store: batch norm is recalibrated on training examples first, into private copies, so that
 * nothing leaks from one candidate to the next and the order of judging does not matter (Single Path One-Shot).
 */
import type { Dataset } from "../data/dataset.js";
import type { Net } from "../ir/net.js";
import { chooseExamples, countCorrect, type DataPart } from "./batches.js";
import type { Engine, EngineTensor } from "./engine.js";
import { ExampleBatches } from "./example-batches.js";
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

/**
 * The examples of a judge, chosen by the seed alone. Where many networks are judged, one object is given to all of them and keeps
 * its batches, up to `room` bytes of them.
 */
export class JudgingExamples {
  readonly judged: ExampleBatches;
  readonly labels: Uint8Array;
  private readonly recalibrating: () => ExampleBatches;
  private kept: ExampleBatches | undefined;

  constructor(options: Omit<JudgeOptions, "store" | "net">, room = 0) {
    const { engine, data, split, limit, batch, seed } = options;
    const rows = chooseExamples(data[split].count, limit, seed, `judge/${split}`);
    this.judged = new ExampleBatches({ engine, data, part: split, rows, batch, room });
    this.labels = Uint8Array.from(rows, (row) => data[split].labels[row]!);
    this.recalibrating = () => recalibrationBatches(options, room - this.judged.heldBytes);
  }

  /** Made when it is first needed: a network without batch norm does not recalibrate. */
  recalibration(): ExampleBatches {
    return (this.kept ??= this.recalibrating());
  }

  dispose(): void {
    this.judged.dispose();
    this.kept?.dispose();
    this.kept = undefined;
  }
}

function recalibrationBatches({ engine, data, recalibration, batch, seed }: Omit<RecalibrateOptions, "store" | "net">, room = 0): ExampleBatches {
  return new ExampleBatches({ engine, data, part: "train", rows: chooseExamples(data.train.count, recalibration, seed, "recalibration"), batch, room });
}

export interface Verdict {
  /** Share of examples whose highest score is the right class. */
  readonly accuracy: number;
  /** Mean cross-entropy (no smoothing), in nats. */
  readonly loss: number;
  readonly examples: number;
}

/** The statistics of batch norm over training examples, chosen by the seed alone. Empty where nothing is recalibrated. */
export function recalibrate(options: RecalibrateOptions, examples?: JudgingExamples): NetStatistics {
  const { engine, store, net, recalibration } = options;
  const uses = store.uses(net);
  if (recalibration <= 0 || !uses.weights.some(({ weight }) => weight.role === "statistic")) return new Map();
  const batches = examples === undefined ? recalibrationBatches(options) : examples.recalibration();
  const pooled = new PooledStatistics(store, net);
  // Regions are copied once for all batches.
  const weights = store.gather(uses);
  batches.forEach(({ images, count }) => {
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

/** Scores [rows, classes] of the primary output for all examples of `batches`. */
export function predictLogits({ engine, store, net, batches, statistics }: Pick<RecalibrateOptions, "engine" | "store" | "net"> & { readonly batches: ExampleBatches; readonly statistics: NetStatistics }): Float32Array {
  const uses = store.uses(net);
  const { weights, dispose } = privateWeights(engine, store, uses, statistics);
  let logits: Float32Array | undefined;
  batches.forEach(({ images, from, count }) => {
    const scores = engine.download(runNet(engine, net, store, images, { mode: "inference", weights })[primaryOutput(net)]!);
    logits ??= new Float32Array((batches.rows.length * scores.length) / count);
    logits.set(scores, (from * scores.length) / count);
  });
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
export function judge(options: JudgeOptions, examples = new JudgingExamples(options)): Verdict {
  const { engine, store, net } = options;
  const logits = predictLogits({ engine, store, net, batches: examples.judged, statistics: recalibrate(options, examples) });
  return verdictOf(logits, examples.labels);
}
