/**
 * Turns one architecture of a finished search into a network of its own: trained further from its inherited weights or from scratch,
 * then judged on the test part. The only place besides the report that test data reaches.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Dataset } from "../data/dataset.js";
import { loadDataset } from "../data/load.js";
import { success, type Diagnostic, type Result } from "../diagnostics/model.js";
import { createCostModel, type NetCost } from "../hw/cost-model.js";
import { bind } from "../ir/bind.js";
import { describeArchitecture } from "../ir/describe.js";
import { hashArchitecture } from "../ir/hash.js";
import type { SearchPlan, TrainPlan } from "../ir/plan.js";
import type { Architecture } from "../ir/space.js";
import { printNet } from "../ir/text/print-net.js";
import type { CurvePoint } from "../runtime/checkpoint.js";
import { createEngine } from "../runtime/create-engine.js";
import type { Engine, EngineName } from "../runtime/engine.js";
import { extractWeights, saveWeights, storeFromWeights } from "../runtime/extract.js";
import { judge, recalibrate, type Verdict } from "../runtime/judge.js";
import { train, type TrainProgress } from "../runtime/train.js";
import { createNetStore, type WeightStore } from "../runtime/weight-store.js";
import type { Net } from "../ir/net.js";
import { nascVersion } from "./version.js";
import type { Versions } from "./pareto.js";
import { writeText } from "./result-files.js";
import { loadSupernet, SUPERNET_FILE } from "./supernet-file.js";

export type StartingPoint = "inherited" | "scratch";

export interface DeriveOptions {
  /** The folder of the search; results go to `derived/` in it. */
  readonly folder: string;
  readonly plan: SearchPlan;
  readonly seed: number;
  readonly architecture: Architecture;
  readonly from: StartingPoint;
  /** Instead of the plan's own number. */
  readonly epochs?: number;
  readonly dataOverride?: string;
  readonly engine?: EngineName;
  /** `--deterministic`: the kernels that give the same bits on every machine. */
  readonly deterministic?: boolean;
  readonly onProgress?: (progress: TrainProgress) => void;
  readonly shouldStop?: () => boolean;
}

/** The content of derived/HASH-from.json. */
export interface DerivedDocument {
  readonly schema: "nasc/1";
  readonly kind: "derived";
  readonly hash: string;
  readonly space: string;
  readonly from: StartingPoint;
  readonly labels: Readonly<Record<string, string>>;
  readonly architecture: Architecture;
  readonly net: string;
  /** On the test part, which nothing before has seen. */
  readonly test: Verdict;
  readonly validation: Verdict;
  readonly costs: NetCost["totals"];
  readonly epochs: number;
  readonly curve: readonly CurvePoint[];
  /** Beside this file. */
  readonly weights: string;
  readonly seed: number;
  readonly versions: Versions;
}

export type DeriveOutcome =
  | { readonly state: "finished"; readonly document: DerivedDocument; readonly file: string; readonly cost: NetCost }
  | { readonly state: "stopped"; readonly step: number; readonly totalSteps: number };

export const DERIVED_FOLDER = "derived";

/** Name of a derived network's files, without extension. */
export function derivedName(hash: string, from: StartingPoint): string {
  return `${hash}-${from}`;
}

/** Part of a checkpoint's name, so that training once more in another way starts anew and the same way goes on. */
function planName(plan: TrainPlan): string {
  const { epochs, batch, optimizer, labelSmoothing, augment } = plan;
  return createHash("sha256").update(JSON.stringify([epochs, batch, optimizer, labelSmoothing, augment])).digest("hex").slice(0, 8);
}

/** The network's part of the supernet, with its batch norm recalibrated. */
function inheritedStore(options: DeriveOptions, engine: Engine, net: Net, data: Dataset): Result<WeightStore> {
  const { folder, plan, seed } = options;
  const supernet = loadSupernet(join(folder, SUPERNET_FILE), engine, plan.space);
  if (!supernet.ok) return supernet;
  const { recalibration, batch } = plan.supernet;
  const statistics = recalibrate({ engine, store: supernet.value, net, data, recalibration, batch, seed });
  const weights = extractWeights(engine, supernet.value, net, statistics);
  supernet.value.dispose();
  return storeFromWeights(engine, net, weights, join(folder, SUPERNET_FILE));
}

/** Trains and judges. A run that was stopped or killed goes on from its checkpoint. */
export async function derive(options: DeriveOptions): Promise<Result<DeriveOutcome>> {
  const { plan, seed, architecture, from } = options;
  const data = await loadDataset(plan.data, { seed, ...(options.dataOverride === undefined ? {} : { override: options.dataOverride }) });
  if (!data.ok) return data;
  const engine = await createEngine(options.engine, options.deterministic === undefined ? {} : { deterministic: options.deterministic });
  if (!engine.ok) return engine;
  const net = bind(plan.space, architecture);
  const store = from === "inherited" ? inheritedStore(options, engine.value, net, data.value) : success(createNetStore(engine.value, net, seed, plan.space.sharing));
  if (!store.ok) return store;
  const warnings = [...data.warnings, ...engine.warnings];
  try {
    return await trainAndJudge(options, net, data.value, engine.value, store.value, warnings);
  } finally {
    store.value.dispose();
  }
}

async function trainAndJudge(options: DeriveOptions, net: Net, data: Dataset, engine: Engine, store: WeightStore, warnings: Diagnostic[]): Promise<Result<DeriveOutcome>> {
  const { folder, plan, seed, architecture, from, onProgress, shouldStop } = options;
  const hash = hashArchitecture(plan.space, architecture);
  const name = derivedName(hash, from);
  const place = join(folder, DERIVED_FOLDER);
  const trainPlan: TrainPlan = { ...plan.derive, ...(options.epochs === undefined ? {} : { epochs: options.epochs }) };
  const trained = await train({
    engine, store, data, seed, plan: trainPlan, netAt: () => net, checkpoint: join(place, `${name}-${planName(trainPlan)}.checkpoint`), identity: `${hash}/${from}`,
    ...(onProgress === undefined ? {} : { onProgress }), ...(shouldStop === undefined ? {} : { shouldStop }),
  });
  if (!trained.ok) return trained;
  warnings.push(...trained.warnings);
  const { stopped, step, totalSteps, curve } = trained.value;
  if (stopped) return success({ state: "stopped", step, totalSteps }, warnings);
  const judged = { engine, store, net, data, recalibration: 0, batch: Math.max(trainPlan.batch, 256), seed };
  const validation = judge({ ...judged, split: "validation" });
  const test = judge({ ...judged, split: "test" });
  const weights = `${name}.weights`;
  const saved = saveWeights(join(place, weights), net, extractWeights(engine, store, net), { hash, from, test: test.accuracy });
  if (!saved.ok) return saved;
  const cost = createCostModel(plan.accelerator).forArchitecture(plan.space, architecture).netCost(net);
  const document: DerivedDocument = {
    schema: "nasc/1", kind: "derived", hash, space: plan.space.name, from, labels: describeArchitecture(plan.space, architecture), architecture, net: printNet(net),
    test, validation, costs: cost.totals, epochs: trainPlan.epochs, curve, weights, seed,
    versions: { nasc: nascVersion(), node: process.version, engine: engine.report.description },
  };
  const file = join(place, `${name}.json`);
  const written = writeText(file, `${JSON.stringify(document, null, 2)}\n`);
  return written.ok ? success({ state: "finished", document, file, cost }, warnings) : written;
}
