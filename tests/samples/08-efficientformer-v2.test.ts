/**
 * EfficientFormerV2 against dossier 08, "Final networks" and checks 08.1, 08.3 to 08.5. Parameters: convolutions with biases, batch
 * norms, layer scales, bias tables, both classifiers. MACs: convolutions, dense layers (talking heads among them) and both products of
 * attention; the second classifier included.
 */
import { describe, expect, it } from "vitest";
import { bind } from "../../src/ir/bind.js";
import type { Net } from "../../src/ir/net.js";
import { foldBatchNorm } from "../../src/ir/passes/fold-batch-norm.js";
import { mergeBranches } from "../../src/ir/passes/merge-branches.js";
import { withoutWeights } from "../../src/ir/passes/weighted-net.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { programOf } from "../ir/check/programs.js";
import { expectClose, randomValues, weightsOf } from "../ops/evaluate.js";
import { differenceAfter } from "./difference-after.js";
import { forward, nodesOf } from "./forward.js";
import { oneStep } from "./one-step.js";
import { countedAs, countsOf, netNamed, readSample } from "./sample.js";

const program = readSample("08-efficientformer-v2");

function netOf(expression: string, input: string): Net {
  return bind(programOf(`import { StrideAttention, AttentionDown, UnifiedFeedForward } from "std/stride_attention"\nspace S {\n  input x: ${input}\n  output y = ${expression}\n}`).spaces.get("S")!, []);
}

const count = (net: Net): { readonly params: number; readonly macs: number } => countsOf(program, net);

/** Parameters that other conventions treat apart, by operator. */
function parametersIn(net: Net, operator: string, leftOut = 0): number {
  return nodesOf(net, operator).slice(0, -leftOut || undefined).reduce((sum, node) => sum + weightsOf(operator, node.inputs.map((input) => net.nodes[input]!.shape), node.attributes)
    .filter(({ role }) => role === "parameter").reduce((total, { shape }) => total + shape.reduce((a, b) => a * b, 1), 0), 0);
}

describe("08 efficientformer-v2", () => {
  it.each([
    ["S0", 3_600_256, 3_423_256, 3_373_944, 395.9, 3.535, 0.396], ["S1", 6_185_560, 5_960_560, 5_889_648, 652.0, 6.092, 0.652],
    ["S2", 12_710_112, 12_421_112, 12_299_320, 1246.9, 12.551, 1.247], ["L", 26_322_288, 25_937_288, 25_740_864, 2552.5, 26.069, 2.553],
  ])("%s has %d parameters, %d with one classifier, %d folded, %f M MACs; %f M and %f G by the published profiler", (name, params, oneHead, folded, macs, published, publishedMacs) => {
    const net = netNamed(program, name);
    const found = count(net);
    expect(found.params).toBe(params);
    expect(Math.round(found.macs / 1e5) / 10).toBe(macs);
    expect(Math.round(found.macs / 1e6) / 1e3).toBe(publishedMacs);
    expect(found.params - parametersIn(net, "dense") + parametersIn(net, "dense", 1)).toBe(oneHead);
    const normalized = parametersIn(net, "batch_norm");
    expect(oneHead - normalized).toBe(folded);
    expect([name, Math.round(countedAs("as_published(efficientformer_v2)", net).params / 1e3) / 1e3]).toEqual([name, published]);
  });

  it("counts every network: attention and expansion block by block in the last two stages", () => {
    const blocks = (from: number, to: number): bigint => Array.from({ length: to - from + 1 }, (_, i) => 6n ** BigInt(from + i)).reduce((sum, each) => sum + each, 0n);
    expect(spaceQueries(program.spaces.get("EfficientFormerV2")!).count()).toBe(2n * 3n * 4n * 4n * 2n * 4n * 4n * blocks(4, 15) * blocks(4, 10));
  });

  it("saves two thirds of attention's work at 14x14 by stride 2, and keeps the shape (08, check 3)", () => {
    const [plain, strided] = [1, 2].map((stride) => netOf(`x -> StrideAttention(stride = ${stride})`, "f32[14, 14, 144]"));
    expect([count(plain!).params, count(strided!).params]).toEqual([387_680, 388_232]);
    expect(Math.abs(count(plain!).macs / 128.15e6 - 1)).toBeLessThan(0.01);
    expect(Math.abs(count(strided!).macs / 43.64e6 - 1)).toBeLessThan(0.01);
    expect(strided!.nodes[strided!.outputs[0]!.node]!.shape).toEqual([14, 14, 144]);
  });

  it("is plain attention where the talking heads keep silent (08, check 3)", () => {
    const [talking, plain] = [true, false].map((each) => netOf(`x -> StrideAttention(heads = 2, dim = 3, value_dim = 4, talking = ${each})`, "f32[3, 4, 6]"));
    const x = randomValues("x", [2, 3, 4, 6]);
    const output = (net: Net, identity: boolean): ReturnType<typeof randomValues> => {
      const values = forward(net, { x }, (node, { name, shape }) => {
        if (node.operator === "dense" && identity) return name === "weight" ? [1, 0, 0, 1] : [0, 0];
        return name === "filter" || name === "table" ? randomValues(`${shape.join("x")}/${name}`, shape).values : undefined;
      });
      return values[net.outputs[0]!.node]!;
    };
    expectClose(output(talking!, true), output(plain!, false).values);
  });

  it("knows 196 distances where it halves a map of 14x14 (08, check 4)", () => {
    const net = netOf("x -> AttentionDown(24)", "f32[14, 14, 16]");
    const [bias] = nodesOf(net, "position_bias");
    expect(bias!.shape).toEqual([8, 49, 196]);
    expect(weightsOf("position_bias", [bias!.shape], bias!.attributes)[0]!.shape).toEqual([196, 8]);
    const [c, out] = [16, 24];
    // The closed form of the dossier.
    const closed = 9 * c * out + out + 2 * out + 10 * c + 2 * (128 * c + 128 + 256) + (512 * c + 512 + 1024) + (4608 + 512 + 1024) + (512 * out + out + 2 * out) + 1568;
    expect(count(net).params).toBe(closed);
    expect(net.nodes[net.outputs[0]!.node]!.shape).toEqual([7, 7, 24]);
  });

  it("has the feed-forward block of the closed form", () => {
    const [c, h] = [40, 120];
    expect(count(netOf("x -> UnifiedFeedForward(ratio = 3)", "f32[7, 7, 40]")).params).toBe(c * h + h + 2 * h + (9 * h + h) + 2 * h + (h * c + c) + 2 * c);
  });

  it("averages two classifiers as one averaged classifier does (08, check 5)", () => {
    const net = bind(programOf("space S {\n  input x: f32[5]\n  output y = ((x -> dense(3)) + (x -> dense(3))) * 0.5\n}").spaces.get("S")!, []);
    const x = randomValues("x", [2, 5]);
    const heads = nodesOf(net, "dense");
    const weight = (id: number): readonly number[] => randomValues(`head ${id}`, [5, 3]).values;
    const both = forward(net, { x }, (node, { name }) => (name === "weight" ? weight(node.id) : undefined))[net.outputs[0]!.node]!;
    const mean = weight(heads[0]!.id).map((value, at) => (value + weight(heads[1]!.id)[at]!) / 2);
    const expected = [0, 1].flatMap((row) => [0, 1, 2].map((column) => mean.reduce((sum, value, at) => (at % 3 === column ? sum + value * x.values[row * 5 + Math.floor(at / 3)]! : sum), 0)));
    expectClose(both, expected);
  });

  it.each([["S0", 3_373_944], ["S1", 5_889_648], ["S2", 12_299_320], ["L", 25_740_864]])("%s has %d parameters with its classifiers averaged and its batch norms folded", (name, folded) => {
    const { net } = foldBatchNorm(mergeBranches(withoutWeights(netNamed(program, name))));
    expect([nodesOf(net, "batch_norm").length, nodesOf(net, "dense").filter(({ shape }) => shape.length === 1).length]).toEqual([0, 1]);
    expect(count(net).params).toBe(folded);
  });

  it("keeps its logits when they are averaged and folded (08, check 5)", async () => {
    const small = readSample("08-efficientformer-v2", { SIDE: "32", CHANNELS: "3", CLASSES: "10", NARROW: "4" });
    const { merged, difference } = await differenceAfter(netNamed(small, "S0"), (weighted) => foldBatchNorm(mergeBranches(weighted)));
    expect(nodesOf(merged, "batch_norm")).toEqual([]);
    expect(difference).toBeLessThan(1e-4);
  });

  it("runs one step at a reduced size", async () => {
    expect(await oneStep("08-efficientformer-v2", "EfficientFormerV2", { SIDE: "32", CHANNELS: "3", CLASSES: "10", NARROW: "4" })).toEqual([]);
  }, 300_000);
});
