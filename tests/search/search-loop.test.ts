/** Resuming at every possible cut, and any order of results, give one study. */
import { describe, expect, it } from "vitest";
import { failure, diagnostic, success, type Result } from "../../src/diagnostics/model.js";
import type { ExplorePlan, Objective } from "../../src/ir/plan.js";
import type { Architecture } from "../../src/ir/space.js";
import { ATTEMPTS, inProcessEvaluator, type EvaluationJob, type Evaluator, type Judgement } from "../../src/search/evaluator.js";
import { createEvolution } from "../../src/search/evolution.js";
import type { Explorer } from "../../src/search/explorer.js";
import { productFeatures } from "../../src/search/features.js";
import { createLambdaRank } from "../../src/search/lambdarank.js";
import { searchLoop, type LoopEvent, type LoopOutcome, type SearchLoopOptions, type TrialStore } from "../../src/search/search-loop.js";
import type { StudyTrial } from "../../src/search/study.js";
import { productSpace } from "./tabular-space.js";

const options = [3, 3, 3, 3, 3];
const plan: ExplorePlan = { kind: "evolution", population: 10, generations: 4, parents: 5, mutation: 0.2, crossover: 0.5, proposals: 3 };
const objectives: readonly Objective[] = [{ metric: "accuracy", direction: "maximize" }, { metric: "params", direction: "minimize" }];
const judge = (architecture: Architecture): Judgement => ({ accuracy: architecture.reduce((sum, option, gene) => sum + Math.sin(option * 2.3 + gene), 5) / 10, loss: architecture[0]! });

const explorer = (seed = 1, ranked = true): Explorer => createEvolution({
  space: productSpace(options), costsOf: (architectures) => architectures.map((architecture) => ({ params: architecture.reduce((a, b) => a + b, 0) })), budgets: [], objectives, plan, seed,
  ...(ranked ? { ranker: createLambdaRank({ features: productFeatures(options), costs: ["params"], seed }) } : {}),
});

function memoryStore(initial: readonly StudyTrial[] = []): TrialStore & { all: StudyTrial[] } {
  const all = [...initial];
  return { all, trials: () => all, record: (trial) => { all.push(trial); return success(true); } };
}

function run(store: TrialStore, evaluator: Evaluator, more: Partial<SearchLoopOptions> = {}): Promise<Result<LoopOutcome>> {
  return searchLoop({
    explorer: explorer(), store, evaluator, generations: plan.generations, population: plan.population, seed: 1, codeVersion: "0",
    describe: (architecture) => ({ hash: architecture.join(""), labels: { genes: architecture.join(" ") } }), ...more,
  });
}

/** Times aside, as in the promise. */
const timeless = (trials: readonly StudyTrial[]): unknown[] => [...trials].sort((a, b) => a.number - b.number).map(({ started: _started, finished: _finished, ...rest }) => rest);

async function outcome(result: Promise<Result<LoopOutcome>>): Promise<LoopOutcome> {
  const settled = await result;
  if (!settled.ok) throw new Error(JSON.stringify(settled.diagnostics));
  return settled.value;
}

describe("the search loop", () => {
  it.each([["without a ranker", false, 1], ["with a ranker", true, 7]] as const)("gives the identical study when it is stopped after any number of trials and resumed, %s", async (_, ranked, stride) => {
    const whole = await outcome(run(memoryStore(), inProcessEvaluator(judge), { explorer: explorer(1, ranked) }));
    expect(whole.trials).toHaveLength(40);
    expect(whole.agreements.length > 0).toBe(ranked);
    for (let cut = 0; cut <= 40; cut += stride) {
      const store = memoryStore();
      const first = await outcome(run(store, inProcessEvaluator(judge), { explorer: explorer(1, ranked), shouldStop: () => store.all.length >= cut }));
      expect(first.stopped).toBe(cut < 40);
      expect(store.all).toHaveLength(cut);
      const second = await outcome(run(store, inProcessEvaluator(judge), { explorer: explorer(1, ranked) }));
      expect(timeless(second.trials)).toEqual(timeless(whole.trials));
      expect(second.agreements).toEqual(whole.agreements);
    }
  });

  it("resumes over gaps: trials of a generation that finished out of order", async () => {
    const whole = await outcome(run(memoryStore(), inProcessEvaluator(judge)));
    const partial = whole.trials.filter((trial) => trial.number < 14 || trial.number === 17 || trial.number === 19);
    const judged: number[] = [];
    const evaluator = inProcessEvaluator(judge);
    const spy: Evaluator = { ...evaluator, evaluate: (jobs, how) => { judged.push(...jobs.map((job) => job.number)); return evaluator.evaluate(jobs, how); } };
    const resumed = await outcome(run(memoryStore(partial), spy));
    expect(timeless(resumed.trials)).toEqual(timeless(whole.trials));
    expect(judged.slice(0, 4)).toEqual([14, 15, 16, 18]);
  });

  it("does not depend on the order in which results come", async () => {
    const backwards: Evaluator = { description: "backwards", close: () => Promise.resolve(), evaluate: (jobs, how) => inProcessEvaluator(judge).evaluate([...jobs].reverse(), how) };
    const whole = await outcome(run(memoryStore(), inProcessEvaluator(judge)));
    expect(timeless((await outcome(run(memoryStore(), backwards))).trials)).toEqual(timeless(whole.trials));
  });

  it("refuses a study that it would not have made", async () => {
    const store = memoryStore();
    await run(store, inProcessEvaluator(judge), { explorer: explorer(2) });
    const result = await run(store, inProcessEvaluator(judge));
    expect(result.ok ? [] : result.diagnostics.map((one) => one.code)).toEqual(["NAS7009"]);
  });

  it("records a trial that fails every time, warns, and goes on", async () => {
    let calls = 0;
    const fragile = inProcessEvaluator((architecture) => {
      if (architecture[0] === 1) { calls++; throw new Error("out of memory"); }
      return judge(architecture);
    });
    const events: LoopEvent[] = [];
    const { trials } = await outcome(run(memoryStore(), fragile, { onEvent: (event) => events.push(event) }));
    const failed = trials.filter((trial) => trial.state === "failed");
    expect(trials).toHaveLength(40);
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.every((trial) => trial.architecture[0] === 1 && trial.attempt === ATTEMPTS && trial.error === "out of memory" && trial.accuracy === undefined)).toBe(true);
    expect(calls).toBe(ATTEMPTS * failed.length);
    expect(events.filter((event) => event.kind === "warning").map((event) => event.diagnostic.code)).toEqual(failed.map(() => "NAS7023"));
  });

  it("passes on that a result could not be stored", async () => {
    const store = memoryStore();
    const full: TrialStore = { trials: () => [], record: (trial) => (trial.number === 3 ? failure(diagnostic("NAS7005", { title: "full" })) : store.record(trial)) };
    const result = await run(full, inProcessEvaluator(judge));
    expect(result.ok ? [] : result.diagnostics.map((one) => one.code)).toEqual(["NAS7005"]);
    expect(store.all.map((trial) => trial.number)).toEqual([0, 1, 2]);
  });

  it("ends when the space is exhausted", async () => {
    const tiny = createEvolution({ space: productSpace([2, 2, 2]), costsOf: (architectures) => architectures.map(() => ({ params: 1 })), budgets: [], objectives, plan, seed: 1 });
    const { trials, shortage } = await outcome(run(memoryStore(), inProcessEvaluator(judge), { explorer: tiny }));
    expect(trials).toHaveLength(8);
    expect(shortage).toBe("exhausted");
  });

  it("reports how the ranker did before it learnt from a generation", async () => {
    const { agreements, trials } = await outcome(run(memoryStore(), inProcessEvaluator(judge)));
    for (const agreement of agreements) {
      expect(agreement.low).toBeLessThanOrEqual(agreement.tau);
      expect(agreement.high).toBeGreaterThanOrEqual(agreement.tau);
      expect(agreement.count).toBe(trials.filter((trial) => trial.generation === agreement.generation).length);
    }
    expect(trials.filter((trial) => trial.generation === 0).every((trial) => trial.predicted === undefined)).toBe(true);
    const jobs: EvaluationJob[] = trials.map(({ number, architecture }) => ({ number, architecture }));
    expect(new Set(jobs.map((job) => job.architecture.join())).size).toBe(40);
  });
});
