/**
 * A ranker trained to put the best architectures first: LambdaRank gradients (Burges 2010) on relevances as in AceNAS (Zhang et al.
 * 2021): accuracies between the 20 % quantile and the best, stretched to 0..20. Exact costs can serve as weak labels for pre-training.
 */
import { power } from "../random/power.js";
import type { Architecture } from "../ir/space.js";
import { randomStream } from "../random/stream.js";
import type { Values } from "./dominance.js";
import type { Ranker, RankerExample } from "./explorer.js";
import { logCosts, Standardizer, type FeatureMap } from "./features.js";
import { MultilayerPerceptron } from "./multilayer-perceptron.js";

const RELEVANCE_SCALE = 20;
const LOW_QUANTILE = 0.2;

/** Quantile with linear interpolation. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
}

/** Relevance of each accuracy given all of them: 0 up to the 20 % quantile, 20 at the best. */
export function relevances(accuracies: readonly number[]): number[] {
  const low = quantile(accuracies, LOW_QUANTILE);
  const high = Math.max(...accuracies);
  return accuracies.map((accuracy) => (high > low ? RELEVANCE_SCALE * Math.min(1, Math.max(0, (accuracy - low) / (high - low))) : 0));
}

const discount = (rank: number): number => 1 / Math.log2(rank + 1);

/** Rank of each score, the highest first, from 1; ties by position. */
function ranksOf(scores: readonly number[]): number[] {
  const ranks = scores.map(() => 0);
  scores.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]! || a - b).forEach((item, position) => { ranks[item] = position + 1; });
  return ranks;
}

/** |change of NDCG| if items i and j swapped places, for all pairs; the weights of the pairs. */
export function swapWeights(scores: readonly number[], relevance: readonly number[]): number[][] {
  const gains = relevance.map((r) => power(2, r) - 1);
  const ideal = [...gains].sort((a, b) => b - a).reduce((sum, gain, i) => sum + gain * discount(i + 1), 0);
  const ranks = ranksOf(scores);
  return gains.map((gain, i) => gains.map((other, j) => (ideal > 0 ? Math.abs((gain - other) * (discount(ranks[i]!) - discount(ranks[j]!))) / ideal : 0)));
}

/** d loss / d score of each item, with sigma = 1: sum over the others of (0.5 (1 - S) - 1 / (1 + exp(s_i - s_j))) * |delta NDCG|. */
export function lambdaGradients(scores: readonly number[], relevance: readonly number[]): Float64Array {
  const weights = swapWeights(scores, relevance);
  const gradient = new Float64Array(scores.length);
  for (let i = 0; i < scores.length; i++) {
    for (let j = i + 1; j < scores.length; j++) {
      const order = Math.sign(relevance[i]! - relevance[j]!);
      const lambda = (0.5 * (1 - order) - 1 / (1 + Math.exp(scores[i]! - scores[j]!))) * weights[i]![j]!;
      gradient[i]! += lambda;
      gradient[j]! -= lambda;
    }
  }
  return gradient;
}

/** Normalised discounted cumulative gain of the first k items by score. */
export function ndcg(scores: readonly number[], relevance: readonly number[], k = scores.length): number {
  const dcg = (order: readonly number[]): number => order.slice(0, k).reduce((sum, item, i) => sum + (power(2, relevance[item]!) - 1) * discount(i + 1), 0);
  const items = scores.map((_, i) => i);
  const ideal = dcg([...items].sort((a, b) => relevance[b]! - relevance[a]!));
  return ideal > 0 ? dcg([...items].sort((a, b) => scores[b]! - scores[a]! || a - b)) / ideal : 1;
}

export interface LambdaRankOptions {
  readonly features: FeatureMap;
  /** Cost metrics to look at beside the decisions. */
  readonly costs: readonly string[];
  readonly seed: number;
  /** Cheap labels to pre-train on: cost metrics, with architectures to label. Those metrics are then not inputs. */
  readonly weak?: { readonly metrics: readonly string[]; readonly examples: readonly { readonly architecture: Architecture; readonly costs: Values }[] };
}

const HIDDEN = [64, 64];
const BATCH = 20;
const EPOCHS = 200;
/** Bounds the time of one fit: few seconds at most. */
const MAXIMUM_STEPS = 2000;
const RATE = 0.005;
const WEIGHT_DECAY = 5e-4;
const PRETRAIN_STEPS = 600;
const PRETRAIN_RATE = 1e-3;
const FEWEST_EXAMPLES = 8;

const cosine = (rate: number, step: number, steps: number): number => 0.5 * rate * (1 + Math.cos((Math.PI * step) / steps));

export function createLambdaRank(options: LambdaRankOptions): Ranker {
  const { features, seed, weak } = options;
  const inputCosts = options.costs.filter((name) => !weak?.metrics.includes(name));
  let model: MultilayerPerceptron | undefined;
  let scale = new Standardizer([]);

  /** Rows of one array: decisions, then standardised costs. */
  const rowsOf = (examples: readonly { readonly architecture: Architecture; readonly costs: Values }[]): Float64Array[] => {
    const width = features.size + inputCosts.length;
    const all = new Float64Array(examples.length * width);
    features.fill(examples.map(({ architecture }) => architecture), all, width);
    return examples.map(({ costs }, k) => {
      const row = all.subarray(k * width, (k + 1) * width);
      row.set(scale.apply(logCosts(inputCosts, costs)), features.size);
      return row;
    });
  };

  /** Squared error on the standardised weak labels; only the hidden layers are kept. */
  const pretrain = (fresh: MultilayerPerceptron): void => {
    if (weak === undefined || weak.metrics.length === 0 || weak.examples.length === 0) return;
    const labels = weak.examples.map((example) => logCosts(weak.metrics, example.costs));
    const labelScale = new Standardizer(labels);
    const targets = labels.map((label) => labelScale.apply(label));
    const rows = rowsOf(weak.examples);
    const random = randomStream(seed, "lambdarank pretraining");
    for (let step = 0; step < PRETRAIN_STEPS; step++) {
      const batch = Array.from({ length: Math.min(BATCH, rows.length) }, () => random.integer(rows.length));
      fresh.step(batch.map((i) => rows[i]!), (outputs) => outputs.map((output, k) => output.map((value, label) => (2 * (value - targets[batch[k]!]![label]!)) / batch.length)), { rate: cosine(PRETRAIN_RATE, step, PRETRAIN_STEPS), weightDecay: 0 });
    }
    fresh.replaceHead(1);
  };

  const fit = (examples: readonly RankerExample[]): void => {
    const accuracies = examples.map((example) => example.accuracy);
    if (examples.length < FEWEST_EXAMPLES || Math.max(...accuracies) === Math.min(...accuracies)) {
      model = undefined;
      return;
    }
    scale = new Standardizer(examples.map((example) => logCosts(inputCosts, example.costs)));
    const pretrained = weak !== undefined && weak.metrics.length > 0 && weak.examples.length > 0;
    const fresh = new MultilayerPerceptron(features.size + inputCosts.length, HIDDEN, pretrained ? weak.metrics.length : 1, seed);
    pretrain(fresh);
    const rows = rowsOf(examples);
    const relevance = relevances(accuracies);
    const random = randomStream(seed, "lambdarank", examples.length);
    const perEpoch = Math.max(1, Math.floor(rows.length / BATCH));
    const steps = Math.min(MAXIMUM_STEPS, EPOCHS * perEpoch);
    let order: number[] = [];
    for (let step = 0; step < steps; step++) {
      const at = step % perEpoch;
      if (at === 0) order = random.shuffle(rows.map((_, i) => i));
      const batch = order.slice(at * BATCH, at * BATCH + BATCH);
      fresh.step(batch.map((i) => rows[i]!), (outputs) => [...lambdaGradients(outputs.map((output) => output[0]!), batch.map((i) => relevance[i]!))].map((slope) => Float64Array.of(slope)), { rate: cosine(RATE, step, steps), weightDecay: WEIGHT_DECAY });
    }
    model = fresh;
  };

  return {
    name: "lambdarank",
    fit,
    get ready() { return model !== undefined; },
    score(candidates) {
      if (model === undefined) throw new Error("the ranker has not been fitted");
      return model.predict(rowsOf(candidates)).map((output) => output[0]!);
    },
  };
}
