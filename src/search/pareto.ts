/**
 * The result of a search: the trials that no other feasible trial beats in every objective, and the document that states them
 * with units, hashes, seed and versions.
 */
import type { SearchPlan } from "../ir/plan.js";
import { metrics } from "../hw/metrics.js";
import { brokenBudgets, fronts, objectiveVector, type Values } from "./dominance.js";
import type { GenerationAgreement } from "./search-loop.js";
import type { StudyIdentity, StudyTrial } from "./study.js";

/** A trial that was evaluated. */
export type CompleteTrial = StudyTrial & { readonly accuracy: number };

export function isComplete(trial: StudyTrial): trial is CompleteTrial {
  return trial.state === "complete" && trial.accuracy !== undefined;
}

/** All metric values of an evaluated trial. */
export function valuesOf(trial: CompleteTrial): Values {
  return { ...trial.costs, accuracy: trial.accuracy };
}

export type Aims = Pick<SearchPlan, "objectives" | "budgets">;

export function feasibleTrials(trials: readonly StudyTrial[], aims: Aims): CompleteTrial[] {
  return trials.filter(isComplete).filter((trial) => brokenBudgets(aims.budgets, valuesOf(trial)).length === 0);
}

/** Feasible trials that none dominates, the best by the first objective first. Equal trials all stay. */
export function paretoSet(trials: readonly StudyTrial[], aims: Aims): CompleteTrial[] {
  const feasible = feasibleTrials(trials, aims);
  const vectors = feasible.map((trial) => objectiveVector(aims.objectives, valuesOf(trial)));
  const [first] = fronts(vectors);
  return (first ?? [])
    .sort((a, b) => {
      const objective = vectors[a]!.findIndex((value, i) => value !== vectors[b]![i]);
      return objective < 0 ? feasible[a]!.number - feasible[b]!.number : vectors[a]![objective]! - vectors[b]![objective]!;
    })
    .map((index) => feasible[index]!);
}

export interface Versions { readonly nasc: string; readonly node: string; readonly engine: string }

/** The content of pareto.json. Values are in base units. */
export interface ParetoDocument {
  readonly schema: "nasc/1";
  readonly kind: "pareto";
  readonly search: string;
  readonly space: string;
  readonly accelerator: string;
  readonly identity: StudyIdentity;
  readonly versions: Versions;
  readonly units: Readonly<Record<string, string>>;
  readonly objectives: readonly { readonly metric: string; readonly direction: "maximize" | "minimize" }[];
  readonly budgets: readonly { readonly metric: string; readonly relation: "<=" | ">="; readonly bound: number; readonly text: string }[];
  readonly counts: { readonly trials: number; readonly failed: number; readonly feasible: number };
  /** Inherited-weight accuracy on the validation part; `derive` gives test accuracy. */
  readonly members: readonly {
    readonly hash: string;
    readonly trial: number;
    readonly architecture: readonly number[];
    readonly labels: Readonly<Record<string, string>>;
    readonly accuracy: number;
    readonly loss: number | null;
    readonly costs: Readonly<Record<string, number>>;
    readonly network: string;
    readonly weights: string;
  }[];
  /** Hash of the member that is best by the first objective; null where nothing was feasible. */
  readonly best: string | null;
  readonly ranker: readonly GenerationAgreement[];
}

export interface ParetoDocumentParts {
  readonly plan: SearchPlan;
  readonly identity: StudyIdentity;
  readonly versions: Versions;
  readonly trials: readonly StudyTrial[];
  readonly agreements: readonly GenerationAgreement[];
}

export const networkFile = (hash: string): string => `networks/${hash}.json`;
export const weightsFile = (hash: string): string => `networks/${hash}.weights`;

export function paretoDocument({ plan, identity, versions, trials, agreements }: ParetoDocumentParts): ParetoDocument {
  const members = paretoSet(trials, plan);
  return {
    schema: "nasc/1", kind: "pareto", search: plan.name, space: plan.space.name, accelerator: plan.accelerator.name, identity, versions,
    units: { accuracy: "share", loss: "nat", ...Object.fromEntries(metrics.map((metric) => [metric.name, metric.unit])) },
    objectives: plan.objectives.map(({ metric, direction }) => ({ metric, direction })),
    budgets: plan.budgets.map(({ metric, relation, bound, text }) => ({ metric, relation, bound, text })),
    counts: { trials: trials.length, failed: trials.filter((trial) => trial.state === "failed").length, feasible: feasibleTrials(trials, plan).length },
    members: members.map((trial) => ({
      hash: trial.hash, trial: trial.number, architecture: trial.architecture, labels: trial.labels, accuracy: trial.accuracy, loss: trial.loss ?? null, costs: trial.costs,
      network: networkFile(trial.hash), weights: weightsFile(trial.hash),
    })),
    best: members[0]?.hash ?? null,
    ranker: agreements,
  };
}
