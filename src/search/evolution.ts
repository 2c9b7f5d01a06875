/**
 * Evolution as in Single Path One-Shot (Guo et al. 2020) and HAT (Wang et al. 2020), for several objectives: parents are the best
 * networks so far by non-dominated front and crowding, offspring come from mutation and crossover, a ranker thins out the proposals.
 */
import { randomStream, type RandomStream } from "../random/stream.js";
import type { Architecture } from "../ir/space.js";
import { objectiveVector, selectBest } from "./dominance.js";
import { Draws, Pool } from "./draws.js";
import type { Asked, Candidate, Explorer, ExplorerOptions, RankerExample, ToldTrial } from "./explorer.js";

/** Tries per wanted offspring before random candidates fill the gap (as in the published code). */
const TRIES = 10;
/** Share of each generation that ignores the ranker, so that it keeps learning about what it thinks little of. */
const EXPLORATION = 0.2;

type CompleteTrial = ToldTrial & RankerExample;

const isComplete = (trial: ToldTrial): trial is CompleteTrial => trial.accuracy !== undefined;

export function createEvolution(options: ExplorerOptions): Explorer {
  const { plan, objectives, ranker, space } = options;
  const draws = new Draws(options);
  const complete: CompleteTrial[] = [];
  let generation = 0;
  let fitted = false;

  const parents = (): readonly CompleteTrial[] =>
    selectBest(complete.map((trial) => objectiveVector(objectives, { ...trial.costs, accuracy: trial.accuracy })), Math.max(2, plan.parents)).map((index) => complete[index]!);

  const offspring = (wanted: number, random: RandomStream): Candidate[] => {
    const elite = parents();
    const pool = new Pool(wanted);
    if (elite.length > 0) {
      const pick = (): CompleteTrial => elite[random.integer(elite.length)]!;
      const breed = (target: number, make: () => Architecture | undefined): void => {
        pool.widen(target);
        for (let tries = TRIES * wanted; tries > 0 && !pool.full; tries--) draws.consider(make(), pool);
      };
      breed(wanted - Math.round(wanted * plan.crossover), () => space.mutate(pick().architecture, plan.mutation, random));
      breed(wanted, () => space.crossover(pick().architecture, pick().architecture, random));
    }
    if (!pool.full) draws.random(pool, random);
    return draws.priced(pool);
  };

  /** The most promising by predicted accuracy and exact costs together, and a share drawn blindly from the rest. */
  const thin = (pool: readonly Candidate[], count: number, random: RandomStream): Candidate[] => {
    if (ranker === undefined || !ranker.ready) return pool.slice(0, count);
    const scores = ranker.score(pool);
    const scored = pool.map((candidate, index): Candidate => ({ ...candidate, predicted: scores[index]! }));
    if (pool.length <= count) return scored;
    const blind = Math.floor(count * EXPLORATION);
    const chosen = selectBest(scored.map((candidate) => objectiveVector(objectives, { ...candidate.costs, accuracy: candidate.predicted! })), count - blind);
    const taken = new Set(chosen);
    const rest = random.shuffle(scored.flatMap((_, index) => (taken.has(index) ? [] : [index]))).slice(0, blind);
    return [...chosen, ...rest].map((index) => scored[index]!);
  };

  return {
    name: "evolution",
    ask(count): Asked {
      const random = randomStream(options.seed, "evolution", generation++);
      if (ranker !== undefined && !fitted && complete.length > 0) {
        ranker.fit(complete);
        fitted = true;
      }
      const hadAny = draws.anythingTaken;
      const wanted = ranker?.ready === true ? count * Math.max(1, plan.proposals) : count;
      const candidates = thin(offspring(wanted, random), count, random);
      for (const candidate of candidates) draws.take(candidate);
      if (candidates.length >= count) return { candidates };
      return { candidates, shortage: hadAny || candidates.length > 0 ? "exhausted" : "infeasible" };
    },
    tell(trials) {
      complete.push(...trials.filter(isComplete));
      fitted = false;
    },
  };
}
