/**
 * Tells what data set lies at a path: looks at names and first bytes of the files in a folder (or of one file) and reads the parts
 * it recognises. The formats themselves are in idx.ts, cifar.ts and csv.ts.
 */
import { basename, dirname, join } from "node:path";
import { failure, success, type Result } from "../diagnostics/model.js";
import { suggest } from "../diagnostics/suggest.js";
import { readCifar } from "./cifar.js";
import { imagesOfTable, pixelScale, readCsvTable } from "./csv.js";
import { looksLikeIdx, readIdxPair } from "./idx.js";
import { joinParts, type LabelledImages } from "./labelled-images.js";
import { dataProblem } from "./problems.js";
import { kindOf, listFolder, readDataFile, type DataFile } from "./read-file.js";

export type DataFormat = "idx" | "cifar" | "csv";

export interface Parts { readonly format: DataFormat; readonly train: LabelledImages; readonly test: LabelledImages | undefined }

const IDX_NAME = /^(.*?)(images|labels)([-.]idx\d)?([-._]?u?byte)?(\.gz)?$/i;

/** `train.csv.gz` -> ".csv". */
function extension(name: string): string {
  return /(\.[a-z0-9]+)?(\.gz)?$/i.exec(name)?.[1]?.toLowerCase() ?? "";
}

const isTestName = (name: string): boolean => /(^|[-_.])(test|t10k|eval)([-_.]|$)/i.test(name);

/** The formats that the names in a folder speak of, most specific first. */
function formatsByName(names: readonly string[]): DataFormat[] {
  const formats: DataFormat[] = [];
  if (names.some((name) => IDX_NAME.test(name))) formats.push("idx");
  if (names.some((name) => extension(name) === ".bin")) formats.push("cifar");
  if (names.some((name) => [".csv", ".tsv"].includes(extension(name)) && !/index/i.test(name))) formats.push("csv");
  return formats;
}

async function readAll(folder: string, names: readonly string[]): Promise<Result<readonly DataFile[]>> {
  const files: DataFile[] = [];
  for (const name of names) {
    const file = await readDataFile(join(folder, name));
    if (!file.ok) return file;
    files.push(file.value);
  }
  return success(files);
}

async function readIdxFolder(folder: string, names: readonly string[]): Promise<Result<Parts>> {
  const pairs = new Map<string, { images?: string; labels?: string }>();
  for (const name of names) {
    const match = IDX_NAME.exec(name);
    if (match === null) continue;
    const pair = pairs.get(match[1]!) ?? {};
    pair[match[2]!.toLowerCase() === "images" ? "images" : "labels"] ??= name;
    pairs.set(match[1]!, pair);
  }
  const prefixes = [...pairs.keys()];
  const testPrefix = prefixes.find(isTestName);
  const trainPrefix = prefixes.find((prefix) => /train/i.test(prefix)) ?? prefixes.find((prefix) => prefix !== testPrefix);
  const readPair = async (prefix: string): Promise<Result<LabelledImages>> => {
    const pair = pairs.get(prefix)!;
    if (pair.images === undefined || pair.labels === undefined) {
      const present = (pair.images ?? pair.labels)!;
      const wanted = pair.images === undefined ? present.replace(/labels/i, "images").replace(/idx1/i, "idx3") : present.replace(/images/i, "labels").replace(/idx3/i, "idx1");
      const near = suggest(wanted, names);
      return failure(dataProblem("NAS6016", join(folder, wanted), "is missing", `it belongs to ${present} in the same folder`, near.length > 0 ? `nearby: ${near.map((name) => `\`${name}\``).join(", ")}` : undefined));
    }
    const files = await readAll(folder, [pair.images, pair.labels]);
    return files.ok ? readIdxPair(files.value[0]!, files.value[1]!) : files;
  };
  if (trainPrefix === undefined) return failure(dataProblem("NAS6016", join(folder, "train-images-idx3-ubyte"), "is missing", "the folder holds a test part and no training part", `found ${names.map((name) => `\`${name}\``).slice(0, 4).join(", ")}`));
  const train = await readPair(trainPrefix);
  if (!train.ok) return train;
  if (testPrefix === undefined) return success({ format: "idx", train: train.value, test: undefined });
  const test = await readPair(testPrefix);
  return test.ok ? success({ format: "idx", train: train.value, test: test.value }) : test;
}

async function readCifarFolder(folder: string, names: readonly string[]): Promise<Result<Parts>> {
  const batches = names.filter((name) => extension(name) === ".bin");
  const trainNames = batches.filter((name) => !isTestName(name));
  const readPart = async (part: readonly string[]): Promise<Result<LabelledImages>> => {
    const parts: LabelledImages[] = [];
    for (const name of part) {
      const file = await readDataFile(join(folder, name));
      if (!file.ok) return file;
      const batch = readCifar(file.value);
      if (!batch.ok) return batch;
      parts.push(batch.value);
    }
    return joinParts(parts);
  };
  if (trainNames.length === 0) return failure(dataProblem("NAS6016", join(folder, "data_batch_1.bin"), "is missing", "the folder holds a test batch and no training batch"));
  const train = await readPart(trainNames);
  if (!train.ok) return train;
  const testNames = batches.filter(isTestName);
  const test = testNames.length > 0 ? await readPart(testNames) : undefined;
  if (test !== undefined && !test.ok) return test;
  return success({ format: "cifar", train: train.value, test: test?.value });
}

async function readCsvFolder(folder: string, names: readonly string[]): Promise<Result<Parts>> {
  const tables = names.filter((name) => [".csv", ".tsv"].includes(extension(name)) && !/index/i.test(name));
  const trainNames = tables.filter((name) => !isTestName(name));
  const trainName = trainNames.find((name) => /train/i.test(name)) ?? trainNames[0];
  if (trainName === undefined) return failure(dataProblem("NAS6016", join(folder, "train.csv"), "is missing", "the folder holds a test table and no training table"));
  const testName = tables.find(isTestName);
  const files = await readAll(folder, testName === undefined ? [trainName] : [trainName, testName]);
  if (!files.ok) return files;
  return csvParts(files.value[0]!, files.value[1]);
}

function csvParts(trainFile: DataFile, testFile: DataFile | undefined): Result<Parts> {
  const train = readCsvTable(trainFile);
  if (!train.ok) return train;
  const scale = pixelScale(train.value.largestPixel);
  if (testFile === undefined) return success({ format: "csv", train: imagesOfTable(train.value, scale), test: undefined });
  const test = readCsvTable(testFile, train.value);
  return test.ok ? success({ format: "csv", train: imagesOfTable(train.value, scale), test: imagesOfTable(test.value, scale) }) : test;
}

async function readSingleFile(path: string, wanted: DataFormat | undefined): Promise<Result<Parts>> {
  const name = basename(path);
  // One IDX file is half a pair: its folder holds the rest.
  if (wanted === "idx" || (wanted === undefined && IDX_NAME.test(name))) return readFolder(dirname(path), "idx");
  const file = await readDataFile(path);
  if (!file.ok) return file;
  if (wanted === undefined && looksLikeIdx(file.value.bytes)) return readFolder(dirname(path), "idx");
  const format = wanted ?? (extension(name) === ".bin" ? "cifar" : [".csv", ".tsv", ".txt"].includes(extension(name)) ? "csv" : undefined);
  if (format === "cifar") {
    const train = readCifar(file.value);
    return train.ok ? success({ format, train: train.value, test: undefined }) : train;
  }
  if (format === "csv") return csvParts(file.value, undefined);
  return failure(dataProblem("NAS6003", path, "is in no known format", `its first bytes are ${[...file.value.bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ")}`, "known are IDX, CIFAR-10 binary and CSV, each also with gzip"));
}

async function readFolder(folder: string, wanted: DataFormat | undefined): Promise<Result<Parts>> {
  const names = await listFolder(folder);
  if (!names.ok) return names;
  if (names.value.length === 0) return failure(dataProblem("NAS6008", folder, "is an empty folder", "there is no file in it"));
  const format = wanted !== undefined && formatsByName(names.value).includes(wanted) ? wanted : wanted === undefined ? formatsByName(names.value)[0] : undefined;
  switch (format) {
    case "idx": return readIdxFolder(folder, names.value);
    case "cifar": return readCifarFolder(folder, names.value);
    case "csv": return readCsvFolder(folder, names.value);
    case undefined: return failure(dataProblem("NAS6003", folder, `holds no ${wanted ?? "known"} data`, `it has ${names.value.length} entries: ${names.value.slice(0, 5).join(", ")}${names.value.length > 5 ? ", ..." : ""}`, "known are IDX pairs (train-images-idx3-ubyte), CIFAR-10 batches (*.bin) and CSV files, each also with gzip"));
  }
}

/** Reads the data set at `path`, a file or a folder; `wanted` narrows the format where the program names one. */
export async function readParts(path: string, wanted: DataFormat | undefined): Promise<Result<Parts>> {
  const kind = await kindOf(path);
  if (!kind.ok) return kind;
  return kind.value === "folder" ? readFolder(path, wanted) : readSingleFile(path, wanted);
}
