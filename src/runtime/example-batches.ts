/**
 * Examples that are taken again and again: a search judges every candidate by the same rows. Their batches are made once and stay on
 * the engine's heap, as many as there is room for; the others are made anew each time.
 */
import type { Dataset } from "../data/dataset.js";
import { Batcher, type DataPart } from "./batches.js";
import type { Engine, EngineTensor } from "./engine.js";

/** Bytes that a process spends on batches it keeps: 20,000 images of 28x28, or 5,000 of 32x32 in colour. */
export const ROOM_FOR_BATCHES = 64 * 2 ** 20;

export interface ExampleBatchesOptions {
  readonly engine: Engine;
  readonly data: Dataset;
  readonly part: DataPart;
  readonly rows: Uint32Array;
  /** Examples per batch. */
  readonly batch: number;
  /** Bytes of images to keep; 0 keeps nothing. */
  readonly room: number;
}

/** A batch of images and where it stands: examples `from` to `from + count` of the rows. */
export interface ExampleBatch { readonly images: EngineTensor; readonly from: number; readonly count: number }

export class ExampleBatches {
  private readonly batcher: Batcher;
  /** By number of the batch; what is not held is undefined. */
  private readonly held: EngineTensor[] = [];
  private readonly holdable: number;

  constructor(private readonly options: ExampleBatchesOptions) {
    const { engine, data, batch, room } = options;
    this.batcher = new Batcher(engine, data);
    this.holdable = Math.floor(room / (Float32Array.BYTES_PER_ELEMENT * batch * data.height * data.width * data.channels));
  }

  get rows(): Uint32Array {
    return this.options.rows;
  }

  /** Bytes of images that are kept after the first round. */
  get heldBytes(): number {
    const { rows, batch, data } = this.options;
    return Float32Array.BYTES_PER_ELEMENT * data.height * data.width * data.channels * Math.min(rows.length, this.holdable * batch);
  }

  /** All batches in order. Each runs in a scope of its own; the images are not the receiver's to free. Not to be called inside a scope. */
  forEach(work: (batch: ExampleBatch) => void): void {
    const { engine, rows, batch } = this.options;
    for (let number = 0, from = 0; from < rows.length; number++, from += batch) {
      const kept = number < this.holdable ? (this.held[number] ??= this.images(from)) : undefined;
      engine.scope(() => work({ images: kept ?? this.images(from), from, count: Math.min(batch, rows.length - from) }));
    }
  }

  private images(from: number): EngineTensor {
    const { engine, part, rows, batch } = this.options;
    return engine.scope(() => this.batcher.batch(part, rows.subarray(from, from + batch)).images);
  }

  dispose(): void {
    this.options.engine.dispose(...this.held);
    this.held.length = 0;
  }
}
