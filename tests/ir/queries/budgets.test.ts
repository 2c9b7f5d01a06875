/** Answers under budgets against looking at every architecture, on 200 random small spaces. */
import { describe, expect, it } from "vitest";
import type { CostTerm } from "../../../src/ir/space-queries.js";
import { spaceQueries } from "../../../src/ir/space-queries.js";
import type { Architecture, Space } from "../../../src/ir/space.js";
import { randomStream, type RandomStream } from "../../../src/random/stream.js";
import { everyMember, fullAssignment, randomSpace } from "../random-space.js";
import { entangledSpace, FEW_STEPS } from "./entangled-space.js";

/** Whole numbers, or numbers with a fraction, over a few variables each. */
function randomTerms(space: Space, random: RandomStream, whole: boolean): CostTerm[] {
  return Array.from({ length: 1 + random.integer(5) }, () => {
    const scope = space.variables.map(({ id }) => id).filter(() => random.uniform() < 0.3);
    return { scope, cells: Array.from({ length: scope.reduce((product, id) => product * space.variables[id]!.domain.length, 1) }, () => (whole ? 3 * random.integer(40) - 20 : random.normal())) };
  });
}

const costOf = (space: Space, terms: readonly CostTerm[], member: Architecture): number => {
  const assignment = fullAssignment(space, member);
  return terms.reduce((sum, { scope, cells }) => sum + cells[scope.reduce((index, id) => index * space.variables[id]!.domain.length + assignment[id]!, 0)]!, 0);
};

/** Two hundred spaces, with and without fractions, and bounds that are attained exactly or lie between. */
const cases = Array.from({ length: 200 }, (_, seed) => {
  const space = randomSpace(seed);
  const random = randomStream(seed, "budgets");
  const members = everyMember(space);
  const costs = [randomTerms(space, random, seed % 2 === 0), randomTerms(space, random, seed % 3 !== 0)];
  const values = costs.map((terms) => members.map((member) => costOf(space, terms, member)));
  const bounds = values.map((all) => (all.length === 0 ? 0 : all[random.integer(all.length)]! + (random.uniform() < 0.3 ? 0.01 : 0)));
  return { seed, space, members, costs, values, bounds };
});

describe("architectures within budgets", () => {
  it("are counted exactly, under one budget and under two", () => {
    for (const { seed, space, members, costs, values, bounds } of cases) {
      const queries = spaceQueries(space);
      for (const used of [[0], [0, 1]]) {
        const within = queries.within(used.map((at) => ({ terms: costs[at]!, bound: bounds[at]! })))!;
        const count = BigInt(members.filter((_, member) => used.every((at) => values[at]![member]! <= bounds[at]!)).length);
        expect([seed, within.exact, within.least, within.most]).toEqual([seed, true, count, count]);
      }
    }
  });

  it("are counted also under a condition that no table knows", () => {
    for (const { seed, space, members, costs, values, bounds } of cases) {
      const condition = (member: Architecture): boolean => member.reduce((sum, gene) => sum + gene, 0) % 2 === 0;
      const within = spaceQueries(space).within([{ terms: costs[0]!, bound: bounds[0]! }], { holds: (member) => costOf(space, costs[0]!, member) <= bounds[0]! && condition(member), stricter: true })!;
      const count = BigInt(members.filter((member, at) => values[0]![at]! <= bounds[0]! && condition(member)).length);
      expect([seed, within.least, within.most]).toEqual([seed, count, count]);
    }
  });

  it("are drawn and nothing else is", () => {
    for (const { seed, space, members, costs, values, bounds } of cases) {
      const inside = new Set(members.filter((_, at) => values.every((all, own) => all[at]! <= bounds[own]!)).map(String));
      const within = spaceQueries(space).within(costs.map((terms, at) => ({ terms, bound: bounds[at]! })))!;
      const random = randomStream(seed, "draws");
      for (let i = 0; i < 10; i++) {
        const drawn = within.draw(random);
        if (inside.size === 0) expect(drawn).toBeUndefined();
        else expect(inside.has(String(drawn))).toBe(true);
      }
    }
  });

  it("are drawn with equal probability", () => {
    // Pearson's chi-square; 99 % quantile by Wilson and Hilferty (1931). One test over all spaces: sums of chi-squares are chi-square.
    let [sum, degrees] = [0, 0];
    for (const { seed, space, members, costs, values, bounds } of cases) {
      const inside = members.filter((_, at) => values.every((all, own) => all[at]! <= bounds[own]!)).map(String);
      if (inside.length < 2 || inside.length > 100) continue;
      const within = spaceQueries(space).within(costs.map((terms, at) => ({ terms, bound: bounds[at]! })))!;
      const random = randomStream(seed, "chi-square");
      const counts = new Map<string, number>();
      const draws = 20 * inside.length;
      for (let i = 0; i < draws; i++) {
        const key = String(within.draw(random));
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      sum += inside.reduce((total, key) => total + ((counts.get(key) ?? 0) - 20) ** 2 / 20, 0);
      degrees += inside.length - 1;
    }
    expect(degrees).toBeGreaterThan(300);
    const spread = 2 / (9 * degrees);
    expect(sum).toBeLessThan(degrees * (1 - spread + 2.3263 * Math.sqrt(spread)) ** 3);
    expect(sum).toBeGreaterThan(degrees * (1 - spread - 2.3263 * Math.sqrt(spread)) ** 3);
  });
});

describe("the best architecture under a budget", () => {
  it("is first on the front, and the front is complete", () => {
    for (const { seed, space, members, costs, values, bounds } of cases) {
      const queries = spaceQueries(space);
      const front = queries.front(costs, [Infinity, bounds[1]!])!;
      const feasible = members.flatMap((_, at) => (values[1]![at]! <= bounds[1]! ? [[values[0]![at]!, values[1]![at]!] as const] : []));
      const unbeaten = feasible.filter((a) => !feasible.some((b) => b[0] <= a[0] && b[1] <= a[1] && (b[0] < a[0] || b[1] < a[1])));
      const wanted = [...new Map(unbeaten.map((pair) => [pair.join(), pair])).values()].sort((a, b) => a[0] - b[0]);
      const found = front.map((member) => costs.map((terms) => costOf(space, terms, member)));
      expect([seed, found.length]).toEqual([seed, wanted.length]);
      found.forEach((pair, at) => pair.forEach((cost, own) => expect(cost).toBeCloseTo(wanted[at]![own]!, 9)));
      const known = new Set(members.map(String));
      expect(front.filter((member) => !known.has(String(member)))).toEqual([]);
    }
  });

  it("is found under three costs as well", () => {
    for (const { seed, space, members, costs, values, bounds } of cases.slice(0, 80)) {
      const third = randomTerms(space, randomStream(seed, "third"), true);
      const front = spaceQueries(space).front([...costs, third], [Infinity, ...bounds.slice(1), Infinity])!;
      const feasible = members.flatMap((member, at) => (values[1]![at]! <= bounds[1]! ? [[values[0]![at]!, values[1]![at]!, costOf(space, third, member)]] : []));
      for (let own = 0; own < 3; own++) {
        const least = Math.min(...feasible.map((triple) => triple[own]!));
        if (feasible.length === 0) expect(front).toEqual([]);
        else expect(Math.min(...front.map((member) => costOf(space, [...costs, third][own]!, member)))).toBeCloseTo(least, 9);
      }
    }
  });
});

describe("histograms", () => {
  it("count every architecture in its bin, exactly where costs are whole", () => {
    for (const { seed, space, members, costs, values } of cases) {
      const whole = costs[0]!.every(({ cells }) => Array.from(cells).every(Number.isInteger));
      const histogram = spaceQueries(space).histogram([costs[0]!], 7);
      if (members.length === 0) { expect(histogram).toBeUndefined(); continue; }
      const { edges, counts, error } = histogram!;
      expect(counts.reduce((sum, count) => sum + count, 0n)).toBe(BigInt(members.length));
      if (whole) {
        expect([seed, error]).toEqual([seed, 0]);
        counts.forEach((count, bin) => {
          const last = bin === counts.length - 1;
          const inside = values[0]!.filter((value) => value >= edges[bin]! && (value < edges[bin + 1]! || (last && value <= edges[bin + 1]!)));
          expect(count).toBe(BigInt(inside.length));
        });
      } else {
        for (let bin = 1; bin < counts.length; bin++) {
          const below = counts.slice(0, bin).reduce((sum, count) => sum + count, 0n);
          expect(below).toBeGreaterThanOrEqual(BigInt(values[0]!.filter((value) => value < edges[bin]! - error).length));
          expect(below).toBeLessThanOrEqual(BigInt(values[0]!.filter((value) => value < edges[bin]! + error).length));
        }
      }
    }
  });

  it("of a greatest of sums take the greatest", () => {
    for (const { space, members, costs, values, seed } of cases.filter(({ seed }) => seed % 6 === 2 || seed % 6 === 4)) {
      const histogram = spaceQueries(space).histogram(costs, 5);
      if (members.length === 0) continue;
      const greatest = members.map((_, at) => Math.max(values[0]![at]!, values[1]![at]!));
      expect([seed, histogram!.error, histogram!.edges[0], histogram!.edges.at(-1)]).toEqual([seed, 0, Math.min(...greatest), Math.max(...greatest)]);
    }
  });
});

describe("a graph that is too wide", () => {
  it("is said to be so", () => {
    const queries = spaceQueries(entangledSpace(), FEW_STEPS);
    const terms = [{ scope: [0, 1], cells: Array.from({ length: 16 }, (_, cell) => cell) }];
    expect(queries.within([{ terms, bound: 3 }])).toBeUndefined();
    expect(queries.histogram([terms], 5)).toBeUndefined();
    expect(queries.front([terms], [])).toBeUndefined();
  });
});
