/**
 * Passes over networks give the same outputs: written programs with weights drawn at random (no batch norm at its initial values), run
 * before and after in float64 on the reference library.
 */
import { describe, expect, it } from "vitest";
import { bind } from "../../../src/ir/bind.js";
import type { Net } from "../../../src/ir/net.js";
import { foldBatchNorm } from "../../../src/ir/passes/fold-batch-norm.js";
import { mergeBranches } from "../../../src/ir/passes/merge-branches.js";
import { mergeChains } from "../../../src/ir/passes/merge-chains.js";
import type { WeightedNet } from "../../../src/ir/passes/weighted-net.js";
import { verifyNet } from "../../../src/ir/verify.js";
import { expectClose, randomValues, weightsOf, type Values } from "../../ops/evaluate.js";
import { forward, nodesOf } from "../../samples/forward.js";
import { programOf } from "../check/programs.js";

type Pass = (weighted: WeightedNet) => WeightedNet;

function netOf(body: string, input: string): Net {
  return bind(programOf(`block Body(x) {\n${body}\n}\nspace S {\n  input x: ${input}\n  output y = x -> Body\n}`).spaces.get("S")!, []);
}

/** Random weights by path; variances above zero. */
function weightOf(path: string, name: string, shape: readonly number[]): number[] {
  const values = [...randomValues(`${path}/${name}`, shape).values];
  return name === "variance" ? values.map((value) => 0.2 + value * value) : values;
}

/** A network with such weights; a pass numbers nodes anew, but their paths stay. */
function weighted(net: Net): WeightedNet {
  const shapes = new Map(net.nodes.flatMap((node) => (node.kind === "operator" ? weightsOf(node.operator, node.inputs.map((id) => net.nodes[id]!.shape), node.attributes).map(({ name, shape }) => [`${node.path} ${name}`, shape] as const) : [])));
  return { net, weight: (node, name) => weightOf(node.path, name, shapes.get(`${node.path} ${name}`)!) };
}

function outputOf({ net, weight }: WeightedNet, x: Values): Values {
  return forward(net, { x }, (node, { name }) => Array.from(weight(node, name)))[net.outputs[0]!.node]!;
}

const operatorsOf = (net: Net): string[] => net.nodes.flatMap((node) => (node.kind === "operator" ? [node.operator] : []));

/** A network before and after a pass, which must give the same. */
function compare(body: string, pass: Pass, input = "f32[7, 6, 4]"): { readonly before: Net; readonly after: Net } {
  const net = netOf(body, input);
  const start = weighted(net);
  const after = pass(start);
  expect(verifyNet(after.net)).toEqual([]);
  const x = randomValues("x", [2, ...net.nodes[0]!.shape]);
  expectClose(outputOf(after, x), outputOf(start, x).values);
  return { before: net, after: after.net };
}

describe("foldBatchNorm", () => {
  it.each([
    ["conv", "conv(6, kernel = 3, stride = 2)"], ["conv with bias", "conv(6, kernel = [1, 3], bias = true)"], ["groups", "conv(6, groups = 2)"],
    ["depthwise", "depthwise(kernel = 5, multiplier = 2)"], ["dense", "dense(5)"],
  ])("folds into %s, dilated or not", (_name, layer) => {
    const { after } = compare(`return x -> ${layer} -> batch_norm -> identity -> relu`, foldBatchNorm);
    expect(operatorsOf(after)).toHaveLength(2);
  });

  it("folds through a mean into the classifiers behind, and several norms and numbers in a row", () => {
    const { after } = compare("h = (x -> conv(5) -> batch_norm -> batch_norm) * 0.5\ny = h -> relu -> batch_norm -> global_pool\nz = y -> dense(3) -> relu\nreturn z + (y -> dense(3))", foldBatchNorm);
    expect(nodesOf(after, "batch_norm")).toEqual([]);
    expect(nodesOf(after, "dense")).toHaveLength(2);
  });

  it("folds into a pointwise layer behind, and not where zeros come between or somebody else reads", () => {
    expect(operatorsOf(compare("return x -> relu -> batch_norm -> conv(3, kernel = 1)", foldBatchNorm).after)).toEqual(["relu", "conv"]);
    expect(operatorsOf(compare("return x -> relu -> batch_norm -> conv(3, padding = valid)", foldBatchNorm).after)).toEqual(["relu", "conv"]);
    expect(operatorsOf(compare("return x -> relu -> batch_norm -> conv(3)", foldBatchNorm).after)).toEqual(["relu", "batch_norm", "conv"]);
    expect(operatorsOf(compare("y = x -> conv(4)\nreturn (y -> batch_norm) + y", foldBatchNorm).after)).toEqual(["conv", "batch_norm", "plus"]);
    expect(operatorsOf(compare("return x -> add(3) -> batch_norm", foldBatchNorm).after)).toEqual(["add", "batch_norm"]);
    expect(operatorsOf(compare("return x -> global_pool(kind = max) -> batch_norm", foldBatchNorm).after)).toEqual(["global_pool", "batch_norm"]);
  });

  it("leaves learned factors alone", () => {
    expect(operatorsOf(compare("return x -> conv(4) -> batch_norm -> scale(0.1, learned = true)", foldBatchNorm).after)).toEqual(["conv", "scale"]);
  });
});

describe("mergeChains", () => {
  it.each([
    [3, 1, "same"], [3, 2, "same"], [5, 1, "same"], [5, 2, "same"], [3, 2, "pixels(top = 1, bottom = 1, left = 1, right = 1)"], [3, 1, "pixels(top = 2, bottom = 0, left = 0, right = 1)"], [3, 1, "valid"],
  ])("makes one convolution of a linear inverted residual, border included: kernel %d, stride %d, padding %s", (kernel, stride, padding) => {
    const body = `return x -> conv(24, kernel = 1) -> batch_norm -> depthwise(kernel = ${kernel}, stride = ${stride}, padding = ${padding}) -> batch_norm -> conv(4, kernel = 1) -> batch_norm -> relu6`;
    const { after } = compare(body, (net) => mergeChains(net, { prefer: "longest" }), "f32[7, 8, 4]");
    expect(operatorsOf(after)).toEqual(padding === "valid" ? ["conv", "relu6"] : ["conv", "edge_bias", "relu6"]);
  });

  it("is right inside and wrong at the border where the bias is one number", () => {
    const body = "return x -> conv(24, kernel = 1) -> batch_norm -> depthwise(kernel = 3) -> batch_norm -> conv(4, kernel = 1) -> batch_norm";
    const net = netOf(body, "f32[6, 6, 4]");
    const start = weighted(net);
    const merged = mergeChains(start, { border: "constant" });
    expect(operatorsOf(merged.net)).toEqual(["conv"]);
    const x = randomValues("x", [1, 6, 6, 4]);
    const [expected, found] = [outputOf(start, x).values, outputOf(merged, x).values];
    const difference = (inside: boolean): number => Math.max(...expected.map((value, at) => {
      const [row, column] = [Math.floor(at / 24), Math.floor(at / 4) % 6];
      return (row > 0 && row < 5 && column > 0 && column < 5) === inside ? Math.abs(value - found[at]!) : 0;
    }));
    expect(difference(true)).toBeLessThan(1e-10);
    expect(difference(false)).toBeGreaterThan(0.1);
  });

  it("merges where that saves work, and everything if asked", () => {
    const body = "return x -> conv(32, kernel = 1) -> conv(2, kernel = 1) -> conv(32, kernel = 1)";
    expect(nodesOf(compare(body, mergeChains).after, "conv").map(({ shape }) => shape.at(-1))).toEqual([2, 32]);
    expect(nodesOf(compare(body, (net) => mergeChains(net, { prefer: "longest" })).after, "conv")).toHaveLength(1);
  });

  it("takes padded windows in a row for two layers, unpadded ones for one of k1 + s1 (k2 - 1) taps", () => {
    const longest: Pass = (net) => mergeChains(net, { prefer: "longest" });
    expect(nodesOf(compare("return x -> conv(3, kernel = 3) -> conv(2, kernel = 3)", longest).after, "conv")).toHaveLength(2);
    const { after } = compare("return x -> conv(6, kernel = 3, stride = 2, bias = true) -> conv(4, kernel = [2, 1], padding = valid, groups = 2, bias = true)", longest, "f32[9, 8, 4]");
    expect(nodesOf(after, "conv").map(({ attributes }) => [attributes.kernel, attributes.stride, attributes.groups])).toEqual([[[5, 3], [2, 2], 1]]);
  });

  it("stops at activations, outputs of several readers, and layers that are not linear", () => {
    for (const body of ["return x -> conv(8, kernel = 1) -> relu -> conv(4, kernel = 1)", "y = x -> conv(4, kernel = 1)\nreturn y + (y -> conv(4, kernel = 1))", "return x -> conv(8, kernel = 1) -> add(4, kernel = 1)"]) {
      const { before, after } = compare(body, mergeChains);
      expect(operatorsOf(after)).toEqual(operatorsOf(before));
    }
  });

  it("merges dense layers", () => {
    expect(operatorsOf(compare("return x -> to_tokens -> dense(32) -> batch_norm -> dense(3)", mergeChains).after)).toEqual(["to_tokens", "dense"]);
  });
});

describe("mergeBranches", () => {
  it("makes one convolution of 3x3, 1x1 and nothing, each with its norm", () => {
    const { after } = compare("return relu(((x -> conv(4) -> batch_norm) + (x -> conv(4, kernel = 1) -> batch_norm)) + (x -> batch_norm))", mergeBranches);
    expect(operatorsOf(after)).toEqual(["conv", "relu"]);
  });

  it("keeps depthwise windows depthwise, of any size and of odd padding", () => {
    const { after } = compare("return ((x -> depthwise(kernel = 5)) + (x -> depthwise(kernel = [2, 3], bias = true))) + x", mergeBranches);
    expect(operatorsOf(after)).toEqual(["depthwise"]);
    expect(operatorsOf(compare("return (x -> depthwise(kernel = 3, stride = 2)) + (x -> depthwise(kernel = 1, stride = 2) -> batch_norm)", mergeBranches).after)).toEqual(["depthwise"]);
  });

  it("leaves apart what would cost more, steps otherwise, or is no sum of linear branches", () => {
    for (const body of ["return (x -> depthwise(kernel = 5)) + (x -> conv(4, kernel = 1))", "return (x -> conv(4) -> relu) + x", "return x * (x -> conv(4))", "y = x -> conv(4)\nreturn (y -> global_pool) + (x -> conv(4))"]) {
      const { before, after } = compare(body, mergeBranches);
      expect(operatorsOf(after)).toEqual(operatorsOf(before));
    }
  });

  it("averages two classifiers into one", () => {
    const { after } = compare("y = x -> global_pool\nreturn ((y -> dense(3)) + (y -> dense(3))) * 0.5", (net) => foldBatchNorm(mergeBranches(net)));
    expect(operatorsOf(after)).toEqual(["global_pool", "dense"]);
  });

  it("adds the identity at the centre of a merged residual, exactly", () => {
    const chain = "(x -> conv(24, kernel = 1) -> batch_norm -> depthwise(kernel = 3) -> batch_norm -> conv(4, kernel = 1) -> batch_norm)";
    const { after } = compare(`return x + ${chain}`, (net) => mergeBranches(mergeChains(net)));
    expect(operatorsOf(after)).toEqual(["conv", "edge_bias"]);
  });
});
