/** Sound spaces and networks pass; each way of breaking one is found. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bind } from "../../src/ir/bind.js";
import type { Net } from "../../src/ir/net.js";
import type { Space, SpaceNode, Variable } from "../../src/ir/space.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { verifyNet, verifySpace } from "../../src/ir/verify.js";
import { randomStream } from "../../src/random/stream.js";
import { layeredSpace } from "./queries/layered-space.js";
import { everyMember, randomSpace, testOperators } from "./random-space.js";

const seeds = fc.integer({ min: 0, max: 1 << 20 });

describe("verifySpace", () => {
  it("passes random spaces and their networks", () => {
    fc.assert(fc.property(seeds, (seed) => {
      const space = randomSpace(seed);
      const members = everyMember(space);
      if (members.length === 0) return;
      expect(verifySpace(space, testOperators)).toEqual([]);
      for (const member of members.slice(0, 5)) expect(verifyNet(bind(space, member), testOperators)).toEqual([]);
    }), { numRuns: 100 });
  });

  const sound = layeredSpace(2);
  const always = { scope: [], cells: [true] };
  const variable = (id: number, changes: object): Space => ({ ...sound, variables: sound.variables.map((old) => (old.id === id ? { ...old, ...changes } as Variable : old)) });
  const node = (id: number, changes: object): Space => ({ ...sound, nodes: sound.nodes.map((old) => (old.id === id ? { ...old, ...changes } as SpaceNode : old)) });
  const cases: readonly (readonly [string, Space])[] = [
    ["decision `depth` has id 4 at place 1", variable(1, { id: 4 })],
    ["the decision `width` occurs twice", variable(1, { path: "width" })],
    ["decision `depth` has 1 labels for 2 options", variable(1, { labels: ["1"] })],
    ["decision `depth`: the label `1` occurs twice", variable(1, { labels: ["1", "1"] })],
    ["the guard of decision `depth` has 2 cells instead of 3", variable(1, { guard: { scope: [0], cells: [true, false] } })],
    ["the guard of decision `depth` has a scope that does not ascend: 1, 0", variable(1, { guard: { scope: [1, 0], cells: new Array(6).fill(true) } })],
    ["the guard of decision `depth` depends on variable 77, which does not exist", variable(1, { guard: { scope: [77], cells: [] } })],
    ["derived variable 1 `d` follows from variable 3, which comes later", variable(1, { kind: "derived", name: "d", parents: [3], table: [0, 1] })],
    ["the table of derived variable 1 `d` has the entry 9 for 2 options", variable(1, { kind: "derived", name: "d", parents: [0], table: [0, 1, 9] })],
    ["node `conv` reads node 1, which does not come before it", node(1, { inputs: [1] })],
    ["node `conv` is never active", node(1, { guard: { scope: [], cells: [false] } })],
    ["the node `image` occurs twice", node(1, { path: "image" })],
    ["node `conv` selects alternative 1 of 1", node(1, { kind: "select", selector: { scope: [], cells: [1] } })],
    ["the attribute `filters` of node `conv` has 1 cells instead of 3", node(1, { attributes: { filters: { scope: [0], cells: [16] } } })],
    ["node `conv` is of the unknown operator `mystery`", node(1, { operator: "mystery" })],
    ["node `conv` has the shape [8, 8, 16] instead of [8, 8, 24]", node(1, { shape: { scope: [], cells: [[8, 8, 16]] } })],
    ["output `classes` is node 9, which does not exist", { ...sound, outputs: [{ name: "classes", node: 9 }] }],
    ["no output needs node `conv`", { ...sound, outputs: [{ name: "classes", node: 0 }] }],
    ["the space has no output", { ...sound, outputs: [] }],
    ["the list of inputs is not the list of input nodes", { ...sound, inputs: [] }],
    ["the requirement `r` has 1 cells instead of 3", { ...sound, constraints: [{ condition: { scope: [0], cells: [true] }, text: "r" }] }],
    ["in architecture [0,0,0,0,0,0,1]: node `more` is active but not needed", { ...sound, variables: variable(0, { guard: { scope: [], cells: [false] } }).variables.map((old) => (old.kind === "decision" && old.id > 0 && old.id < 6 ? { ...old, guard: { scope: [], cells: [false] } } : old)), nodes: [...sound.nodes, { ...sound.nodes[1]!, id: 2, path: "more" } as SpaceNode, { kind: "select", id: 3, inputs: [1, 2], selector: { scope: [], cells: [0] }, guard: always, shape: sound.nodes[1]!.shape, path: "one" }], outputs: [{ name: "classes", node: 3 }] }],
  ];
  it.each(cases)("finds that %s", (problem, space) => {
    expect(verifySpace(space, testOperators)).toContain(problem);
  });

  it("overlooks wrong shapes where no architecture comes, and only there", () => {
    const shape = { scope: [0], cells: [[8, 8, 16], [8, 8, 24], [1]] };
    expect(verifySpace(node(1, { shape }), testOperators)).toEqual(["node `conv` has the shape [1] instead of [8, 8, 32]"]);
    const unreachable = { ...node(1, { shape }), constraints: [{ condition: { scope: [0], cells: [true, true, false] }, text: "width < 32" }] };
    expect(verifySpace(unreachable, testOperators)).toEqual([]);
  });
});

describe("verifyNet", () => {
  const space = layeredSpace(1);
  const sound = bind(space, spaceQueries(space).samplePath(randomStream(0, "net")));
  const change = (id: number, changes: object): Net => ({ ...sound, nodes: sound.nodes.map((old) => (old.id === id ? { ...old, ...changes } : old)) });
  const cases: readonly (readonly [string, Net])[] = [
    ["node `conv` has id 3 at place 1", change(1, { id: 3 })],
    ["node `conv` reads node 1, which does not come before it", change(1, { inputs: [1] })],
    ["node `conv` has the shape [0, 8, 1]", change(1, { shape: [0, 8, 1] })],
    ["node `conv` takes 2 inputs", change(1, { inputs: [0, 0] })],
    ["node `conv` has the shape [9, 9, 9] instead of [8, 8, 7]", change(1, { shape: [9, 9, 9], attributes: { filters: 7 } })],
    ["node `conv` is of the unknown operator `mystery`", change(1, { operator: "mystery" })],
    ["no output needs node `conv`", { ...sound, outputs: [{ name: "classes", node: 0 }] }],
    ["the network has no output", { ...sound, outputs: [] }],
  ];
  it.each(cases)("finds that %s", (problem, net) => {
    expect(verifyNet(sound, testOperators)).toEqual([]);
    expect(verifyNet(net, testOperators)).toContain(problem);
  });
});
