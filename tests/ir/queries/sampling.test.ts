/** Do draws have the distributions they promise? Pearson's chi-square against exact probabilities, at fixed seeds. */
import { describe, expect, it } from "vitest";
import { constantValue } from "../../../src/ir/values.js";
import { VariablePool } from "../../../src/ir/variable-pool.js";
import type { Architecture, Constraint, Space } from "../../../src/ir/space.js";
import { spaceQueries } from "../../../src/ir/space-queries.js";
import { randomStream, type RandomStream } from "../../../src/random/stream.js";
import { cellAt, everyMember, fullAssignment, randomSpace } from "../random-space.js";
import { layeredSpace } from "./layered-space.js";

const DRAWS = 4000;

/**
 * By how many times its own standard deviation chi-square exceeds its mean, less four: negative where the draws fit. Outcomes that are
 * expected fewer than five times are taken together.
 */
function misfit(draw: (random: RandomStream) => Architecture, expected: ReadonlyMap<string, number>, seed: number): number {
  const random = randomStream(seed, "chi-square");
  const counts = new Map<string, number>();
  for (let i = 0; i < DRAWS; i++) {
    const key = draw(random).join();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  expect([...counts.keys()].filter((key) => !expected.has(key))).toEqual([]);
  const rare = { expected: 0, observed: 0 };
  let sum = 0;
  let cells = 0;
  const add = (observed: number, mean: number): void => { sum += (observed - mean) ** 2 / mean; cells++; };
  for (const [key, probability] of expected) {
    const mean = probability * DRAWS;
    if (mean >= 5) add(counts.get(key) ?? 0, mean);
    else { rare.expected += mean; rare.observed += counts.get(key) ?? 0; }
  }
  if (rare.expected >= 5) add(rare.observed, rare.expected);
  const degrees = cells - 1;
  expect(degrees).toBeGreaterThan(0);
  return (sum - degrees) / Math.sqrt(2 * degrees) - 4;
}

const uniformOver = (space: Space): ReadonlyMap<string, number> => {
  const members = everyMember(space);
  return new Map(members.map((member) => [member.join(), 1 / members.length]));
};

/** Every active decision uniform over what it may take, given that the result is a member. */
function pathDistribution(space: Space): ReadonlyMap<string, number> {
  const weights = everyMember(space).map((member) => {
    const assignment = fullAssignment(space, member);
    const probability = space.variables.reduce((product, variable) => {
      if (variable.kind !== "decision" || variable.binding === "adapt" || cellAt(space, variable.guard, assignment) !== true) return product;
      return product / variable.allowed.filter((value) => cellAt(space, value, assignment) === true).length;
    }, 1);
    return [member.join(), probability] as const;
  });
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  return new Map(weights.map(([key, weight]) => [key, weight / total]));
}

/** Spaces with between 5 and 300 members. */
const spaces = Array.from({ length: 60 }, (_, seed) => randomSpace(seed)).filter((space) => {
  const { length } = everyMember(space);
  return length >= 5 && length <= 300;
}).slice(0, 12);

describe("sampleUniform", () => {
  it("draws every member equally often", () => {
    expect(spaces.length).toBe(12);
    for (const [at, space] of spaces.entries()) expect(misfit(spaceQueries(space).sampleUniform, uniformOver(space), at)).toBeLessThan(0);
  });

  it("is told from other distributions by this test", () => {
    const space = layeredSpace(2);
    expect(misfit(spaceQueries(space).samplePath, uniformOver(space), 0)).toBeGreaterThan(1);
  });

  it("draws from more networks than numbers count exactly", () => {
    const space = layeredSpace(60);
    const queries = spaceQueries(space);
    expect(queries.count()).toBe(3n * (4n ** 60n - 1n));
    const random = randomStream(1, "large");
    const depths = new Map<number, number>();
    for (let i = 0; i < 400; i++) {
      const member = queries.sampleUniform(random);
      expect(queries.isMember(member)).toBe(true);
      depths.set(member[1]!, (depths.get(member[1]!) ?? 0) + 1);
    }
    // Three quarters of all networks have the full depth, a sixteenth of the rest the last but one: 300 +- 5 deviations.
    expect(depths.get(59)).toBeGreaterThan(257);
    expect(depths.get(59)).toBeLessThan(343);
  });
});

describe("samplePath", () => {
  it("takes every active decision uniformly, given the constraints", () => {
    for (const [at, space] of spaces.entries()) expect(misfit(spaceQueries(space).samplePath, pathDistribution(space), at)).toBeLessThan(0);
  });

  /** `rounds` decisions of 0..3 and a running sum that must end at `total`. */
  function sumSpace(rounds: number, total: number): Space {
    const pool = new VariablePool();
    let sum = pool.constant<number>(0);
    for (let round = 1; round <= rounds; round++) {
      const id = pool.addDecision({ path: `step[${round}]`, domain: [0, 1, 2, 3], labels: ["0", "1", "2", "3"] });
      sum = pool.materialise(pool.combine([sum, pool.read(id)], (before, step) => before + (step as number)), `sum${round}`);
    }
    const constraints: Constraint[] = [{ condition: pool.map(sum, (value) => value === total), text: `sum == ${total}` }];
    const shape = constantValue<readonly number[]>([1]);
    return { name: "Sums", variables: [...pool.variables], nodes: [{ kind: "input", id: 0, name: "x", element: "f32", shape, guard: constantValue(true), path: "x" }], inputs: [0], outputs: [{ name: "y", node: 0 }], constraints, sharing: "slice" };
  }

  it("finds members where drawing again is hopeless", () => {
    // 24 steps that add up to 70 of at most 72: 24 + 24 * 23 / 2 of 4^24 paths.
    const space = sumSpace(24, 70);
    const queries = spaceQueries(space);
    expect(queries.count()).toBe(300n);
    const random = randomStream(3, "hopeless");
    for (let i = 0; i < 50; i++) {
      expect(queries.samplePath(random).reduce((sum, step) => sum + step, 0)).toBe(70);
      expect(queries.isMember(queries.sampleUniform(random))).toBe(true);
    }
  });

  it("has the same distribution when it has to be exact", () => {
    // 21 of 4^6 paths: most calls run out of draws by chance.
    const space = sumSpace(6, 16);
    expect(misfit(spaceQueries(space).samplePath, pathDistribution(space), 9)).toBeLessThan(0);
    expect(pathDistribution(space).size).toBe(21);
  });

  it("depends on the stream alone, not on what was asked before", () => {
    const space = layeredSpace(4);
    const [first, second] = [spaceQueries(space), spaceQueries(space)];
    second.count();
    second.samplePath(randomStream(8, "other"));
    for (let step = 0; step < 20; step++) {
      expect(second.samplePath(randomStream(7, "path", step))).toEqual(first.samplePath(randomStream(7, "path", step)));
      expect(second.sampleUniform(randomStream(7, "path", step))).toEqual(first.sampleUniform(randomStream(7, "path", step)));
    }
  });
});

describe("adapted decisions", () => {
  it("stand at their largest option and do not multiply networks", () => {
    const space = layeredSpace(1);
    const queries = spaceQueries(space);
    const at = 4;
    expect(space.variables[at]).toMatchObject({ path: "run", binding: "adapt" });
    expect(queries.count()).toBe(9n);
    expect(queries.canonicalize([0, 0, 0, 0, 0])).toEqual([0, 0, 0, 0, 1]);
    expect(queries.isMember([0, 0, 0, 0, 0])).toBe(false);
    expect(queries.samplePath(randomStream(0, "adapt"))[at]).toBe(1);
    expect(queries.sampleUniform(randomStream(0, "adapt"))[at]).toBe(1);
  });
});
