/** Writes small data sets of every format into a fresh folder, for the tests of this folder. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { DataPlan } from "../../src/ir/plan.js";

export const plan = (source: string, more: Partial<DataPlan> = {}): DataPlan => ({ source, validation: 0.2, ...more });

export function freshFolder(files: Readonly<Record<string, Uint8Array | string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "nasc-data-"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

export const gzip = (bytes: Uint8Array | string): Uint8Array => Uint8Array.from(gzipSync(bytes));

export function idx(magic: number, sizes: readonly number[], values: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * sizes.length + values.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic);
  sizes.forEach((size, axis) => view.setUint32(4 + 4 * axis, size));
  bytes.set(Array.from(values), 4 + 4 * sizes.length);
  return bytes;
}

/** `count` images of 4x4, pixel values from the row; labels row % classes. */
export function idxPair(count: number, classes = 3): { images: Uint8Array; labels: Uint8Array } {
  return {
    images: idx(2051, [count, 4, 4], Array.from({ length: count * 16 }, (_, i) => (Math.floor(i / 16) * 7 + (i % 16)) % 256)),
    labels: idx(2049, [count], Array.from({ length: count }, (_, row) => row % classes)),
  };
}

export function idxFolder(overrides: Readonly<Record<string, Uint8Array | string>> = {}): string {
  const train = idxPair(30);
  const test = idxPair(12);
  return freshFolder({
    "train-images-idx3-ubyte": train.images, "train-labels-idx1-ubyte": train.labels,
    "t10k-images-idx3-ubyte": test.images, "t10k-labels-idx1-ubyte": test.labels, ...overrides,
  });
}

/** CIFAR records: label row % 10, planes filled with row, row + 1, row + 2. */
export function cifarBatch(count: number): Uint8Array {
  const bytes = new Uint8Array(count * 3073);
  for (let row = 0; row < count; row++) {
    bytes[row * 3073] = row % 10;
    for (let plane = 0; plane < 3; plane++) bytes.fill(row + plane, row * 3073 + 1 + plane * 1024, row * 3073 + 1 + (plane + 1) * 1024);
  }
  return bytes;
}
