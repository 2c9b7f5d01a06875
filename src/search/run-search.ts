/**
 * The main job: a checked plan becomes a trained supernet, a study and a Pareto set with weights. Whatever can be refused without
 * training (unknown metrics, unreachable budgets, foreign studies, data that does not fit) is refused first. Starting and resuming are
 * the same code: everything that is already there is taken from the folder.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { diagnostic, failure, success, type Diagnostic, type Result } from "../diagnostics/model.js";
import { loadDataset } from "../data/load.js";
import type { Dataset } from "../data/dataset.js";
import { createCostModel } from "../hw/cost-model.js";
import { spaceCosts, type SpaceCosts } from "../hw/space-costs.js";
import { bind } from "../ir/bind.js";
import { describeArchitecture } from "../ir/describe.js";
import { hashArchitecture } from "../ir/hash.js";
import type { SearchPlan } from "../ir/plan.js";
import { spaceQueries, type SpaceQueries } from "../ir/space-queries.js";
import { randomStream } from "../random/stream.js";
import type { CurvePoint } from "../runtime/checkpoint.js";
import { createEngine } from "../runtime/create-engine.js";
import type { Engine, EngineName } from "../runtime/engine.js";
import { dataProblemFor } from "../runtime/fit.js";
import type { KernelOptions } from "../runtime/kernels/choose-kernels.js";
import { pathSampler } from "../runtime/sampler.js";
import { train, type TrainProgress } from "../runtime/train.js";
import { createSpaceStore, type WeightStore } from "../runtime/weight-store.js";
import { inProcessEvaluator, type Evaluator } from "./evaluator.js";
import { checkAims } from "./feasibility.js";
import { searchIdentity } from "./identity.js";
import { isComplete, paretoDocument, paretoSet, type CompleteTrial, type ParetoDocument, type Versions } from "./pareto.js";
import { processPool } from "./process-pool.js";
import { writeResultFiles } from "./result-files.js";
import { searchLoop, type GenerationAgreement, type LoopEvent } from "./search-loop.js";
import { explorerFor } from "./strategies.js";
import { openStudy, readStudy, type Study, type StudyIdentity, type StudyTrial } from "./study.js";
import { subnetJudge } from "./subnet-judge.js";
import { saveSupernet, SUPERNET_FILE } from "./supernet-file.js";
import { nascVersion } from "./version.js";

export type SearchEvent =
  | { readonly kind: "started"; readonly folder: string; readonly engine: string; readonly engineReasons: readonly string[]; readonly workers: number; readonly recordedTrials: number }
  | { readonly kind: "supernet"; readonly progress: TrainProgress }
  | { readonly kind: "supernet trained"; readonly steps: number; readonly curve: readonly CurvePoint[] }
  /** After each trial: how many, how fast, how much longer, and the best so far by the first objective. */
  | { readonly kind: "progress"; readonly done: number; readonly total: number; readonly trialsPerSecond: number; readonly secondsLeft: number; readonly best: CompleteTrial | undefined }
  | LoopEvent;

export interface RunSearchOptions {
  readonly plan: SearchPlan;
  /** From `--data`: a path taken instead of the declared one. */
  readonly dataOverride?: string;
  readonly outDir: string;
  /** Worker processes; 0 evaluates in this process. The study does not depend on it. */
  readonly workers: number;
  /** The plan's by default. */
  readonly seed?: number;
  /** True continues the study in `outDir` (or begins it); false refuses one that holds trials. */
  readonly resume?: boolean;
  readonly engine?: EngineName;
  /** `--deterministic`: the kernels that give the same bits on every machine. */
  readonly deterministic?: boolean;
  /** Threads of the kernels; as many as there are cores by default. Results do not depend on it. */
  readonly threads?: number;
  /** `supernet` stops when the supernet is trained: state `stopped`, phase `search`. */
  readonly until?: "supernet";
  /** Another worker program (tests). */
  readonly workerEntry?: string;
  readonly onEvent?: (event: SearchEvent) => void;
  readonly shouldStop?: () => boolean;
}

export interface SearchOutcome {
  readonly folder: string;
  /** `stopped`: the caller asked to; run again with `resume` to go on. */
  readonly state: "finished" | "stopped";
  readonly phase: "supernet" | "search" | "done";
  readonly identity: StudyIdentity;
  readonly versions: Versions;
  readonly trials: readonly StudyTrial[];
  readonly pareto: readonly CompleteTrial[];
  readonly best: CompleteTrial | undefined;
  /** Present when finished; also in pareto.json. */
  readonly document: ParetoDocument | undefined;
  readonly agreements: readonly GenerationAgreement[];
  readonly curve: readonly CurvePoint[];
  readonly costs: SpaceCosts;
}

const CHECKPOINT_FILE = "supernet.checkpoint";

/** What every phase needs. */
interface Run {
  readonly options: RunSearchOptions;
  readonly plan: SearchPlan;
  readonly seed: number;
  readonly queries: SpaceQueries;
  readonly costs: SpaceCosts;
  readonly data: Dataset;
  readonly identity: StudyIdentity;
  readonly versions: Versions;
  readonly study: Study;
  readonly engine: Engine;
  readonly store: WeightStore;
  readonly warnings: Diagnostic[];
}

/** The fact of a study that says how its results were rounded. */
const ARITHMETIC = "arithmetic";

/** How the study in a folder was rounded so far. What is wrong with it is said when it is opened. */
function recordedArithmetic(folder: string): string | undefined {
  const study = readStudy(folder);
  if (!study.ok) return undefined;
  const arithmetic = study.value.facts().get(ARITHMETIC);
  study.value.close();
  return arithmetic;
}

function kernelsFor({ deterministic, threads }: RunSearchOptions, arithmetic: string | undefined): KernelOptions {
  return { ...(deterministic === undefined ? {} : { deterministic }), ...(threads === undefined ? {} : { threads }), ...(arithmetic === undefined ? {} : { arithmetic }) };
}

function otherArithmetic(recorded: string | undefined, now: string): readonly Diagnostic[] {
  if (recorded === undefined || recorded === now) return [];
  return [{ ...diagnostic("NAS7010", { title: "the study goes on with other kernels", why: `begun with ${recorded}, now ${now}: last digits can differ from an uninterrupted run`, help: `go on where ${recorded} can be had, or begin anew with \`--deterministic\`, which gives the same bits everywhere` }), severity: "warning" }];
}

/** Runs a search to its end, or until `shouldStop`. Every failure leaves the study as it was. */
export async function runSearch(options: RunSearchOptions): Promise<Result<SearchOutcome>> {
  const { plan } = options;
  const seed = options.seed ?? plan.seed;
  const queries = spaceQueries(plan.space);
  const costs = spaceCosts(plan.space, createCostModel(plan.accelerator), queries);
  const aims = checkAims(plan, costs, queries, seed);
  if (!aims.ok) return aims;
  const data = await loadDataset(plan.data, { seed, ...(options.dataOverride === undefined ? {} : { override: options.dataOverride }) });
  if (!data.ok) return data;
  const misfit = dataProblemFor(bind(plan.space, queries.samplePath(randomStream(seed, "data check"))), data.value);
  if (misfit !== undefined) return failure(misfit);
  const recorded = options.resume === true ? recordedArithmetic(options.outDir) : undefined;
  const engine = await createEngine(options.engine, kernelsFor(options, recorded));
  if (!engine.ok) return engine;
  const { description, arithmetic } = engine.value.report;
  const identity = searchIdentity(plan, data.value, seed);
  const versions: Versions = { nasc: nascVersion(), node: process.version, engine: description };
  const study = openStudy(options.outDir, {
    identity, codeVersion: versions.nasc, mode: options.resume === true ? "resume" : "create",
    facts: { search: plan.name, "space name": plan.space.name, accelerator: plan.accelerator.name, "population": String(plan.explore.population), "generations": String(plan.explore.generations), ...(recorded === undefined ? { [ARITHMETIC]: arithmetic } : {}) },
  });
  if (!study.ok) return study;
  const store = createSpaceStore(engine.value, plan.space, seed);
  const warnings = [...costs.warnings, ...aims.warnings, ...data.warnings, ...engine.warnings, ...otherArithmetic(recorded, arithmetic)];
  try {
    return await runPhases({ options, plan, seed, queries, costs, data: data.value, identity, versions, study: study.value, engine: engine.value, store, warnings });
  } finally {
    store.dispose();
    study.value.close();
  }
}

async function runPhases(run: Run): Promise<Result<SearchOutcome>> {
  const { options, versions, engine } = run;
  options.onEvent?.({ kind: "started", folder: options.outDir, engine: versions.engine, engineReasons: engine.report.reasons, workers: options.workers, recordedTrials: run.study.trials().length });
  const trained = await trainSupernet(run);
  if (!trained.ok) return trained;
  const { curve, stopped } = trained.value;
  if (stopped) return success(outcomeOf(run, "stopped", "supernet", run.study.trials(), [], curve), run.warnings);
  const noted = run.study.note("supernet curve", JSON.stringify(curve));
  if (!noted.ok) return noted;
  if (options.until === "supernet") return success(outcomeOf(run, "stopped", "search", run.study.trials(), [], curve), run.warnings);
  const evaluator = evaluatorFor(run);
  if (!evaluator.ok) return evaluator;
  try {
    return await explore(run, evaluator.value, curve);
  } finally {
    await evaluator.value.close();
  }
}

async function trainSupernet({ options, plan, seed, identity, data, engine, store, warnings }: Run): Promise<Result<{ readonly curve: readonly CurvePoint[]; readonly stopped: boolean }>> {
  const { onEvent, shouldStop, outDir } = options;
  const trained = await train({
    engine, store, data, seed, plan: plan.supernet, netAt: pathSampler(plan.space, seed), checkpoint: join(outDir, CHECKPOINT_FILE), identity: identity.space,
    ...(onEvent === undefined ? {} : { onProgress: (progress: TrainProgress) => onEvent({ kind: "supernet", progress }) }),
    ...(shouldStop === undefined ? {} : { shouldStop }),
  });
  if (!trained.ok) return trained;
  warnings.push(...trained.warnings);
  const { curve, stopped, totalSteps } = trained.value;
  if (stopped) return success({ curve, stopped });
  const saved = saveSupernet(join(outDir, SUPERNET_FILE), engine, store);
  if (!saved.ok) return saved;
  onEvent?.({ kind: "supernet trained", steps: totalSteps, curve });
  return success({ curve, stopped: false });
}

function evaluatorFor({ options, plan, seed, data, engine, store }: Run): Result<Evaluator> {
  if (options.workers <= 0) {
    const { judge, dispose } = subnetJudge({ plan, seed, data, engine, store });
    return success(inProcessEvaluator(judge, dispose));
  }
  return processPool({
    workers: options.workers,
    setup: { plan, seed, weights: join(options.outDir, SUPERNET_FILE), engine: engine.report.name, arithmetic: engine.report.arithmetic, ...(options.dataOverride === undefined ? {} : { dataOverride: options.dataOverride }) },
    ...(options.workerEntry === undefined ? {} : { entry: options.workerEntry }),
  });
}

/** Turns loop events into progress: rate over this session, time left, best so far. */
function progressReporter(run: Run): (event: LoopEvent) => void {
  const { onEvent } = run.options;
  const startedAt = performance.now();
  let done = 0;
  const seen: StudyTrial[] = [...run.study.trials()];
  return (event) => {
    if (event.kind === "warning") run.warnings.push(event.diagnostic);
    onEvent?.(event);
    if (event.kind !== "trial" || onEvent === undefined) return;
    done++;
    seen.push(event.trial);
    const trialsPerSecond = done / Math.max(1e-3, (performance.now() - startedAt) / 1000);
    onEvent({ kind: "progress", done: event.done, total: event.total, trialsPerSecond, secondsLeft: (event.total - event.done) / trialsPerSecond, best: paretoSet(seen, run.plan)[0] });
  };
}

async function explore(run: Run, evaluator: Evaluator, curve: readonly CurvePoint[]): Promise<Result<SearchOutcome>> {
  const { plan, seed, options, study, versions, costs, queries } = run;
  const looped = await searchLoop({
    explorer: explorerFor(plan, costs, queries, seed), store: study, evaluator, seed, codeVersion: versions.nasc,
    generations: plan.explore.generations, population: plan.explore.population,
    describe: (architecture) => ({ hash: hashArchitecture(plan.space, architecture), labels: describeArchitecture(plan.space, architecture) }),
    onEvent: progressReporter(run),
    ...(options.shouldStop === undefined ? {} : { shouldStop: options.shouldStop }),
  });
  if (!looped.ok) return looped;
  const { trials, stopped, shortage, agreements } = looped.value;
  if (stopped) return success(outcomeOf(run, "stopped", "search", trials, agreements, curve), run.warnings);
  if (trials.length > 0 && !trials.some(isComplete)) return failure(diagnostic("NAS7024", { title: "every trial of the search failed", why: `the first of ${trials.length}: ${trials[0]!.error ?? "no reason was given"}` }));
  if (shortage !== undefined) {
    run.warnings.push(diagnostic("NAS7022", { severity: "warning", title: `the search ended after ${trials.length} architectures`, why: `no further architecture within the budgets was found; ${plan.explore.population * plan.explore.generations} were planned`, help: "this is complete; lower `population` or `generations`, or widen the space" }));
  }
  const outcome = outcomeOf(run, "finished", "done", trials, agreements, curve);
  if (outcome.document !== undefined) {
    const written = writeResultFiles({ folder: options.outDir, plan, seed, document: outcome.document, engine: run.engine, store: run.store, data: run.data });
    if (!written.ok) return written;
  }
  return success(outcome, run.warnings);
}

function outcomeOf(run: Run, state: "finished" | "stopped", phase: SearchOutcome["phase"], trials: readonly StudyTrial[], agreements: readonly GenerationAgreement[], curve: readonly CurvePoint[]): SearchOutcome {
  const { plan, identity, versions, costs, options } = run;
  const pareto = paretoSet(trials, plan);
  const document = state === "finished" ? paretoDocument({ plan, identity, versions, trials, agreements }) : undefined;
  return { folder: options.outDir, state, phase, identity, versions, trials, pareto, best: pareto[0], document, agreements, curve, costs };
}

/** Whether a folder holds a search that can be gone on with. */
export function holdsSearch(folder: string): boolean {
  return existsSync(join(folder, "study.sqlite"));
}
