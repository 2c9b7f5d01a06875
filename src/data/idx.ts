/**
 * IDX files, the format of MNIST and its relatives: a big-endian header (magic, sizes), then unsigned bytes. Images have magic 2051
 * (count, rows, columns) or 2052 with channels last; labels have 2049.
 */
import { failure, success, type Result } from "../diagnostics/model.js";
import type { LabelledImages } from "./labelled-images.js";
import { dataProblem, grouped } from "./problems.js";
import type { DataFile } from "./read-file.js";

const LABELS = 2049;
const IMAGES = 2051;
const COLOUR_IMAGES = 2052;

interface IdxArray { readonly sizes: readonly number[]; readonly values: Uint8Array }

/** True where the bytes start like an IDX file of unsigned bytes. */
export function looksLikeIdx(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0 && bytes[1] === 0 && bytes[2] === 8 && bytes[3]! >= 1 && bytes[3]! <= 4;
}

function readArray(file: DataFile, what: string, magics: readonly number[]): Result<IdxArray> {
  const { bytes, path } = file;
  const expected = magics.join(" or ");
  if (bytes.length < 4) return failure(dataProblem("NAS6005", path, "is cut short", `expected a header of at least 8 bytes, found ${bytes.length}`));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  if (!magics.includes(magic)) {
    const swapped = magic === LABELS ? "; 2049 marks labels" : magic === IMAGES ? "; 2051 marks images" : "";
    return failure(dataProblem("NAS6004", path, `is not an IDX file of ${what}`, `expected the number ${expected} at its start, found ${magic}${swapped}`, "check that images and labels are not swapped"));
  }
  const rank = magic & 0xff;
  const header = 4 + 4 * rank;
  if (bytes.length < header) return failure(dataProblem("NAS6005", path, "is cut short", `expected a header of ${header} bytes, found ${bytes.length}`, "fetch the file again"));
  const sizes = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  if (sizes.some((size) => size === 0)) return failure(dataProblem("NAS6008", path, "is empty", `its header says ${sizes.join(" x ")}`));
  const expectedBytes = header + sizes.reduce((product, size) => product * size, 1);
  if (bytes.length < expectedBytes) return failure(dataProblem("NAS6005", path, "is cut short", `its header says ${sizes.join(" x ")}, which takes ${grouped(expectedBytes)} bytes; found ${grouped(bytes.length)}`, "fetch the file again"));
  if (bytes.length > expectedBytes) return failure(dataProblem("NAS6009", path, "has bytes left over", `its header says ${sizes.join(" x ")}, which takes ${grouped(expectedBytes)} bytes; found ${grouped(bytes.length)}`));
  return success({ sizes, values: bytes.subarray(header) });
}

/** A pair of IDX files as one part. */
export function readIdxPair(imagesFile: DataFile, labelsFile: DataFile): Result<LabelledImages> {
  const images = readArray(imagesFile, "images", [IMAGES, COLOUR_IMAGES]);
  if (!images.ok) return images;
  const labels = readArray(labelsFile, "labels", [LABELS]);
  if (!labels.ok) return labels;
  const [count, height, width, channels = 1] = images.value.sizes as [number, number, number, number?];
  if (count !== labels.value.sizes[0]) {
    return failure(dataProblem("NAS6006", labelsFile.path, "does not match its images", `${grouped(count)} images in ${imagesFile.path}, but ${grouped(labels.value.sizes[0]!)} labels`, "take both files from the same part of the same data set"));
  }
  return success({ path: imagesFile.path, height, width, channels, count, images: images.value.values, labels: labels.value.values });
}
