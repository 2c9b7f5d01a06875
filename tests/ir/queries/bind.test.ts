/** Binding, hashes and descriptions on random spaces, against following the output by hand. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bind } from "../../../src/ir/bind.js";
import { describeArchitecture } from "../../../src/ir/describe.js";
import { hashArchitecture, hashSpace } from "../../../src/ir/hash.js";
import type { Space } from "../../../src/ir/space.js";
import { cellAt, everyMember, fullAssignment, randomSpace } from "../random-space.js";

const seeds = fc.integer({ min: 0, max: 1 << 20 });
const runs = { numRuns: 100 };

/** The output as one nested expression, shared parts written again. */
function expression(space: Space, assignment: readonly number[], id: number): string {
  const node = space.nodes[id]!;
  if (node.kind === "input") return node.name;
  if (node.kind === "select") return expression(space, assignment, node.inputs[cellAt(space, node.selector, assignment)!]!);
  const attributes = Object.entries(node.attributes).map(([name, value]) => `${name}=${JSON.stringify(cellAt(space, value, assignment))}`);
  return `${node.path}:${node.operator}(${[...node.inputs.map((input) => expression(space, assignment, input)), ...attributes].join()})[${String(cellAt(space, node.shape, assignment))}]`;
}

describe("bind", () => {
  it("gives the network behind the output, and only that", () => {
    fc.assert(fc.property(seeds, (seed) => {
      const space = randomSpace(seed);
      for (const member of everyMember(space).slice(0, 20)) {
        const net = bind(space, member);
        const assignment = fullAssignment(space, member);
        const written = (id: number): string => {
          const node = net.nodes[id]!;
          if (node.kind === "input") return node.name;
          expect(node.inputs.every((input) => input < node.id)).toBe(true);
          return `${node.path}:${node.operator}(${[...node.inputs.map(written), ...Object.entries(node.attributes).map(([name, value]) => `${name}=${JSON.stringify(value)}`)].join()})[${node.shape.join()}]`;
        };
        expect(net.nodes.map((node) => node.id)).toEqual(net.nodes.map((_, at) => at));
        expect(net.outputs.map(({ node }) => written(node))).toEqual(space.outputs.map(({ node }) => expression(space, assignment, node)));
        // As many nodes as the space says are active: none is dead, none is missing.
        const active = space.nodes.filter((node) => node.kind !== "select" && cellAt(space, node.guard, assignment) === true);
        expect(net.nodes.map((node) => node.path)).toEqual(active.map((node) => node.path));
      }
    }), runs);
  });

  it("has one hash and one description per architecture", () => {
    fc.assert(fc.property(seeds, (seed) => {
      const space = randomSpace(seed);
      const members = everyMember(space);
      const hashes = members.map((member) => hashArchitecture(space, member));
      expect(new Set(hashes).size).toBe(members.length);
      expect(hashes.every((hash) => /^[0-9a-f]{12}$/.test(hash))).toBe(true);
      expect(new Set(members.map((member) => JSON.stringify(describeArchitecture(space, member)))).size).toBe(members.length);
      expect(hashSpace(space)).toMatch(/^[0-9a-f]{16}$/);
      expect(hashSpace(randomSpace(seed))).toBe(hashSpace(space));
    }), runs);
  });
});
