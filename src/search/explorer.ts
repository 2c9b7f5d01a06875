/**
 * The two small interfaces of a search, so that all explorers combine with all rankers: an explorer is asked for candidates and told
 * results, a ranker is fitted on results and scores candidates. Both are deterministic: the same seed and the same tellings give the
 * same answers, which is what resuming a study by replay rests on.
 */
import type { Budget, ExplorePlan, Objective } from "../ir/plan.js";
import type { Architecture } from "../ir/space.js";
import type { RandomStream } from "../random/stream.js";
import type { BudgetFilter } from "./budget-filter.js";
import type { CandidateSpace } from "./candidates.js";
import type { Values } from "./dominance.js";

export interface Candidate {
  readonly architecture: Architecture;
  /** Exact costs by metric name. */
  readonly costs: Values;
  /** The ranker's score where it took part in choosing; only the order of scores means anything. */
  readonly predicted?: number;
}

/** What came back for a candidate; `accuracy` is absent where the trial failed. */
export interface ToldTrial { readonly architecture: Architecture; readonly costs: Values; readonly accuracy?: number }

export interface Asked {
  /** At most as many as asked for; distinct, never asked before, within every budget. */
  readonly candidates: readonly Candidate[];
  /** Fewer were found than asked for, and why. */
  readonly shortage?: "exhausted" | "infeasible";
}

export interface Explorer {
  readonly name: string;
  ask(count: number): Asked;
  /** The results of everything asked so far and not yet told, in the order asked. */
  tell(trials: readonly ToldTrial[]): void;
}

export interface RankerExample { readonly architecture: Architecture; readonly costs: Values; readonly accuracy: number }

export interface Ranker {
  readonly name: string;
  /** Learns from all results so far, from scratch: the outcome depends on the examples and the seed only. */
  fit(examples: readonly RankerExample[]): void;
  /** Whether it has learnt enough to be asked. */
  readonly ready: boolean;
  /** Higher means more promising. */
  score(candidates: readonly { readonly architecture: Architecture; readonly costs: Values }[]): number[];
}

export interface DrawsWithin {
  /** How many there are, where that is known. */
  readonly count: bigint | undefined;
  /** That many draws, each uniform among them; fewer where it was given up to find more. */
  draw(draws: number, random: RandomStream): readonly Architecture[];
}

export interface ExplorerOptions {
  readonly space: CandidateSpace;
  /** Exact costs, in the order given. */
  readonly costsOf: (architectures: readonly Architecture[]) => readonly Values[];
  readonly budgets: readonly Budget[];
  /** Says quickly of most architectures on which side of the budgets they are; says nothing wrong. */
  readonly sideOf?: BudgetFilter;
  /** The architectures within the budgets; undefined where they cannot be drawn exactly. Asked for where random draws are seldom among them. */
  readonly within?: () => DrawsWithin | undefined;
  readonly objectives: readonly Objective[];
  readonly plan: ExplorePlan;
  readonly seed: number;
  readonly ranker?: Ranker;
  /** Members of the space to fall back on where random draws are seldom within the budgets: the cheapest by each budgeted cost. */
  readonly anchors?: readonly Architecture[];
}

