/**
 * Checkpoints of a training run: step counter, learning curve, every tensor and its optimizer state, under the identity of the run.
 * The last two are kept; a damaged one is skipped with a warning, one of another run is refused and never overwritten.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { datasetFingerprint } from "../data/load.js";
import type { Dataset } from "../data/dataset.js";
import { dataProblem } from "../data/problems.js";
import { failure, success, type Diagnostic, type Result } from "../diagnostics/model.js";
import type { TrainPlan } from "../ir/plan.js";
import type { Engine } from "./engine.js";
import { encodeTensorFile, readTensorFile, writeAtomically, type NamedValues, type TensorFile } from "./tensor-file.js";
import type { WeightStore } from "./weight-store.js";

/** A stretch of training steps: means over the steps up to and including `step`. */
export interface CurvePoint { readonly step: number; readonly epoch: number; readonly loss: number; readonly accuracy: number; readonly rate: number }

/** Everything beside the tensors that a run needs to go on. */
export interface TrainState {
  /** Steps done. */
  readonly step: number;
  readonly curve: readonly CurvePoint[];
  /** Sums over the stretch that is not yet a point of the curve. */
  readonly window: { readonly steps: number; readonly loss: number; readonly accuracy: number };
}

interface Header { readonly kind: "checkpoint"; readonly identity: string; readonly engine: string; readonly state: TrainState; readonly updates: Readonly<Record<string, number>> }

/** What a checkpoint must agree on to be continued: stored tensors, plan, seed, data and what the caller adds (the space). */
export function runIdentity(store: WeightStore, plan: TrainPlan, seed: number, data: Dataset, extra: string): string {
  const { epochs, batch, optimizer, labelSmoothing, augment } = plan;
  return createHash("sha256").update(JSON.stringify([store.layout, epochs, batch, optimizer, labelSmoothing, augment, seed, datasetFingerprint(data), extra])).digest("hex").slice(0, 16);
}

/** The bytes of a checkpoint; a pure function of the state of the run. */
export function encodeCheckpoint(engine: Engine, store: WeightStore, identity: string, state: TrainState): Uint8Array {
  const tensors: NamedValues[] = [];
  const updates: Record<string, number> = {};
  for (const { key, shape, tensor, state: slots, updates: count } of store.weights.values()) {
    tensors.push({ name: key, shape, values: engine.download(tensor) });
    slots.forEach((slot, index) => tensors.push({ name: `${key} state ${index}`, shape, values: engine.download(slot) }));
    updates[key] = count;
  }
  const header: Header = { kind: "checkpoint", identity, engine: engine.report.arithmetic, state, updates };
  return encodeTensorFile(header, tensors);
}

export function saveCheckpoint(path: string, engine: Engine, store: WeightStore, identity: string, state: TrainState): Result<true> {
  try {
    writeAtomically(path, encodeCheckpoint(engine, store, identity, state), true);
    return success(true);
  } catch (error) {
    return failure(dataProblem("NAS6023", path, "cannot be written", error instanceof Error ? error.message : String(error), "check that the folder is writable and has room"));
  }
}

function isHeader(header: unknown): header is Header {
  return typeof header === "object" && header !== null && "kind" in header && header.kind === "checkpoint";
}

/** Puts the tensors of a checkpoint into the store (whose state tensors are prepared). */
function restore(engine: Engine, store: WeightStore, file: TensorFile, updates: Header["updates"]): void {
  const replace = (name: string): ReturnType<Engine["upload"]> => {
    const { values, shape } = file.tensors.get(name)!;
    return engine.upload(values, shape);
  };
  for (const weight of store.weights.values()) {
    engine.dispose(weight.tensor, ...weight.state);
    weight.tensor = replace(weight.key);
    weight.state = weight.state.map((_, index) => replace(`${weight.key} state ${index}`));
    weight.updates = updates[weight.key]!;
  }
}

/** The state of the newest readable checkpoint at `path`, its tensors put into the store; undefined where there is none. */
export function loadCheckpoint(path: string, engine: Engine, store: WeightStore, identity: string): Result<TrainState | undefined> {
  const warnings: Diagnostic[] = [];
  const candidates = [path, `${path}.previous`].filter(existsSync);
  if (candidates.length === 0) return success(undefined);
  const problems: string[] = [];
  for (const candidate of candidates) {
    const file = readTensorFile(candidate);
    if ("problem" in file) { problems.push(`${candidate}: ${file.problem}`); continue; }
    if (!isHeader(file.header)) { problems.push(`${candidate}: it is not a checkpoint`); continue; }
    const { header } = file;
    if (header.identity !== identity) {
      return failure(dataProblem("NAS6022", candidate, "belongs to another training run", `its run is ${header.identity}, this one is ${identity}: space, plan, seed or data differ`, "choose another output folder, or delete the checkpoint to train from the start"));
    }
    if (problems.length > 0) warnings.push({ ...dataProblem("NAS6027", path, "is damaged", `${problems.join("; ")}; training goes on from ${candidate} (step ${header.state.step})`), severity: "warning" });
    if (header.engine !== engine.report.arithmetic) warnings.push({ ...dataProblem("NAS6026", candidate, "was made on another engine", `made on ${header.engine}, now on ${engine.report.arithmetic}`), severity: "warning" });
    restore(engine, store, file, header.updates);
    return success(header.state, warnings);
  }
  return failure(dataProblem("NAS6021", path, "cannot be read", problems.join("; "), "delete it to train from the start"));
}
