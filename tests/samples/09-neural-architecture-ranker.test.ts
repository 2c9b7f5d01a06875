/**
 * The spaces of the Neural Architecture Ranker against dossier 09, "Search space" and check 1 (verified there against the authors' example
 * files). NAS-Bench-201 counts a multiply-accumulate as one operation, batch norm as two per element, the last pooling as one per input
 * element, and no biases; NAS-Bench-101 two per multiply-accumulate, poolings per output element and tap, batch norm nothing.
 */
import { describe, expect, it } from "vitest";
import { bind } from "../../src/ir/bind.js";
import type { Net } from "../../src/ir/net.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { nodesOf } from "./forward.js";
import { distinctCells } from "./cells-of-101.js";
import { oneStep } from "./one-step.js";
import { countsOf, netNamed, readSample } from "./sample.js";

const program = readSample("09-neural-architecture-ranker");
const space = (name: string): NonNullable<ReturnType<typeof program.spaces.get>> => program.spaces.get(name)!;
const elements = (net: Net, operator: string, of: "input" | "output"): number[] => nodesOf(net, operator).map((node) => (of === "output" ? node.shape : net.nodes[node.inputs[0]!]!.shape).reduce((product, extent) => product * extent, 1));
const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** Operations as NAS-Bench-201 counts them. */
function operations201(net: Net, biases = 0): number {
  return countsOf(program, net).macs + 2 * sum(elements(net, "batch_norm", "output")) + sum(elements(net, "global_pool", "input")) + biases;
}

describe("09 neural architecture ranker", () => {
  it("has 5^6 cells of NAS-Bench-201, and three operators in each inner vertex of its graphs of NAS-Bench-101", () => {
    expect(spaceQueries(space("NasBench201")).count()).toBe(15_625n);
    expect(spaceQueries(space("NasBench101")).count()).toBe(1n + 2n * 3n + 9n + 3n ** 5n);
  });

  it("has 423,624 cells of NAS-Bench-101, counted without the language: a space counts networks by name, cells that differ in the order of vertices alone count there twice", () => {
    expect(distinctCells()).toBe(423_624);
  });

  it("has an example of 16,315,008 operations and 129,306 parameters in NAS-Bench-201, and the matrix of its operators", () => {
    const net = netNamed(program, "Example201");
    expect([operations201(net), countsOf(program, net).params]).toEqual([16_315_008, 129_306]);
    const [first, second, third, fourth, fifth, sixth] = program.architectures.get("Example201")!.architecture;
    expect([[0, first, second, fourth], [0, 0, third, fifth], [0, 0, 0, sixth], [0, 0, 0, 0]]).toEqual([[0, 4, 2, 2], [0, 0, 1, 1], [0, 0, 0, 1], [0, 0, 0, 0]]);
  });

  it("adds per edge k k C C H H + 2 C H H operations and k k C C + 2 C parameters, and nothing for the other kinds", () => {
    const of = (option: number): Net => bind(space("NasBench201"), [option, ...new Array<number>(5).fill(1)]);
    const still = of(1);
    for (const [option, kernel] of [[0, 0], [4, 0], [2, 1], [3, 3]] as const) {
      const stages = [[16, 32], [32, 16], [64, 8]] as const;
      const operations = kernel === 0 ? 0 : 5 * sum(stages.map(([c, h]) => kernel * kernel * c * c * h * h + 2 * c * h * h));
      const params = kernel === 0 ? 0 : 5 * sum(stages.map(([c]) => kernel * kernel * c * c + 2 * c));
      expect([operations201(of(option)) - operations201(still), countsOf(program, of(option)).params - countsOf(program, still).params]).toEqual([operations, params]);
    }
    expect([operations201(still), countsOf(program, still).params]).toEqual([7_877_248, 73_306]);
  });

  it("adds 64 operations and 65 parameters for a class more", () => {
    const eleven = readSample("09-neural-architecture-ranker", { CLASSES: "11" });
    const [more, less] = [netNamed(eleven, "Example201"), netNamed(program, "Example201")];
    expect([operations201(more) - operations201(less), countsOf(program, more).params - countsOf(program, less).params]).toEqual([64, 65]);
  });

  it("has an example of 8,555,530 parameters and 2,527,684,618 operations in NAS-Bench-101", () => {
    const net = netNamed(program, "Example101");
    const { params, macs } = countsOf(program, net);
    expect(params).toBe(8_555_530);
    // Fixed parts: the poolings between stacks (4 taps), the global one, and the ten biases of the classifier.
    const pools = nodesOf(net, "max_pool").map((node) => node.shape.reduce((product, extent) => product * extent, 1) * (node.attributes.size === 2 ? 4 : 9));
    // The stated total holds the sums at vertex 5 too (two additions per element), which the dossier does not mention.
    const sums = sum(elements(net, "plus", "output"));
    expect(sums).toBe(688_128);
    expect(2 * macs + sum(pools) + sums + sum(elements(net, "global_pool", "input")) + 10).toBe(2_527_684_618);
  });

  it.each([["NasBench201", { CELLS: "1", SIDE: "8", WIDTH: "8" }], ["NasBench101", { CELLS101: "1", SIDE: "8", WIDTH101: "16" }]])("%s runs one step of twenty networks at a reduced size", async (name, constants) => {
    expect(await oneStep("09-neural-architecture-ranker", name, constants)).toEqual([]);
  }, 300_000);
});
