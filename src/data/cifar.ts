/**
 * CIFAR-10 binary batches: records of one label byte and 3,072 bytes, the red, green and blue planes of a 32x32 image one after the
 * other. The planes are interleaved here (channels last).
 */
import { failure, success, type Result } from "../diagnostics/model.js";
import type { LabelledImages } from "./labelled-images.js";
import { dataProblem, grouped } from "./problems.js";
import type { DataFile } from "./read-file.js";

const PLANE = 32 * 32;
const RECORD = 1 + 3 * PLANE;
const CLASSES = 10;

/** One batch file. */
export function readCifar(file: DataFile): Result<LabelledImages> {
  const { bytes, path } = file;
  const count = Math.floor(bytes.length / RECORD);
  if (bytes.length === 0) return failure(dataProblem("NAS6008", path, "is empty", "the file has 0 bytes"));
  if (count * RECORD !== bytes.length) {
    return failure(dataProblem("NAS6005", path, "is not whole CIFAR-10 records", `expected a multiple of ${grouped(RECORD)} bytes, found ${grouped(bytes.length)} (${grouped(count)} records and ${grouped(bytes.length - count * RECORD)} bytes)`, "fetch the file again"));
  }
  const images = new Uint8Array(count * 3 * PLANE);
  const labels = new Uint8Array(count);
  for (let record = 0; record < count; record++) {
    const label = bytes[record * RECORD]!;
    if (label >= CLASSES) return failure(dataProblem("NAS6007", path, "has a label out of range", `record ${grouped(record)} has label ${label}; CIFAR-10 has 0..${CLASSES - 1}`, "check that the file is in the CIFAR-10 binary format"));
    labels[record] = label;
    const from = record * RECORD + 1;
    const to = record * 3 * PLANE;
    for (let pixel = 0; pixel < PLANE; pixel++) {
      images[to + 3 * pixel] = bytes[from + pixel]!;
      images[to + 3 * pixel + 1] = bytes[from + PLANE + pixel]!;
      images[to + 3 * pixel + 2] = bytes[from + 2 * PLANE + pixel]!;
    }
  }
  return success({ path, height: 32, width: 32, channels: 3, count, images, labels });
}
