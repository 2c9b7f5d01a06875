/** Every block of std/ elaborates in a small space and binds to a network; shapes and parameter counts are worked out by hand. */
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bind } from "../../../src/ir/bind.js";
import type { Net } from "../../../src/ir/net.js";
import { spaceQueries } from "../../../src/ir/space-queries.js";
import type { Space } from "../../../src/ir/space.js";
import { operators } from "../../../src/ops/registry.js";
import { randomStream } from "../../../src/random/stream.js";
import { checkText, programOf, readStandard, told } from "./programs.js";

/** The space of one expression over an image of 8x8x16 (or over what `input` says). */
function spaceOf(block: string, expression: string, input = "f32[8, 8, 16]"): Space {
  return programOf(`import { ${block} } from "std/blocks"\nspace S {\n  input x: ${input}\n  output y = ${expression}\n}`).spaces.get("S")!;
}

function netOf(block: string, expression: string, input?: string): Net {
  return bind(spaceOf(block, expression, input), []);
}

const operatorsOf = (net: Net): string[] => net.nodes.flatMap((node) => (node.kind === "operator" ? [node.operator] : []));
const shapeOf = (net: Net): readonly number[] => net.nodes[net.outputs[0]!.node]!.shape;

/** Trained parameters. */
function parametersOf(net: Net): number {
  return net.nodes.reduce((sum, node) => sum + (node.kind === "input" ? 0 : operators.get(node.operator)!.weights(node.inputs.map((input) => net.nodes[input]!.shape), node.attributes)
    .filter(({ role }) => role === "parameter").reduce((total, { shape }) => total + shape.reduce((product, extent) => product * extent, 1), 0)), 0);
}

/** Block, expression, shape of the output, parameters, and the input where it is no 8x8x16 image. Batch norm has 2 parameters per channel. */
const cases: readonly (readonly [block: string, expression: string, shape: readonly number[], parameters: number, input?: string])[] = [
  ["ConvBN", "x -> ConvBN(32, kernel = 3, stride = 2)", [4, 4, 32], 9 * 16 * 32 + 64],
  ["ConvBN", "x -> ConvBN(32, op = shift, act = hswish)", [8, 8, 32], 9 * 16 * 32 + 64],
  ["DepthwiseBN", "x -> DepthwiseBN(kernel = 5, stride = 2)", [4, 4, 16], 25 * 16 + 32],
  ["Separable", "x -> Separable(32)", [8, 8, 32], 9 * 16 + 32 + 16 * 32 + 64],
  ["SqueezeExcite", "x -> SqueezeExcite(reduction = 4)", [8, 8, 16], 16 * 4 + 4 + 4 * 16 + 16],
  ["MBConv", "x -> MBConv(24, kernel = 5, expand = 4, stride = 2, se = 4)", [4, 4, 24], 16 * 64 + 128 + 25 * 64 + 128 + (64 * 16 + 16 + 16 * 64 + 64) + 64 * 24 + 48],
  ["MBConv", "x -> MBConv(16, expand = 1)", [8, 8, 16], 9 * 16 + 32 + 16 * 16 + 32],
  ["InvertedResidual", "x -> InvertedResidual(16)", [8, 8, 16], 16 * 96 + 192 + 9 * 96 + 192 + 96 * 16 + 32],
  ["Shortcut", "x -> Shortcut(32, stride = 2)", [4, 4, 32], 16 * 32 + 64],
  ["Shortcut", "x -> Shortcut(16)", [8, 8, 16], 0],
  ["Basic", "x -> Basic(32, stride = 2)", [4, 4, 32], 9 * 16 * 32 + 64 + 9 * 32 * 32 + 64 + 16 * 32 + 64],
  ["Bottleneck", "x -> Bottleneck(64, planes = 16, op = add)", [8, 8, 64], 16 * 16 + 32 + 9 * 16 * 16 + 32 + 16 * 64 + 128 + 16 * 64 + 128],
  ["ShuffleBlock", "x -> ShuffleBlock", [8, 8, 16], 8 * 8 + 16 + 9 * 8 + 16 + 8 * 8 + 16],
  ["ShuffleDown", "x -> ShuffleDown(32)", [4, 4, 32], 9 * 16 + 32 + 16 * 16 + 32 + (16 * 16 + 32) + 9 * 16 + 32 + (16 * 16 + 32)],
  ["PatchEmbedding", "x -> PatchEmbedding(4, 24)", [4, 24], 4 * 4 * 16 * 24 + 24 + 4 * 24],
  ["MLP", "x -> MLP(ratio = 2)", [5, 8], 8 * 16 + 16 + 16 * 8 + 8, "f32[5, 8]"],
  ["Transformer", "x -> Transformer(2, ratio = 2)", [5, 8], 16 + 4 * (8 * 8 + 8) + 16 + 8 * 16 + 16 + 16 * 8 + 8, "f32[5, 8]"],
  ["TransformerPostNorm", "x -> TransformerPostNorm(2, ratio = 2)", [5, 8], 16 + 4 * (8 * 8 + 8) + 16 + 8 * 16 + 16 + 16 * 8 + 8, "f32[5, 8]"],
  ["AttentionBlock", "x -> AttentionBlock(4)", [8, 8, 16], 4 * (16 * 16 + 16) + 32],
  ["Classifier", "x -> Classifier(10)", [10], 16 * 10 + 10],
];

describe("std/blocks", () => {
  it.each(cases.map((one) => [one[0], one[1], one] as const))("%s: %s", (_block, _expression, [block, expression, shape, parameters, input]) => {
    const net = netOf(block, expression, input);
    expect(shapeOf(net)).toEqual(shape);
    expect(parametersOf(net)).toBe(parameters);
  });

  it("has a case for every block", () => {
    const declared = [...readStandard("std/blocks", "main.nas")!.matchAll(/^block (\w+)/gm)].map((match) => match[1]!);
    expect(declared.filter((name) => !cases.some(([block]) => block === name))).toEqual([]);
    expect(declared.length).toBeGreaterThan(10);
  });

  it("adds a residual exactly where the shape stays", () => {
    expect(operatorsOf(netOf("MBConv", "x -> MBConv(16)"))).toContain("plus");
    expect(operatorsOf(netOf("MBConv", "x -> MBConv(24)"))).not.toContain("plus");
    expect(operatorsOf(netOf("MBConv", "x -> MBConv(16, stride = 2)"))).not.toContain("plus");
  });

  it("takes decisions for its parameters", () => {
    const space = spaceOf("MBConv", "x -> MBConv(choose out { 16, 24 }, kernel = choose kernel { 3, 5 }, expand = choose expand { 1, 3, 6 }, se = choose se { 0, 4 }, op = choose op { conv, shift, add })");
    const queries = spaceQueries(space);
    expect(queries.count()).toBe(72n);
    const random = randomStream(1, "standard library");
    for (let draw = 0; draw < 20; draw++) expect([16, 24]).toContain(shapeOf(bind(space, queries.sampleUniform(random)))[2]);
  });

  it("takes a chosen operator for a whole bottleneck", () => {
    const space = programOf('import { Bottleneck } from "std/blocks"\nspace S {\n  input x: f32[8, 8, 16]\n  kind = choose { conv, shift, add }\n  output y = x -> Bottleneck(32, planes = 8, op = kind)\n}').spaces.get("S")!;
    expect(spaceQueries(space).count()).toBe(3n);
    const [conv, shift, add] = [0, 1, 2].map((kind) => operatorsOf(bind(space, [kind])));
    expect(conv!.filter((name) => name === "conv").length).toBe(4);
    expect(shift!.filter((name) => name === "shift").length).toBe(4);
    expect(add!.filter((name) => name === "add").length).toBe(4);
  });
});

describe("std/", () => {
  it("is named file by file where an import of it fails", () => {
    const [problem] = checkText('import { A } from "std/missing"\nconst B = A').diagnostics;
    for (const name of readdirSync("std")) expect(problem!.help).toContain(`\`std/${name.replace(".nas", "")}\``);
  });

  it.each(readdirSync("std").filter((name) => name.endsWith(".nas")))("%s checks by itself", (name) => {
    expect(told(checkText(readStandard(`std/${name}`, "main.nas")!))).toEqual([]);
  });
});
