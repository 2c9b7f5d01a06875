/**
 * From a `data` declaration to a data set in memory: the built-in glyphs or files on disk, held-out parts, statistics. Never throws:
 * everything that can be wrong with files is a diagnostic (NAS60xx).
 */
import { createHash } from "node:crypto";
import { diagnostic, failure, success, type Diagnostic, type Result } from "../diagnostics/model.js";
import type { DataPlan } from "../ir/plan.js";
import type { Dataset, Examples } from "./dataset.js";
import { readParts, type DataFormat } from "./find-files.js";
import { drawGlyphs, GLYPH_CLASSES } from "./glyphs.js";
import { countClasses, pick, sameSize, type LabelledImages } from "./labelled-images.js";
import { dataProblem, grouped } from "./problems.js";
import { channelStatistics, holdOut } from "./split.js";

export interface LoadOptions {
  /** A path from the command line, taken instead of the declared one. */
  readonly override?: string;
  readonly seed: number;
}

/** Share of the training examples set aside where the files have no test part. */
const TEST_SHARE = 1 / 6;
const GLYPHS_TRAIN = 6000;
const GLYPHS_TEST = 1000;

const examples = (part: LabelledImages): Examples => ({ count: part.count, images: part.images, labels: part.labels });

/** How many examples `validation` means: a fraction below 1 (rounded) or a number. */
function validationCount(validation: number, available: number): number {
  return validation < 1 ? Math.round(validation * available) : Math.round(validation);
}

function assemble(name: string, train: LabelledImages, test: LabelledImages, classes: number, plan: DataPlan, seed: number, warnings: readonly Diagnostic[]): Result<Dataset> {
  const wanted = validationCount(plan.validation, train.count);
  if (wanted >= train.count) {
    return failure(dataProblem("NAS6013", train.path, "is too small for `validation`", `${grouped(wanted)} examples are to be held out of ${grouped(train.count)} training examples`, "lower `validation` or raise `limit`"));
  }
  if (wanted < 1) return failure(dataProblem("NAS6008", train.path, "leaves an empty validation part", `\`validation ${plan.validation}\` of ${grouped(train.count)} training examples is none`, "raise `validation`"));
  const { kept, held } = holdOut(train, classes, wanted, seed, "validation");
  const { mean, deviation } = channelStatistics(kept);
  return success({ name, height: train.height, width: train.width, channels: train.channels, classes, train: examples(kept), validation: examples(held), test: examples(test), mean, deviation }, warnings);
}

const firstRows = (part: LabelledImages, count: number): LabelledImages => (count >= part.count ? part : pick(part, Array.from({ length: count }, (_, row) => row)));

function loadGlyphs(plan: DataPlan, seed: number): Result<Dataset> {
  const trainCount = plan.limit ?? GLYPHS_TRAIN;
  const testCount = plan.limit === undefined ? GLYPHS_TEST : Math.max(GLYPH_CLASSES, Math.round(plan.limit / 6));
  if (trainCount < 2 * GLYPH_CLASSES) return failure(dataProblem("NAS6008", "glyphs", "are too few", `limit ${trainCount} gives some class no example; expected at least ${2 * GLYPH_CLASSES}`, "raise `limit`"));
  return assemble("glyphs", drawGlyphs(trainCount, seed, "train"), drawGlyphs(testCount, seed, "test"), GLYPH_CLASSES, plan, seed, []);
}

async function loadFiles(path: string, name: string, wanted: DataFormat | undefined, plan: DataPlan, seed: number): Promise<Result<Dataset>> {
  const parts = await readParts(path, wanted);
  if (!parts.ok) return parts;
  const { train: all, test: given } = parts.value;
  const classes = countClasses(all, given);
  if (!classes.ok) return classes;
  if (given !== undefined) {
    const same = sameSize(all, given);
    if (!same.ok) return same;
  }
  const warnings: Diagnostic[] = [];
  let train = all;
  let test = given;
  if (test === undefined) {
    const count = Math.max(1, Math.round(all.count * TEST_SHARE));
    const parted = holdOut(all, classes.value, count, seed, "test");
    train = parted.kept;
    test = parted.held;
    warnings.push({ ...dataProblem("NAS6014", path, "has no test part", `${grouped(test.count)} of ${grouped(all.count)} training examples are set aside for it`), severity: "warning" });
  }
  if (plan.limit !== undefined && plan.limit < train.count) {
    test = firstRows(test, Math.max(1, Math.round((test.count * plan.limit) / train.count)));
    train = firstRows(train, plan.limit);
  }
  return assemble(name, train, test, classes.value, plan, seed, warnings);
}

/** Loads what a `data` declaration asks for. `override` (a path) wins over the declared place. */
export async function loadDataset(plan: DataPlan, options: LoadOptions): Promise<Result<Dataset>> {
  const path = options.override ?? plan.path;
  if (path === undefined && plan.source === "glyphs") return loadGlyphs(plan, options.seed);
  if (path === undefined) {
    return failure(diagnostic("NAS6012", {
      title: `\`${plan.source}\` needs a path`,
      why: `only \`glyphs\` is built in; \`${plan.source}\` says what the data is, not where it lies`,
      help: "give `--data PATH` (a folder or a file), or `path` in the `data` declaration",
    }));
  }
  const wanted = options.override === undefined && (plan.source === "idx" || plan.source === "cifar" || plan.source === "csv") ? plan.source : undefined;
  return loadFiles(path, plan.source, wanted, plan, options.seed);
}

/** A short hash of everything a result can depend on: sizes, splits and all bytes of the training and validation parts. */
export function datasetFingerprint(data: Dataset): string {
  const hash = createHash("sha256").update(JSON.stringify([data.height, data.width, data.channels, data.classes, data.mean, data.deviation]));
  for (const part of [data.train, data.validation]) hash.update(part.images).update(part.labels);
  return hash.digest("hex").slice(0, 16);
}
