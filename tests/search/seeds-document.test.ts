import { describe, expect, it } from "vitest";
import type { SearchPlan } from "../../src/ir/plan.js";
import type { ParetoDocument } from "../../src/search/pareto.js";
import { seedsDocument, spreadOf } from "../../src/search/seeds-document.js";
import type { SeedResult } from "../../src/search/seed-pool.js";

const plan = {
  name: "Main", space: { name: "Tiny" }, objectives: [{ metric: "accuracy", direction: "maximize" }, { metric: "energy", direction: "minimize" }],
  budgets: [{ metric: "params", relation: "<=", bound: 99, text: "99" }],
} as unknown as SearchPlan;

/** A finished seed whose members have these [accuracy, energy], the best first. */
function finished(seed: number, ...values: readonly (readonly [number, number])[]): SeedResult {
  const members = values.map(([accuracy, energy], trial) => ({ hash: `${seed}-${trial}`, trial, architecture: [], labels: {}, accuracy, loss: null, costs: { energy, params: 10 * seed }, network: "", weights: "" }));
  const document = { members, units: { energy: "J" }, counts: { trials: 20 + seed, failed: 0, feasible: 9 } } as unknown as ParetoDocument;
  return { seed, folder: `/runs/a/seed-${seed}`, end: { kind: "finished", document, warnings: [] } };
}

const summary = (...results: readonly SeedResult[]): ReturnType<typeof seedsDocument> => seedsDocument(plan, results, (folder) => folder.split("/").at(-1)!);

describe("the summary of seeds", () => {
  it("has mean and spread of the best of each seed, by hand", () => {
    const { best } = summary(finished(1, [0.8, 5], [0.6, 1]), finished(2, [0.9, 7]), finished(3, [0.7, 3], [0.5, 2]));
    expect(Object.keys(best)).toEqual(["accuracy", "energy", "params"]);
    expect(best["accuracy"]!.mean).toBeCloseTo(0.8, 12);
    expect(best["accuracy"]!.deviation).toBeCloseTo(0.1, 12);
    expect(best["energy"]).toEqual({ mean: 5, deviation: 2, minimum: 3, maximum: 7, count: 3 });
    expect(best["params"]).toEqual({ mean: 20, deviation: 10, minimum: 10, maximum: 30, count: 3 });
  });

  it("has the front of all members, and says whose they are", () => {
    // By hand: (0.7, 3) of seed 3 is beaten by (0.8, 2) of seed 1; equals both stay.
    const { front } = summary(finished(1, [0.8, 2], [0.6, 1]), finished(2, [0.9, 7], [0.6, 1]), finished(3, [0.7, 3]));
    expect(front.map(({ seed, accuracy, costs }) => [seed, accuracy, costs["energy"]])).toEqual([[2, 0.9, 7], [1, 0.8, 2], [1, 0.6, 1], [2, 0.6, 1]]);
  });

  it("leaves out seeds that are not through or found nothing", () => {
    const stopped: SeedResult = { seed: 4, folder: "/runs/a/seed-4", end: { kind: "stopped", warnings: [] } };
    const failed: SeedResult = { seed: 5, folder: "/runs/a/seed-5", end: { kind: "failed", diagnostics: [] } };
    const { seeds, best } = summary(finished(1, [0.8, 5]), finished(2), stopped, failed);
    expect(seeds.map(({ seed, folder, state, best, trials }) => [seed, folder, state, best?.hash ?? null, trials])).toEqual([
      [1, "seed-1", "finished", "1-0", 21], [2, "seed-2", "finished", null, 22], [4, "seed-4", "stopped", null, 0], [5, "seed-5", "failed", null, 0],
    ]);
    expect(best["energy"]!.count).toBe(1);
    expect(summary(stopped)).toMatchObject({ best: {}, front: [], units: {} });
  });

  it("spreads of one value are none", () => {
    expect(spreadOf([3])).toEqual({ mean: 3, deviation: 0, minimum: 3, maximum: 3, count: 1 });
  });
});
