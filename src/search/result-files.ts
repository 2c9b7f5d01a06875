/** Writes what a finished search leaves beside its study: pareto.json, and each Pareto member as a network with its own weights. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { diagnostic, failure, success, type Diagnostic, type Result } from "../diagnostics/model.js";
import type { Dataset } from "../data/dataset.js";
import { bind } from "../ir/bind.js";
import type { SearchPlan } from "../ir/plan.js";
import { printNet } from "../ir/text/print-net.js";
import type { Engine } from "../runtime/engine.js";
import { extractWeights, saveWeights } from "../runtime/extract.js";
import { recalibrate } from "../runtime/judge.js";
import { writeAtomically } from "../runtime/tensor-file.js";
import type { WeightStore } from "../runtime/weight-store.js";
import type { ParetoDocument } from "./pareto.js";

export const PARETO_FILE = "pareto.json";

/** The content of networks/HASH.json. */
export interface NetworkDocument {
  readonly schema: "nasc/1";
  readonly kind: "network";
  readonly hash: string;
  readonly space: string;
  readonly spaceHash: string;
  readonly architecture: readonly number[];
  readonly labels: Readonly<Record<string, string>>;
  /** Net IR, as `nasc compile` prints it. */
  readonly net: string;
  readonly accuracy: number;
  readonly loss: number | null;
  readonly costs: Readonly<Record<string, number>>;
  /** Beside this file; inherited from the supernet with recalibrated statistics. */
  readonly weights: string;
  readonly seed: number;
  readonly versions: ParetoDocument["versions"];
}

/** Writes one result file in one step; NAS7027 where that fails. */
export function writeText(path: string, text: string): Result<true> {
  try {
    writeAtomically(path, new TextEncoder().encode(text), false);
    return success(true);
  } catch (error) {
    return failure(diagnostic("NAS7027", { title: "a result file could not be written", why: `${path}: ${error instanceof Error ? error.message : String(error)}`, help: "make room, then run the same command with `--resume`" }));
  }
}

export interface ResultFilesOptions {
  readonly folder: string;
  readonly plan: SearchPlan;
  readonly seed: number;
  readonly document: ParetoDocument;
  readonly engine: Engine;
  readonly store: WeightStore;
  readonly data: Dataset;
}

/** Networks first, pareto.json last: where it stands, everything it names is there. */
export function writeResultFiles({ folder, plan, seed, document, engine, store, data }: ResultFilesOptions): Result<true> {
  for (const member of document.members) {
    const net = bind(plan.space, member.architecture);
    const statistics = recalibrate({ engine, store, net, data, recalibration: plan.supernet.recalibration, batch: plan.supernet.batch, seed });
    const about = { hash: member.hash, space: document.identity.space, labels: member.labels, accuracy: member.accuracy, inherited: true };
    const saved = saveWeights(join(folder, member.weights), net, extractWeights(engine, store, net, statistics), about);
    if (!saved.ok) return saved;
    const network: NetworkDocument = {
      schema: "nasc/1", kind: "network", hash: member.hash, space: plan.space.name, spaceHash: document.identity.space, architecture: member.architecture, labels: member.labels,
      net: printNet(net), accuracy: member.accuracy, loss: member.loss, costs: member.costs, weights: `${member.hash}.weights`, seed, versions: document.versions,
    };
    const written = writeText(join(folder, member.network), `${JSON.stringify(network, null, 2)}\n`);
    if (!written.ok) return written;
  }
  return writeText(join(folder, PARETO_FILE), `${JSON.stringify(document, null, 2)}\n`);
}

const missing = (path: string, why: string): Diagnostic => diagnostic("NAS7008", { title: "there is no finished search here", why: `${path}: ${why}`, help: "give the folder of a finished search, or go on with `nasc search --resume`" });

/** The pareto.json of a search's folder. */
export function readPareto(folder: string): Result<ParetoDocument> {
  const path = join(folder, PARETO_FILE);
  if (!existsSync(path)) return failure(missing(path, "it does not exist"));
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof parsed !== "object" || parsed === null || !("schema" in parsed) || parsed.schema !== "nasc/1" || !("kind" in parsed) || parsed.kind !== "pareto") return failure(missing(path, "it is not a Pareto document of this version"));
    return success(parsed as ParetoDocument);
  } catch (error) {
    return failure(missing(path, error instanceof Error ? error.message : String(error)));
  }
}
