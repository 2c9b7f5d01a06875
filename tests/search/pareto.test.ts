import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Budget, Objective } from "../../src/ir/plan.js";
import { crowding, dominates, fronts, selectBest } from "../../src/search/dominance.js";
import { feasibleTrials, paretoSet } from "../../src/search/pareto.js";
import type { StudyTrial } from "../../src/search/study.js";

const vectors = fc.array(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 40 });

describe("fronts", () => {
  it("put every vector into the front that the definition says", () => {
    fc.assert(fc.property(vectors, (list) => {
      let left = list.map((_, i) => i);
      for (const front of fronts(list)) {
        const expected = left.filter((i) => !left.some((j) => dominates(list[j]!, list[i]!)));
        expect(front).toEqual(expected);
        left = left.filter((i) => !expected.includes(i));
      }
      expect(left).toEqual([]);
    }));
  });

  it("keep whole fronts before breaking the next by crowding", () => {
    fc.assert(fc.property(vectors, fc.integer({ min: 1, max: 40 }), (list, count) => {
      const chosen = selectBest(list, count);
      expect(new Set(chosen).size).toBe(Math.min(count, list.length));
      const level = new Map(fronts(list).flatMap((front, depth) => front.map((i) => [i, depth] as const)));
      const deepest = Math.max(...chosen.map((i) => level.get(i)!));
      for (const [i, depth] of level) if (depth < deepest) expect(chosen).toContain(i);
    }));
  });

  it("measure crowding as in the NSGA-II paper", () => {
    expect(crowding([[0, 4], [1, 2], [3, 1], [4, 0]])).toEqual([Infinity, 3 / 4 + 3 / 4, 3 / 4 + 2 / 4, Infinity]);
  });
});

const objectives: readonly Objective[] = [{ metric: "accuracy", direction: "maximize" }, { metric: "energy", direction: "minimize" }];
const budgets: readonly Budget[] = [{ metric: "params", relation: "<=", bound: 50, text: "params <= 50" }, { metric: "accuracy", relation: ">=", bound: 0.3, text: "accuracy >= 30%" }];

const trial = (number: number, accuracy: number | undefined, energy: number, params: number): StudyTrial => ({
  number, generation: 0, architecture: [number], labels: {}, hash: String(number), seed: 1, codeVersion: "0", state: accuracy === undefined ? "failed" : "complete",
  accuracy, loss: undefined, costs: { energy, params }, predicted: undefined, started: 0, finished: 0, attempt: 1, error: undefined,
});

describe("the Pareto set", () => {
  it("is the brute-force set of feasible trials that nothing beats", () => {
    const trials = fc.array(fc.tuple(fc.option(fc.integer({ min: 0, max: 10 }).map((n) => n / 10), { nil: undefined }), fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 100 })), { maxLength: 40 });
    fc.assert(fc.property(trials, (list) => {
      const all = list.map(([accuracy, energy, params], number) => trial(number, accuracy, energy, params));
      const feasible = all.filter((one) => one.accuracy !== undefined && one.accuracy >= 0.3 && one.costs.params! <= 50);
      expect(feasibleTrials(all, { objectives, budgets })).toEqual(feasible);
      const beats = (a: StudyTrial, b: StudyTrial): boolean => a.accuracy! >= b.accuracy! && a.costs.energy! <= b.costs.energy! && (a.accuracy! > b.accuracy! || a.costs.energy! < b.costs.energy!);
      const expected = feasible.filter((one) => !feasible.some((other) => beats(other, one)));
      const found = paretoSet(all, { objectives, budgets });
      expect(found.map((one) => one.number).sort((a, b) => a - b)).toEqual(expected.map((one) => one.number));
      for (let i = 1; i < found.length; i++) expect(found[i]!.accuracy).toBeLessThanOrEqual(found[i - 1]!.accuracy);
    }));
  });
});
