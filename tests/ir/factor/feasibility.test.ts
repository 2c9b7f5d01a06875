/** "Is there an architecture in which all of this holds?" against enumeration; and what adapted decisions mean for it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ChanceWitness } from "../../../src/ir/factor/chance.js";
import { FeasibilityCheck, feasible } from "../../../src/ir/factor/feasibility.js";
import { relation, spaceGraph } from "../../../src/ir/factor/space-factors.js";
import type { Space, Value } from "../../../src/ir/space.js";
import { randomStream } from "../../../src/random/stream.js";
import { layeredSpace } from "../queries/layered-space.js";
import { cellAt, everyMember, fullAssignment, randomSpace } from "../random-space.js";

const seeds = fc.integer({ min: 0, max: 1 << 20 });

function randomConditions(space: Space, seed: number): Value<boolean>[] {
  const random = randomStream(seed, "conditions");
  return Array.from({ length: 1 + random.integer(3) }, () => {
    const scope = space.variables.map(({ id }) => id).filter(() => random.uniform() < 0.3);
    const count = scope.reduce((product, id) => product * space.variables[id]!.domain.length, 1);
    return { scope, cells: Array.from({ length: count }, () => (random.uniform() < 0.1 ? undefined : random.uniform() < 0.4)) };
  });
}

describe("FeasibilityCheck", () => {
  it("finds a witness exactly where some architecture meets the conditions", () => {
    fc.assert(fc.property(seeds, (seed) => {
      const space = randomSpace(seed);
      const members = everyMember(space);
      const check = new FeasibilityCheck(space.variables, space.constraints, "largest");
      expect(check.isEmpty().kind).toBe(members.length === 0 ? "none" : "witness");
      if (members.length === 0) return;
      const conditions = randomConditions(space, seed);
      const holds = (assignment: readonly number[]): boolean => conditions.every((condition) => cellAt(space, condition, assignment) === true);
      const fitting = members.filter((member) => holds(fullAssignment(space, member)));
      const found = check.find(conditions);
      expect(found.kind).toBe(fitting.length > 0 ? "witness" : "none");
      if (found.kind === "witness") expect(fitting.some((member) => fullAssignment(space, member).every((option, id) => (found.assignment.get(id) ?? option) === option))).toBe(true);
    }), { numRuns: 150 });
  });

  it("lets adapted decisions take any option, because every network they stand for must be sound", () => {
    const { variables, constraints } = layeredSpace(1);
    const smallest: Value<boolean> = { scope: [4], cells: [true, false] };
    expect(variables[4]).toMatchObject({ path: "run", binding: "adapt" });
    expect(feasible(variables, constraints, [smallest]).kind).toBe("witness");
    expect(new FeasibilityCheck(variables, constraints, "largest").find([smallest]).kind).toBe("none");
  });

  it("decides in chains of hundreds of decisions", () => {
    const { variables } = layeredSpace(200);
    const last = variables.findLast((variable) => variable.kind === "decision" && variable.path === "mix[200]")!;
    const depth: Value<boolean> = { scope: [1], cells: Array.from({ length: 200 }, (_, option) => option === 100) };
    const shift: Value<boolean> = { scope: [last.id], cells: [false, true, false] };
    expect(feasible(variables, [], [shift]).kind).toBe("witness");
    expect(feasible(variables, [], [shift, depth]).kind).toBe("none");
  });
});

describe("a witness by chance", () => {
  it("is an architecture that meets the conditions, and is mostly found where there is one", () => {
    const tally = { there: 0, found: 0 };
    for (let seed = 0; seed < 300; seed++) {
      const space = randomSpace(seed);
      const conditions = randomConditions(space, seed);
      const fitting = everyMember(space).map((member) => fullAssignment(space, member)).filter((assignment) => conditions.every((condition) => cellAt(space, condition, assignment) === true));
      const found = new ChanceWitness(spaceGraph(space.variables, space.constraints)).find(conditions.flatMap((condition) => relation(condition, (cell) => cell === true)), 200);
      if (found !== undefined) expect(fitting.some((assignment) => assignment.every((option, id) => found.get(id) === option))).toBe(true);
      if (fitting.length > 0) tally.there++;
      if (found !== undefined) tally.found++;
    }
    expect(tally.there).toBeGreaterThan(50);
    expect(tally.found).toBeGreaterThan(0.95 * tally.there);
  });
});
