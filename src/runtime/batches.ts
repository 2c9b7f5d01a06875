/**
 * Turns examples into batches on the engine: shuffled order per epoch, normalisation to mean 0 and deviation 1 per channel, and
 * augmentation (flip, shift), all keyed by (seed, epoch or step) and so independent of where a run was resumed.
 */
import type { Dataset, Examples } from "../data/dataset.js";
import type { TrainPlan } from "../ir/plan.js";
import { randomStream, type RandomStream } from "../random/stream.js";
import type { Engine, EngineTensor } from "./engine.js";

export type DataPart = "train" | "validation" | "test";

export interface Batch {
  /** [n, height, width, channels] */
  readonly images: EngineTensor;
  /** [n], int32 */
  readonly labels: EngineTensor;
  readonly labelValues: Int32Array;
  readonly count: number;
}

/** The order in which an epoch visits `count` examples. */
export function epochOrder(count: number, seed: number, epoch: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  const random = randomStream(seed, "order", epoch);
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const kept = order[i]!; order[i] = order[j]!; order[j] = kept;
  }
  return order;
}

/** `limit` examples chosen without regard to their order in the file (all of them, in order, where limit is not smaller). */
export function chooseExamples(count: number, limit: number | undefined, seed: number, purpose: string): Uint32Array {
  if (limit === undefined || limit >= count) return Uint32Array.from({ length: count }, (_, index) => index);
  const order = Array.from({ length: count }, (_, index) => index);
  return Uint32Array.from(randomStream(seed, purpose).shuffle(order).slice(0, limit)).sort();
}

export class Batcher {
  private readonly tables: readonly Float32Array[];

  constructor(private readonly engine: Engine, private readonly data: Dataset) {
    this.tables = data.mean.map((mean, channel) => Float32Array.from({ length: 256 }, (_, value) => (value - mean) / data.deviation[channel]!));
  }

  /** The examples at `indices` of a part as tensors, which the caller (or its scope) frees. */
  batch(part: DataPart, indices: ArrayLike<number>, augment?: TrainPlan["augment"], random?: RandomStream): Batch {
    const { height, width, channels } = this.data;
    const examples: Examples = this.data[part];
    const size = height * width * channels;
    const pixels = new Float32Array(indices.length * size);
    const labelValues = new Int32Array(indices.length);
    for (let row = 0; row < indices.length; row++) {
      const from = indices[row]! * size;
      labelValues[row] = examples.labels[indices[row]!]!;
      if (augment === undefined || random === undefined || (!augment.flip && augment.shift === 0)) this.copyPlain(examples.images, from, pixels, row * size, size);
      else {
        const flip = augment.flip && random.uniform() < 0.5;
        const down = augment.shift === 0 ? 0 : random.integer(2 * augment.shift + 1) - augment.shift;
        const right = augment.shift === 0 ? 0 : random.integer(2 * augment.shift + 1) - augment.shift;
        this.copyMoved(examples.images, from, pixels, row * size, flip, down, right);
      }
    }
    return { images: this.engine.upload(pixels, [indices.length, height, width, channels]), labels: this.engine.upload(labelValues, [indices.length]), labelValues, count: indices.length };
  }

  private copyPlain(source: Uint8Array, from: number, target: Float32Array, to: number, size: number): void {
    const channels = this.tables.length;
    for (let channel = 0; channel < channels; channel++) {
      const table = this.tables[channel]!;
      for (let i = channel; i < size; i += channels) target[to + i] = table[source[from + i]!]!;
    }
  }

  /** Flips left to right, then shifts; what comes in from outside is black (pixel 0). */
  private copyMoved(source: Uint8Array, from: number, target: Float32Array, to: number, flip: boolean, down: number, right: number): void {
    const { height, width, channels } = this.data;
    for (let y = 0; y < height; y++) {
      const fromY = y - down;
      for (let x = 0; x < width; x++) {
        const shifted = x - right;
        const fromX = flip ? width - 1 - shifted : shifted;
        const inside = fromY >= 0 && fromY < height && fromX >= 0 && fromX < width;
        for (let channel = 0; channel < channels; channel++) {
          target[to + (y * width + x) * channels + channel] = this.tables[channel]![inside ? source[from + (fromY * width + fromX) * channels + channel]! : 0]!;
        }
      }
    }
  }
}

/** How many of the rows of `logits` [n, classes] have their largest value at the label. */
export function countCorrect(logits: Float32Array, labels: ArrayLike<number>): number {
  const classes = logits.length / labels.length;
  let correct = 0;
  for (let row = 0; row < labels.length; row++) {
    let best = 0;
    for (let label = 1; label < classes; label++) if (logits[row * classes + label]! > logits[row * classes + best]!) best = label;
    if (best === labels[row]) correct++;
  }
  return correct;
}
