/**
 * Gathers a report's input from the folder of a search: trials and curve from the study, the front from pareto.json. With
 * the checked plan also the space's size, the settings and the best network with its costs.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { success, type Result } from "../diagnostics/model.js";
import { createCostModel } from "../hw/cost-model.js";
import { pipelineOf } from "../hw/pipeline/pipeline.js";
import { bind } from "../ir/bind.js";
import type { Net } from "../ir/net.js";
import type { SearchPlan } from "../ir/plan.js";
import { spaceQueries } from "../ir/space-queries.js";
import { readPareto } from "../search/result-files.js";
import { DERIVED_FOLDER } from "../search/derive.js";
import { paretoDocument, type ParetoDocument } from "../search/pareto.js";
import { readStudy, type Study } from "../search/study.js";
import type { DerivedNetwork, Fact, OperatorMix, ReportInput, TrainingPoint } from "./input.js";

const CURVE_FACT = "supernet curve";

function isPoint(value: unknown): value is TrainingPoint {
  return typeof value === "object" && value !== null && "step" in value && typeof value.step === "number" && "loss" in value && "accuracy" in value;
}

/** The curve that the search noted in the study; undefined where there is none that can be read. */
function curveOf(fact: string | undefined): readonly TrainingPoint[] | undefined {
  if (fact === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(fact);
    return Array.isArray(parsed) && parsed.every(isPoint) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isDerived(value: unknown): value is DerivedNetwork {
  return typeof value === "object" && value !== null && "schema" in value && value.schema === "nasc/1" && "kind" in value && value.kind === "derived" && "test" in value && "costs" in value;
}

/** The documents of `derived/`, the most accurate first, and the names of those that cannot be read. */
function derivedOf(folder: string): { readonly networks: readonly DerivedNetwork[]; readonly broken: readonly string[] } {
  const place = join(folder, DERIVED_FOLDER);
  const networks: DerivedNetwork[] = [];
  const broken: string[] = [];
  for (const name of existsSync(place) ? readdirSync(place).filter((file) => file.endsWith(".json")).sort() : []) {
    try {
      const parsed: unknown = JSON.parse(readFileSync(join(place, name), "utf8"));
      if (isDerived(parsed)) networks.push(parsed);
      else broken.push(name);
    } catch {
      broken.push(name);
    }
  }
  return { networks: networks.sort((a, b) => b.test.accuracy - a.test.accuracy), broken };
}

/** Operators that carry weights, or mix positions, are what tells architectures apart. */
const QUIET = new Set(["batch_norm", "layer_norm", "relu", "relu6", "identity", "dropout", "drop_path", "plus", "minus", "times", "scale", "offset", "zero"]);

export function operatorMix(net: Net): OperatorMix {
  const mix: Record<string, number> = {};
  for (const node of net.nodes) if (node.kind === "operator" && !QUIET.has(node.operator)) mix[node.operator] = (mix[node.operator] ?? 0) + 1;
  return mix;
}

function settingsOf({ data, supernet, explore, ranker, accelerator }: SearchPlan): readonly Fact[] {
  const { optimizer } = supernet;
  return [
    { name: "data", value: `${data.source}${data.limit === undefined ? "" : `, first ${data.limit} examples`}` },
    { name: "supernet", value: `${supernet.epochs} epochs of batch ${supernet.batch}, ${optimizer.kind} at rate ${optimizer.rate} (${optimizer.schedule}), ${supernet.sampler} paths` },
    { name: "exploration", value: `${explore.kind}, ${explore.generations} generations of ${explore.population}` },
    { name: "ranker", value: ranker.kind === "none" ? "none" : `${ranker.kind} on ${ranker.labels.join(", ")}` },
    { name: "accelerator", value: `${accelerator.name}: ${accelerator.technology} nm, ${accelerator.clock / 1e6} MHz, ${accelerator.chunks.map((chunk) => `${chunk.name} ${chunk.sized === undefined ? chunk.array.join(" x ") : "balanced"}`).join(", ")}` },
  ];
}

function fromPlan(plan: SearchPlan, document: ParetoDocument): Pick<ReportInput, "chosen" | "convention" | "spaceSize" | "facts"> {
  const model = createCostModel(plan.accelerator);
  const size = spaceQueries(plan.space).count();
  const nets = document.members.map((member) => ({ hash: member.hash, architecture: member.architecture, net: bind(plan.space, member.architecture) }));
  const best = nets.find(({ hash }) => hash === document.best);
  const priced = best && { model: model.forArchitecture(plan.space, best.architecture), net: best.net };
  const cost = priced?.model.netCost(priced.net);
  const pipeline = priced && cost && pipelineOf(priced.model, cost);
  const mixes = Object.fromEntries(nets.map(({ hash, net }) => [hash, operatorMix(net)]));
  return {
    convention: model.convention, facts: settingsOf(plan),
    ...(size === undefined ? {} : { spaceSize: size }),
    ...(best === undefined || cost === undefined ? {} : { chosen: { hash: best.hash, net: best.net, cost, ...(pipeline === undefined ? {} : { pipeline }), mixes } }),
  };
}

/** The document of pareto.json; while the search still runs, one made of the trials so far (which needs the plan). */
function documentOf(folder: string, study: Study, plan: SearchPlan | undefined): Result<{ readonly document: ParetoDocument; readonly finished: boolean }> {
  const written = readPareto(folder);
  if (written.ok) return success({ document: written.value, finished: true });
  if (plan === undefined) return written;
  const versions = { nasc: study.facts().get("code version") ?? "unknown", node: process.version, engine: "not recorded yet" };
  return success({ document: paretoDocument({ plan, identity: study.identity, versions, trials: study.trials(), agreements: [] }), finished: false });
}

/**
 * Reads the folder; `plan` is the checked search that is run in it, where it is known. A search that still runs is reported as far
 * as it has come. Fails where there is no study.
 */
export function collectReport(folder: string, plan?: SearchPlan): Result<ReportInput> {
  const opened = readStudy(folder);
  if (!opened.ok) return opened;
  const study = opened.value;
  try {
    const found = documentOf(folder, study, plan);
    if (!found.ok) return found;
    const { document, finished } = found.value;
    const derived = derivedOf(folder);
    const curve = curveOf(study.facts().get(CURVE_FACT));
    const missing = [
      ...(finished ? [] : ["the rest of the search: it has not ended, and this is what it had found when the report was drawn"]),
      ...derived.broken.map((name) => `the derived network of ${DERIVED_FOLDER}/${name}: the file cannot be read`),
      ...(curve === undefined ? ["the training curve of the supernet: the study holds none"] : []),
      ...(plan === undefined ? ["the drawing and the energy of the best network: the program of this run is not known"] : []),
    ];
    return success({
      document, trials: study.trials(), missing, derived: derived.networks,
      ...(curve === undefined ? {} : { curve }),
      ...(plan === undefined ? {} : fromPlan(plan, document)),
      commands: finished ? nextCommands(folder) : [],
    });
  } finally {
    study.close();
  }
}

function nextCommands(folder: string): NonNullable<ReportInput["commands"]> {
  return [
    { command: `nasc derive ${folder}`, purpose: "train the best network on its own and judge it on the test part" },
    { command: `nasc export ${folder} --out model`, purpose: "write it as a TensorFlow.js model (or, with --format typescript, as source)" },
  ];
}
