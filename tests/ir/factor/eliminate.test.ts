/** Elimination against summing over everything, on random factor graphs and every semiring. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backwardPass, eliminate, eliminateAlike, type KnownAttempts, type Problem } from "../../../src/ir/factor/eliminate.js";
import { entryCount, forEachEntry, lookUp, type Factor } from "../../../src/ir/factor/factor.js";
import { sumOut } from "../../../src/ir/factor/join.js";
import { greedyOrder, listedOrder } from "../../../src/ir/factor/order.js";
import { bigCounting, boolean, counting, leastNumber, probability, tropicalMaximum, tropicalMinimum, type Semiring } from "../../../src/ir/factor/semiring.js";
import { SparseTable } from "../../../src/ir/factor/sparse-table.js";
import { randomStream, type RandomStream } from "../../../src/random/stream.js";

const seeds = fc.integer({ min: 0, max: 1 << 20 });
const runs = { numRuns: 100 };

/** Relations, definitions, dense and sparse weights over up to eight variables; `weight` draws a value that may be zero. */
function randomProblem<T>(random: RandomStream, semiring: Semiring<T>, weight: (random: RandomStream) => T): Problem<T> {
  const sizes = Array.from({ length: 2 + random.integer(7) }, () => 1 + random.integer(3));
  const variables = sizes.map((_, id) => id);
  const factors = Array.from({ length: 1 + random.integer(8) }, (): Factor<T> => {
    const scope = variables.filter(() => random.uniform() < 0.35);
    const count = scope.reduce((product, id) => product * sizes[id]!, 1);
    const last = scope.at(-1);
    switch (random.integer(4)) {
      case 0: return { kind: "relation", scope, allowed: Uint8Array.from({ length: count }, () => (random.uniform() < 0.7 ? 1 : 0)) };
      case 1: {
        if (last === undefined) break;
        const options = sizes[last]!;
        return { kind: "definition", scope, options, table: Array.from({ length: count / options }, () => random.integer(options)) };
      }
      case 2: {
        const entries = new SparseTable<T>(semiring.cells);
        for (let index = 0; index < count; index++) {
          const value = weight(random);
          if (value !== semiring.zero && random.uniform() < 0.6) entries.add(index, value, semiring.plus);
        }
        return { kind: "sparse", scope, entries };
      }
    }
    const cells = semiring.cells(count);
    for (let i = 0; i < count; i++) cells[i] = weight(random);
    return { kind: "weights", scope, cells };
  });
  return { variables, sizes, factors };
}

function every(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>((all, size) => all.flatMap((prefix) => Array.from({ length: size }, (_, option) => [...prefix, option])), [[]]);
}

const at = <T>({ sizes }: Problem<T>, factor: Factor<T>, assignment: readonly number[]): number => factor.scope.reduce((index, id) => index * sizes[id]! + assignment[id]!, 0);

function product<T>(problem: Problem<T>, semiring: Semiring<T>, assignment: readonly number[]): T {
  return problem.factors.reduce((value, factor) => {
    const weight = lookUp(factor, at(problem, factor, assignment), semiring.zero, semiring.one);
    return value === semiring.zero || weight === semiring.zero ? semiring.zero : semiring.times(value, weight);
  }, semiring.one);
}

const total = <T>(problem: Problem<T>, semiring: Semiring<T>): T => every(problem.sizes).reduce((sum, assignment) => semiring.plus(sum, product(problem, semiring, assignment)), semiring.zero);

function agrees<T>(name: string, semiring: Semiring<T>, weight: (random: RandomStream) => T): void {
  it(`sums up as listing everything does: ${name}`, () => {
    fc.assert(fc.property(seeds, (seed) => {
      const problem = randomProblem(randomStream(seed, name), semiring, weight);
      expect(eliminate(problem, semiring)).toMatchObject({ kind: "eliminated", total: total(problem, semiring) });
    }), runs);
  });
}

describe("eliminate", () => {
  agrees("boolean", boolean, (random) => random.integer(2));
  agrees("counting", counting, (random) => random.integer(4));
  agrees("counting large", bigCounting, (random) => BigInt(random.integer(4)) * 10n ** 17n);
  agrees("minimum", tropicalMinimum, (random) => (random.integer(5) === 0 ? Infinity : random.integer(50) - 20));
  agrees("maximum", tropicalMaximum, (random) => (random.integer(5) === 0 ? -Infinity : random.integer(50) - 20));
  agrees("least number", leastNumber, (random) => BigInt(random.integer(6) - 1));
  // Eighths add and multiply without rounding here.
  agrees("probability", probability, (random) => random.integer(9) / 8);

  it("finds an optimum backwards", () => {
    fc.assert(fc.property(seeds, (seed) => {
      const problem = randomProblem(randomStream(seed, "optimum"), tropicalMinimum, (random) => random.integer(50));
      const elimination = eliminate(problem, tropicalMinimum);
      if (elimination.kind !== "eliminated" || elimination.total === Infinity) return;
      const assignment: number[] = [];
      backwardPass(elimination, problem.sizes, tropicalMinimum)((weights) => weights.indexOf(Math.min(...weights)), assignment);
      expect(product(problem, tropicalMinimum, assignment)).toBe(elimination.total);
    }), runs);
  });

  it("weighs every option backwards by what goes on with it", () => {
    fc.assert(fc.property(seeds, (seed) => {
      const random = randomStream(seed, "weights");
      const problem = randomProblem(random, counting, () => random.integer(3));
      const elimination = eliminate(problem, counting);
      if (elimination.kind !== "eliminated" || elimination.total === 0) return;
      const assignment: number[] = [];
      // The probability of the path taken, option by option, must be its weight in the whole.
      let chance = 1;
      backwardPass(elimination, problem.sizes, counting)((weights) => {
        const sum = weights.reduce((a, b) => a + b, 0);
        const open = weights.flatMap((weight, option) => (weight > 0 ? [option] : []));
        const option = open[random.integer(open.length)]!;
        chance *= weights[option]! / sum;
        return option;
      }, assignment);
      expect(chance).toBeCloseTo(product(problem, counting, assignment) / elimination.total, 10);
    }), runs);
  });

  it("finds the order for problems that differ in their weights alone once, and the same buckets as without", () => {
    // Eleven variables that all meet: few steps are not enough for any order.
    const variables = Array.from({ length: 11 }, (_, id) => id);
    const sizes = variables.map(() => 3);
    const thirds = [0, 1, 2].map((rest) => variables.filter((id) => id % 3 === rest));
    const random = randomStream(1, "alike");
    const problem = (): Problem<number> => ({
      variables, sizes, factors: [
        ...thirds.map((scope): Factor<number> => ({ kind: "weights", scope, cells: Float64Array.from({ length: 3 ** scope.length }, () => random.integer(100)) })),
        ...variables.flatMap((a) => variables.slice(a + 1).map((b): Factor<number> => ({ kind: "weights", scope: [a, b], cells: Float64Array.from({ length: 9 }, () => random.integer(100)) }))),
      ],
    });
    const known: KnownAttempts = new Map();
    for (const semiring of [tropicalMinimum, tropicalMaximum]) for (let at = 0; at < 3; at++) {
      const one = problem();
      for (const limit of [1 << 12, 1 << 21]) expect(eliminateAlike(one, semiring, known, limit)).toEqual(eliminate(one, semiring, limit));
    }
    expect([...known.values()].map((attempt) => ("kind" in attempt ? "too_wide" : "found"))).toEqual(["too_wide", "found"]);
  });

  it("notices numbers that are no longer exact", () => {
    const variables = Array.from({ length: 54 }, (_, id) => id);
    const problem = { variables, sizes: variables.map(() => 2), factors: [] };
    expect(eliminate<number>(problem, counting)).toEqual({ kind: "inexact" });
    expect(eliminate<bigint>(problem, bigCounting)).toMatchObject({ total: 2n ** 54n });
    expect(eliminate<number>({ ...problem, variables: variables.slice(2) }, counting)).toMatchObject({ total: 2 ** 52 });
  });

  it("gives up on what is too wide, and says how wide", () => {
    // A complete graph on 30 variables of 4 options: no order helps.
    const variables = Array.from({ length: 30 }, (_, id) => id);
    const factors = variables.flatMap((a) => variables.slice(a + 1).map((b): Factor<number> => ({ kind: "weights", scope: [a, b], cells: Float64Array.from({ length: 16 }, (_, cell) => cell + a) })));
    const result = eliminate<number>({ variables, sizes: variables.map(() => 4), factors }, tropicalMinimum, 1 << 18);
    expect(result).toEqual({ kind: "too_wide", width: 4 ** 30 });
  });
});

describe("sparse tables", () => {
  it("hold what a map holds, in its order, up to the largest indices", () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.oneof(fc.integer({ min: 0, max: 40 }), fc.maxSafeNat()), fc.integer({ min: -9, max: 9 })), { maxLength: 300 }), (pairs) => {
      const table = new SparseTable<number>((count) => new Float64Array(count));
      const map = new Map<number, number>();
      for (const [index, value] of pairs) {
        table.add(index, value, (a, b) => a + b);
        map.set(index, map.has(index) ? map.get(index)! + value : value);
      }
      expect(Array.from({ length: table.size }, (_, position) => [table.indexAt(position), table.valueAt(position)])).toEqual([...map]);
      for (const index of [...map.keys(), 41, 2 ** 52 + 1]) expect(table.valueOr(index, NaN)).toBe(map.get(index) ?? NaN);
    }), runs);
  });
});

describe("factors", () => {
  it("list exactly the entries that are not zero", () => {
    fc.assert(fc.property(seeds, (seed) => {
      const problem = randomProblem(randomStream(seed, "entries"), counting, (random) => random.integer(3));
      for (const factor of problem.factors) {
        const listed = new Map<number, number>();
        forEachEntry(factor, 0, 1, (index, value) => { listed.set(index, value); return true; });
        const size = factor.scope.reduce((count, id) => count * problem.sizes[id]!, 1);
        for (let index = 0; index < size; index++) expect(lookUp(factor, index, 0, 1)).toBe(listed.get(index) ?? 0);
        expect(listed.size).toBeLessThanOrEqual(entryCount(factor));
      }
    }), runs);
  });

  it("are summed out sparsely where the table would be large and empty", () => {
    // Eight variables of 64 options that all equal a ninth: 64 entries out of 64^8 combinations.
    const copies = [1, 2, 3, 4, 5, 6, 7, 8];
    const equal = copies.map((id): Factor<number> => ({ kind: "definition", scope: [0, id], options: 64, table: Array.from({ length: 64 }, (_, option) => option) }));
    const message = sumOut(equal, 0, new Array<number>(9).fill(64), counting, { left: 10_000 });
    expect(message).toMatchObject({ kind: "sparse", scope: copies });
    expect(message?.kind === "sparse" ? message.entries.size : 0).toBe(64);
  });
});

describe("orders", () => {
  it("follow chains and know their width", () => {
    const chain = Array.from({ length: 19 }, (_, id) => [id, id + 1]);
    const variables = Array.from({ length: 20 }, (_, id) => id);
    const sizes = variables.map(() => 3);
    expect(greedyOrder(variables, chain, sizes).width).toBeCloseTo(9, 8);
    expect(listedOrder(variables, chain, sizes).width).toBeCloseTo(9, 8);
    // A star taken from its hub joins all of its leaves; greedily the leaves go first.
    const star = variables.slice(1).map((id) => [0, id]);
    expect(listedOrder(variables, star, sizes).width).toBeCloseTo(3 ** 20, -2);
    expect(greedyOrder(variables, star, sizes).width).toBeCloseTo(9, 8);
  });
});
