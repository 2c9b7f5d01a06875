/**
 * The generations of a search: ask, evaluate, record, tell. It always starts at generation 0 and takes what the study already
 * holds instead of evaluating it, so resuming is the same code as starting, and the study does not depend on interruptions or on the
 * number of workers.
 */
import { diagnostic, failure, success, type Diagnostic, type Result } from "../diagnostics/model.js";
import type { Architecture } from "../ir/space.js";
import type { EvaluationJob, EvaluationResult, Evaluator } from "./evaluator.js";
import type { Candidate, Explorer, ToldTrial } from "./explorer.js";
import { rankAgreement, type RankAgreement } from "./statistics.js";
import type { StudyTrial } from "./study.js";

/** The part of a study that the loop needs. */
export interface TrialStore {
  trials(): readonly StudyTrial[];
  record(trial: StudyTrial): Result<true>;
}

/** How the ranker did on a generation that it had helped to choose, before it learnt from it. */
export interface GenerationAgreement extends RankAgreement { readonly generation: number }

export type LoopEvent =
  | { readonly kind: "generation"; readonly generation: number; readonly generations: number; readonly candidates: number; readonly recorded: number }
  | { readonly kind: "trial"; readonly trial: StudyTrial; readonly done: number; readonly total: number }
  | { readonly kind: "ranker"; readonly agreement: GenerationAgreement }
  | { readonly kind: "warning"; readonly diagnostic: Diagnostic };

export interface SearchLoopOptions {
  readonly explorer: Explorer;
  readonly store: TrialStore;
  readonly evaluator: Evaluator;
  readonly generations: number;
  readonly population: number;
  readonly seed: number;
  readonly codeVersion: string;
  readonly describe: (architecture: Architecture) => { readonly hash: string; readonly labels: Readonly<Record<string, string>> };
  readonly onEvent?: (event: LoopEvent) => void;
  readonly shouldStop?: () => boolean;
}

export interface LoopOutcome {
  /** In order of number, all of them. */
  readonly trials: readonly StudyTrial[];
  readonly stopped: boolean;
  readonly shortage?: "exhausted" | "infeasible";
  readonly agreements: readonly GenerationAgreement[];
}

const told = (trial: StudyTrial): ToldTrial => ({ architecture: trial.architecture, costs: trial.costs, ...(trial.accuracy === undefined ? {} : { accuracy: trial.accuracy }) });

/** Smallest generation on which a rank correlation is worth reporting. */
const FEWEST_FOR_AGREEMENT = 4;

function agreementOf(candidates: readonly Candidate[], trials: readonly StudyTrial[], generation: number, seed: number): GenerationAgreement | undefined {
  const pairs = candidates.flatMap((candidate, index) => {
    const accuracy = trials[index]?.accuracy;
    return candidate.predicted === undefined || accuracy === undefined ? [] : [[candidate.predicted, accuracy] as const];
  });
  if (pairs.length < FEWEST_FOR_AGREEMENT) return undefined;
  const agreement = rankAgreement(pairs.map((pair) => pair[0]), pairs.map((pair) => pair[1]), seed + generation);
  return Number.isFinite(agreement.tau) ? { ...agreement, generation } : undefined;
}

class Loop {
  private readonly trials = new Map<number, StudyTrial>();
  private readonly agreements: GenerationAgreement[] = [];
  private next = 0;

  constructor(private readonly options: SearchLoopOptions) {
    for (const trial of options.store.trials()) this.trials.set(trial.number, trial);
  }

  private get total(): number {
    return this.options.generations * this.options.population;
  }

  private trialOf(candidate: Candidate, generation: number, result: EvaluationResult): StudyTrial {
    const { seed, codeVersion, describe } = this.options;
    const { number, attempt, started, finished, judgement, error } = result;
    return {
      number, generation, architecture: candidate.architecture, ...describe(candidate.architecture), seed, codeVersion,
      state: judgement === undefined ? "failed" : "complete", accuracy: judgement?.accuracy,
      // A loss that is not a number has no place in SQLite; leaving it out here keeps live and resumed records alike.
      loss: judgement !== undefined && Number.isFinite(judgement.loss) ? judgement.loss : undefined,
      costs: candidate.costs, predicted: candidate.predicted, started, finished, attempt, error,
    };
  }

  private record(candidate: Candidate, generation: number, result: EvaluationResult): Result<true> {
    const trial = this.trialOf(candidate, generation, result);
    const recorded = this.options.store.record(trial);
    if (!recorded.ok) return recorded;
    this.trials.set(trial.number, trial);
    this.options.onEvent?.({ kind: "trial", trial, done: this.trials.size, total: this.total });
    if (trial.state === "failed") {
      this.options.onEvent?.({ kind: "warning", diagnostic: diagnostic("NAS7023", { severity: "warning", title: `trial ${trial.number} failed`, why: trial.error ?? "no reason was given", help: "the search goes on without it; its error is kept in the study" }) });
    }
    return success(true);
  }

  /** The record must hold what this search would have asked. */
  private mismatch(candidates: readonly Candidate[], first: number): Diagnostic | undefined {
    for (const [index, candidate] of candidates.entries()) {
      const recorded = this.trials.get(first + index);
      if (recorded === undefined) continue;
      const { hash } = this.options.describe(candidate.architecture);
      if (recorded.hash !== hash || recorded.architecture.join() !== candidate.architecture.join()) {
        return diagnostic("NAS7009", { title: `trial ${recorded.number} is not the one this search asks`, why: `the study holds ${recorded.hash} (by nasc ${recorded.codeVersion}), the search asks ${hash} (nasc ${this.options.codeVersion})`, help: "start a new study; this one can still be read and reported" });
      }
    }
    return undefined;
  }

  private outcome(stopped: boolean, shortage?: "exhausted" | "infeasible"): Result<LoopOutcome> {
    const trials = [...this.trials.values()].sort((a, b) => a.number - b.number);
    return success({ trials, stopped, agreements: this.agreements, ...(shortage === undefined ? {} : { shortage }) });
  }

  async run(): Promise<Result<LoopOutcome>> {
    const { explorer, evaluator, generations, population, onEvent } = this.options;
    const shouldStop = this.options.shouldStop ?? ((): boolean => false);
    for (let generation = 0; generation < generations; generation++) {
      const { candidates, shortage } = explorer.ask(population);
      if (candidates.length === 0) return this.outcome(false, shortage ?? "exhausted");
      const first = this.next;
      this.next += candidates.length;
      const mismatch = this.mismatch(candidates, first);
      if (mismatch !== undefined) return failure(mismatch);
      // What is slow on the accelerator is mostly slow here: the longest first, so that at the end no worker waits long for another.
      const latency = ({ number }: EvaluationJob): number => candidates[number - first]!.costs["latency"] ?? 0;
      const pending = candidates.flatMap((candidate, index) => (this.trials.has(first + index) ? [] : [{ number: first + index, architecture: candidate.architecture }])).sort((a, b) => latency(b) - latency(a));
      onEvent?.({ kind: "generation", generation, generations, candidates: candidates.length, recorded: candidates.length - pending.length });
      if (pending.length > 0) {
        const evaluated = await evaluator.evaluate(pending, { shouldStop, onResult: (result) => this.record(candidates[result.number - first]!, generation, result) });
        if (!evaluated.ok) return evaluated;
        if (pending.some(({ number }) => !this.trials.has(number))) return this.outcome(true);
      }
      const trials = candidates.map((_, index) => this.trials.get(first + index)!);
      const agreement = agreementOf(candidates, trials, generation, this.options.seed);
      if (agreement !== undefined) {
        this.agreements.push(agreement);
        onEvent?.({ kind: "ranker", agreement });
      }
      explorer.tell(trials.map(told));
    }
    return this.outcome(false);
  }
}

export function searchLoop(options: SearchLoopOptions): Promise<Result<LoopOutcome>> {
  return new Loop(options).run();
}
