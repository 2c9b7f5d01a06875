/** Exact queries against looking at every vector of genes, on random spaces. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spaceQueries } from "../../../src/ir/space-queries.js";
import { evaluateValue } from "../../../src/ir/values.js";
import { randomStream } from "../../../src/random/stream.js";
import { entangledSpace, FEW_STEPS } from "./entangled-space.js";
import { everyMember, fullAssignment, randomSpace } from "../random-space.js";

const seeds = fc.integer({ min: 0, max: 1 << 20 });
const runs = { numRuns: 200 };

describe("queries on random spaces", () => {
  it("count the members", () => {
    fc.assert(fc.property(seeds, (seed) => {
      const space = randomSpace(seed);
      expect(spaceQueries(space).count()).toBe(BigInt(everyMember(space).length));
    }), runs);
  });

  it("tell members from others, and find all variables", () => {
    fc.assert(fc.property(seeds, (seed) => {
      const space = randomSpace(seed);
      const queries = spaceQueries(space);
      const members = new Set(everyMember(space).map((member) => member.join()));
      const random = randomStream(seed, "genes");
      for (let i = 0; i < 15; i++) {
        const genes = space.variables.flatMap((variable) => (variable.kind === "decision" ? [random.integer(variable.domain.length)] : []));
        expect(queries.assignment(genes)).toEqual(fullAssignment(space, genes));
        expect(queries.isMember(genes)).toBe(members.has(genes.join()));
        const canonical = queries.canonicalize(genes);
        expect(queries.canonicalize(canonical)).toEqual(canonical);
        if (members.has(genes.join())) expect(canonical).toEqual(genes);
      }
    }), runs);
  });

  it("make inactive decisions their first option", () => {
    fc.assert(fc.property(seeds, (seed) => {
      const space = randomSpace(seed);
      const queries = spaceQueries(space);
      const random = randomStream(seed, "genes");
      const genes = space.variables.flatMap((variable) => (variable.kind === "decision" ? [random.integer(variable.domain.length)] : []));
      const assignment = queries.assignment(queries.canonicalize(genes));
      let gene = 0;
      for (const variable of space.variables) {
        if (variable.kind !== "decision") continue;
        const given = genes[gene++];
        if (evaluateValue(space, variable.guard, assignment) !== true) expect(assignment[variable.id]).toBe(0);
        else if (variable.binding === "choose") expect(assignment[variable.id]).toBe(given);
      }
    }), runs);
  });

  it("draw members only, and throw where there are none", () => {
    fc.assert(fc.property(seeds, (seed) => {
      const space = randomSpace(seed);
      const queries = spaceQueries(space);
      const members = new Set(everyMember(space).map((member) => member.join()));
      const random = randomStream(seed, "draws");
      if (members.size === 0) {
        expect(() => queries.samplePath(random)).toThrow(/no architecture/);
        expect(() => queries.sampleUniform(random)).toThrow(/no architecture/);
        return;
      }
      const draws = Array.from({ length: 20 }, () => [queries.samplePath(random).join(), queries.sampleUniform(random).join()]).flat();
      expect(draws.filter((draw) => !members.has(draw))).toEqual([]);
    }), runs);
  });

  it("find the least and greatest sum of costs", () => {
    fc.assert(fc.property(seeds, (seed) => {
      const space = randomSpace(seed);
      const queries = spaceQueries(space);
      const random = randomStream(seed, "costs");
      const terms = Array.from({ length: 1 + random.integer(5) }, () => {
        const scope = space.variables.map(({ id }) => id).filter(() => random.uniform() < 0.3);
        return { scope, cells: Array.from({ length: scope.reduce((product, id) => product * space.variables[id]!.domain.length, 1) }, () => random.integer(100) - 20) };
      });
      const costs = everyMember(space).map((member) => {
        const assignment = fullAssignment(space, member);
        return terms.reduce((sum, { scope, cells }) => sum + cells[scope.reduce((index, id) => index * space.variables[id]!.domain.length + assignment[id]!, 0)]!, 0);
      });
      for (const direction of ["minimum", "maximum"] as const) {
        const found = queries.extreme(terms, direction);
        if (costs.length === 0) expect(found).toBeUndefined();
        else {
          expect(found!.value).toBe(direction === "minimum" ? Math.min(...costs) : Math.max(...costs));
          expect(costs[everyMember(space).findIndex((member) => member.join() === found!.architecture.join())]).toBe(found!.value);
          expect(queries.extreme(terms, direction)).toEqual(found);
        }
      }
    }), runs);
  });
});

describe("queries on a space that is too entangled", () => {
  it("are given up in time, and drawing goes on by trying", () => {
    const queries = spaceQueries(entangledSpace(), FEW_STEPS);
    expect(queries.count()).toBeUndefined();
    expect(queries.extreme([{ scope: [0, 1], cells: Array.from({ length: 16 }, (_, cell) => cell) }], "minimum")).toBeUndefined();
    const random = randomStream(1, "entangled");
    for (let i = 0; i < 5; i++) {
      expect(queries.isMember(queries.samplePath(random))).toBe(true);
      expect(queries.isMember(queries.sampleUniform(random))).toBe(true);
    }
  });
});
