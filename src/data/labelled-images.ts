/**
 * One part (train or test) of a data set as a reader delivers it, and the checks that hold for every format: labels are
 * 0..classes-1, parts agree in image size.
 */
import { failure, success, type Result } from "../diagnostics/model.js";
import { dataProblem, grouped } from "./problems.js";

export interface LabelledImages {
  /** Where it came from, for messages. */
  readonly path: string;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly count: number;
  /** count * height * width * channels, row by row, channels last, 0..255. */
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

/**
 * The number of classes: one more than the largest label of the training part. Every smaller label must occur there, so that one
 * wild byte is an error (NAS6007) and not 200 classes; a test label outside is an error too.
 */
export function countClasses(train: LabelledImages, test: LabelledImages | undefined): Result<number> {
  const seen = new Uint32Array(256);
  for (const label of train.labels) seen[label]!++;
  let classes = 0;
  while (classes < 256 && seen[classes]! > 0) classes++;
  const strayTrain = train.labels.findIndex((label) => label >= classes);
  if (strayTrain >= 0) {
    const label = train.labels[strayTrain]!;
    return failure(dataProblem("NAS6007", train.path, "has a label out of range",
      classes === 0 ? `record ${grouped(strayTrain)} has label ${label}, but no record has label 0` : `record ${grouped(strayTrain)} has label ${label}; expected 0..${classes - 1}, since no record has label ${classes}`,
      seen[0] === 0 ? "labels start at 0; lower them by one" : "check that the file holds the labels of these images"));
  }
  if (classes < 2) return failure(dataProblem("NAS6007", train.path, "has a single class", "expected at least 2 different labels, every one is 0"));
  const strayTest = test === undefined ? -1 : test.labels.findIndex((label) => label >= classes);
  if (test !== undefined && strayTest >= 0) {
    return failure(dataProblem("NAS6007", test.path, "has a label out of range", `record ${grouped(strayTest)} has label ${test.labels[strayTest]!}; the training part has 0..${classes - 1}`));
  }
  return success(classes);
}

/** Both parts hold images of one size (NAS6009). */
export function sameSize(train: LabelledImages, other: LabelledImages): Result<true> {
  if (train.height === other.height && train.width === other.width && train.channels === other.channels) return success(true);
  const size = (part: LabelledImages): string => `${part.height}x${part.width}x${part.channels}`;
  return failure(dataProblem("NAS6009", other.path, "has images of another size", `expected ${size(train)} as in ${train.path}, found ${size(other)}`));
}

/** The rows at `indices`, copied. */
export function pick(part: LabelledImages, indices: ArrayLike<number>): LabelledImages {
  const size = part.height * part.width * part.channels;
  const images = new Uint8Array(indices.length * size);
  const labels = new Uint8Array(indices.length);
  for (let row = 0; row < indices.length; row++) {
    const from = indices[row]!;
    images.set(part.images.subarray(from * size, (from + 1) * size), row * size);
    labels[row] = part.labels[from]!;
  }
  return { ...part, count: indices.length, images, labels };
}

/** Several files of one part, one after the other. */
export function joinParts(parts: readonly LabelledImages[]): Result<LabelledImages> {
  const first = parts[0]!;
  for (const part of parts) {
    const same = sameSize(first, part);
    if (!same.ok) return same;
  }
  if (parts.length === 1) return success(first);
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const images = new Uint8Array(count * first.height * first.width * first.channels);
  const labels = new Uint8Array(count);
  let row = 0;
  for (const part of parts) {
    images.set(part.images, row * first.height * first.width * first.channels);
    labels.set(part.labels, row);
    row += part.count;
  }
  return success({ ...first, count, images, labels });
}
