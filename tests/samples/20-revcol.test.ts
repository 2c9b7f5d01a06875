/**
 * RevCol against dossier 20, "Configurations" (exact parameters with a plain head and with intermediate supervision, MACs at 224, all
 * recomputed from the published code; the published figures are rounded) and checks 20.1 and 20.2. MACs: convolutions and dense layers.
 */
import { describe, expect, it } from "vitest";
import { bind } from "../../src/ir/bind.js";
import type { Net } from "../../src/ir/net.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { programOf } from "../ir/check/programs.js";
import { randomValues, type Values } from "../ops/evaluate.js";
import { forward, nodesOf, type WeightRule } from "./forward.js";
import { oneStep } from "./one-step.js";
import { countsOf, netNamed, readSample } from "./sample.js";

const program = readSample("20-revcol");

/** One column whose stem and previous levels are inputs. */
const COLUMN = `import { Column } from "std/columns"
space S {
  input x: f32[8, 8, 4]
  input p0: f32[8, 8, 4]
  input p1: f32[4, 4, 8]
  input p2: f32[2, 2, 16]
  input p3: f32[1, 1, 32]
  levels = Column(x, [p0, p1, p2, p3], [1, 1, 2, 1])
  output c0 = levels[0]
  output c1 = levels[1]
  output c2 = levels[2]
  output c3 = levels[3]
}`;

const largest = (a: Values, b: Values): number => a.values.reduce((most, value, at) => Math.max(most, Math.abs(value - b.values[at]!)), 0);

/** The previous levels out of a column's outputs, from the highest: each is what its output holds beyond what its level computes. */
function inverted(net: Net, x: Values, outputs: readonly Values[], rule: WeightRule): readonly Values[] {
  const nodes = net.outputs.map(({ node }) => node);
  const unknown = (level: number): Values => ({ shape: outputs[level]!.shape, values: outputs[level]!.values.map(() => Number.NaN) });
  const found = [0, 1, 2, 3].map(unknown);
  for (const level of [3, 2, 1, 0]) {
    const inputs: Record<string | number, Values> = { x, p0: found[0]!, p1: found[1]!, p2: found[2]!, p3: found[3]! };
    // What a level computes may read the outputs of the levels below and the previous levels above: those are known by now.
    for (let below = 0; below < level; below++) inputs[nodes[below]!] = outputs[below]!;
    const sum = net.nodes[nodes[level]!]!;
    const computed = forward(net, inputs, rule)[sum.kind === "operator" ? sum.inputs[0]! : -1]!;
    found[level] = { shape: computed.shape, values: outputs[level]!.values.map((value, at) => (value - computed.values[at]!) / 0.5) };
  }
  return found;
}

describe("20 revcol", () => {
  it.each([
    ["T", 30_456_168, 4.517, 33_063_984], ["S", 60_568_424, 9.044, 63_176_240], ["B", 138_616_408, 16.585, 141_694_960],
    ["L", 273_095_400, 39.306, 280_372_272], ["XL", 833_807_400, 120.206, 851_958_576],
  ])("RevCol-%s has %d parameters, %f G MACs, and %d parameters with supervision (20, check 1)", (name, params, macs, supervised) => {
    const found = countsOf(program, netNamed(program, `RevCol_${name}`));
    expect([found.params, Math.round(found.macs / 1e6) / 1e3]).toEqual([params, macs]);
    expect(countsOf(program, netNamed(program, `Supervised_${name}`)).params).toBe(supervised);
  });

  it("RevCol-H, with its further link, has 2,157,600,160 parameters and 2,199,107,704 with supervision", () => {
    expect(["RevCol_H", "Supervised_H"].map((name) => countsOf(program, netNamed(program, name)).params)).toEqual([2_157_600_160, 2_199_107_704]);
  });

  it("does the work of larger images", () => {
    const large = readSample("20-revcol", { SIDE: "384" });
    expect(["B", "L", "XL"].map((name) => Number((countsOf(large, netNamed(large, `RevCol_${name}`)).macs / 1e9).toPrecision(name === "L" ? 4 : 3)))).toEqual([48.7, 115.5, 353]);
  });

  it("counts its networks, all of as many columns as they say", () => {
    expect(spaceQueries(program.spaces.get("RevCol")!).count()).toBe(3n * 5n * 2n * 2n * 4n * 3n * 2n);
    // A column has two levels that read the one above and three that read the one below; the first column reads no other.
    expect(nodesOf(netNamed(program, "RevCol_T"), "upsample").length).toBe(3 * 3);
    expect(nodesOf(netNamed(program, "RevCol_S"), "conv").length).toBe(1 + 8 * 3);
  });

  it.each([1e-6, 1])("can compute a column's input from its output, layer scales at %f (20, check 2)", (gamma) => {
    const net = bind(programOf(COLUMN).spaces.get("S")!, []);
    const rule: WeightRule = (node, { name, shape }) => (node.operator === "scale" && name === "factor" && node.attributes.factor === 0.000001 ? new Float64Array(shape[0]!).fill(gamma) : undefined);
    const x = randomValues("x", [2, 8, 8, 4]);
    const previous = [[8, 8, 4], [4, 4, 8], [2, 2, 16], [1, 1, 32]].map((shape, level) => randomValues(`p${level}`, [2, ...shape]));
    const values = forward(net, { x, p0: previous[0]!, p1: previous[1]!, p2: previous[2]!, p3: previous[3]! }, rule);
    const outputs = net.outputs.map(({ node }) => values[node]!);
    // float64; float32 is measured at 5e-7 to 4e-6.
    inverted(net, x, outputs, rule).forEach((level, at) => expect(largest(level, previous[at]!)).toBeLessThan(1e-11));
  });

  it.each(["RevCol", "Supervised"])("%s runs one step at a reduced size", async (space) => {
    expect(await oneStep("20-revcol", space, { SIDE: "32", CLASSES: "10", UNIT: "1" })).toEqual([]);
  }, 300_000);
});
