/**
 * GhostNet's family against dossier 16: "Reference numbers" (column "ours", recomputed from the published definitions; the published
 * rounded figures beside it) and the structural checks 16.3 to 16.5. MACs: convolutions and dense layers, those of
 * squeeze-and-excitation included; batch norm counts as parameters, not as work.
 */
import { describe, expect, it } from "vitest";
import { bind } from "../../src/ir/bind.js";
import type { Net } from "../../src/ir/net.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { programOf } from "../ir/check/programs.js";
import { randomValues } from "../ops/evaluate.js";
import { forward, nodesOf } from "./forward.js";
import { oneStep } from "./one-step.js";
import { countsOf, netNamed, readSample } from "./sample.js";

const program = readSample("16-ghostnet");
const counts = (name: string): { readonly params: number; readonly macs: number } => countsOf(program, netNamed(program, name));
const sizeOf = (space: string): bigint | undefined => spaceQueries(program.spaces.get(space)!).count();

/** A network of one expression over an image. */
function netOf(block: string, expression: string, input: string): Net {
  return bind(programOf(`import { ${block} } from "std/ghost"\nspace S {\n  input x: ${input}\n  output y = ${expression}\n}`).spaces.get("S")!, []);
}

describe("16 ghostnet", () => {
  it.each([
    ["GhostNet050", 2_587_292, 42_328_152],
    ["GhostNet100", 5_182_508, 141_150_512],
    ["GhostNet130", 7_358_820, 227_003_256],
  ])("%s has %d parameters and %d MACs (16, check 1)", (name, params, macs) => {
    expect(counts(name)).toEqual({ params, macs });
  });

  it.each([
    ["GGhost_GF3_2", 10_511_000, 1801.746, 10.5, 1800], ["GGhost_GF4", 15_726_268, 2228.369, 15.7, 2200],
    ["GGhost_GF8", 24_586_928, 4149.668, 24.6, 4200], ["GGhost_GF16", 32_381_704, 8997.384, 32.4, 9000],
  ])("%s has %d parameters and %f M MACs, within 1.5 %% of the published row (16, check 2)", (name, params, macs, publishedParams, publishedMacs) => {
    const found = counts(name);
    expect([found.params, Math.round(found.macs / 1e3) / 1e3]).toEqual([params, macs]);
    expect(Math.abs(found.params / 1e6 / publishedParams - 1)).toBeLessThan(0.015);
    expect(Math.abs(found.macs / 1e6 / publishedMacs - 1)).toBeLessThan(0.015);
  });

  it.each([
    ["RegNetX_GF3_2", 15_296_552, 3176.622], ["RegNetX_GF4", 22_118_248, 3964.499], ["RegNetX_GF8", 39_572_648, 7995.132], ["RegNetX_GF16", 54_278_536, 15_940.755],
    ["GGhost_MF200", 1_825_440, 130.923], ["GGhost_MF400", 2_884_456, 221.246], ["GGhost_MF600", 4_029_776, 389.788], ["GGhost_MF800", 5_248_328, 528.572], ["GGhost_GF1_6", 7_109_660, 1021.38],
  ])("%s has %d parameters and %f M MACs", (name, params, macs) => {
    const found = counts(name);
    expect([found.params, Math.round(found.macs / 1e3) / 1e3]).toEqual([params, macs]);
  });

  it.each([
    ["GhostResNet50_2", 13.954, 2.151], ["GhostResNet50_4", 8.152, 1.182],
  ])("%s has %f M parameters and %f G MACs (the paper's 13.0 and 6.5 M are not explained)", (name, params, macs) => {
    const found = counts(name);
    expect([Math.round(found.params / 1e3) / 1e3, Math.round(found.macs / 1e6) / 1e3]).toEqual([params, macs]);
  });

  // On 32x32 images; parameters of convolutions and classifier only: batch norm has two for each channel.
  it.each([
    ["PlainVGG16", undefined, 313.2], ["GhostVGG16", 7.379, 157.85], ["PlainResNet56", undefined, 125.49], ["GhostResNet56", 0.434, 65.14],
  ])("%s has %f M parameters and %f M MACs", (name, params, macs) => {
    const net = netNamed(program, name);
    const found = countsOf(program, net);
    const normal = nodesOf(net, "batch_norm").reduce((sum, { shape }) => sum + 2 * shape.at(-1)!, 0);
    expect(Math.round(found.macs / 1e4) / 100).toBe(macs);
    if (params !== undefined) expect(Math.round((found.params - normal) / 1e3) / 1e3).toBe(params);
  });

  it("GhostNetV2 has the 167 M MACs of its readme", () => {
    expect(counts("GhostNetV2").macs).toBe(167_048_288);
  });

  it("has a kernel only where one matters, and ghost stages only where three blocks are", () => {
    expect(sizeOf("GhostNet")).toBe(3n * 3n * 4n * 2n * 2n ** 16n * 2n ** 5n);
    expect(sizeOf("GhostRegNet")).toBe(2n * 8n + 10n * 4n);
  });

  it("speeds a wide pointwise layer up by 1.851 and a 3x3 layer by 1.992 (16, check 4)", () => {
    const [plain, ghost] = [1, 2].map((ratio) => countsOf(program, netOf("GhostModule", `x -> GhostModule(672, ratio = ${ratio})`, "f32[1, 1, 112]")).macs);
    expect([plain, ghost]).toEqual([75_264, 336 * 112 + 336 * 9]);
    const [wide, cheap] = [1, 2].map((ratio) => countsOf(program, netOf("GhostModule", `x -> GhostModule(256, kernel = 3, ratio = ${ratio})`, "f32[1, 1, 256]")).macs);
    expect([wide, cheap]).toEqual([589_824, 296_064]);
  });

  it("cuts an odd number of channels, and copies where the cheap filter is a delta (16, check 3)", () => {
    const net = netOf("GhostModule", "x -> GhostModule(17, act = identity)", "f32[4, 5, 6]");
    const values = forward(net, { x: randomValues("x", [2, 4, 5, 6]) }, (node, { name, shape }) => (node.operator === "depthwise" && name === "filter" ? Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => (Math.floor(i / shape[2]!) === 4 ? 1 : 0)) : undefined));
    const { shape, values: y } = values[net.outputs[0]!.node]!;
    expect(shape).toEqual([2, 4, 5, 17]);
    // Batch norm at its start divides by the square root of 1 + 1e-5.
    for (let at = 0; at < y.length; at += 17) for (let channel = 0; channel < 8; channel++) expect(y[at + 9 + channel]!).toBeCloseTo(y[at + channel]! / Math.sqrt(1 + 1e-5), 12);
  });

  it("keeps the inner blocks of a ghost stage to their channels, and mixes what they see into the others (16, check 5)", () => {
    const net = netOf("GhostStage", "x -> GhostStage(16, 5, 8)", "f32[8, 8, 6]");
    const [kept, cut] = nodesOf(net, "slice");
    const joined = nodesOf(net, "concat").at(-1)!;
    const [e, c] = joined.inputs as readonly [number, number];
    // floor(0.75 * 8) = 6 channels a group: 6 of 16 are computed, 10 made.
    expect([kept!.shape, cut!.shape, net.nodes[e]!.shape, net.nodes[c]!.shape]).toEqual([[4, 4, 6], [4, 4, 10], [4, 4, 6], [4, 4, 10]]);
    const first = kept!.inputs[0]!;
    const x = randomValues("x", [1, 8, 8, 6]);
    const x0 = randomValues("first", [1, 4, 4, 16]);
    const other = { ...x0, values: x0.values.map((value, at) => (at % 16 < 6 ? value : -value)) };
    const [one, two] = [x0, other].map((given) => forward(net, { x, [first]: given }));
    expect(two![e]).toEqual(one![e]);
    expect(two![c]).not.toEqual(one![c]);
    // Without the mix the made channels are the convolution alone.
    const mix = nodesOf(net, "dense");
    const without = forward(net, { x, [first]: x0 }, (node, { name, shape }) => (node.id === mix.at(-1)!.id && name === "weight" ? new Float64Array(shape.reduce((a, b) => a * b)) : undefined));
    const normalized = without[firstInput(net, firstInput(net, c))]!.values;
    expect(normalized.some((value) => value < 0)).toBe(true);
    expect(without[c]!.values).toEqual(normalized.map((value) => Math.max(0, value)));
    for (const depth of [3, 4, 7]) expect(bindShape(`x -> GhostStage(16, ${depth}, 8)`)).toEqual([4, 4, 16]);
  });

  it("runs one step at a reduced size", async () => {
    expect(await oneStep("16-ghostnet", "GhostNet", { SIDE: "28", CHANNELS: "1", CLASSES: "10" })).toEqual([]);
  }, 300_000);
});

function firstInput(net: Net, node: number): number {
  const found = net.nodes[node]!;
  return found.kind === "operator" ? found.inputs[0]! : -1;
}

function bindShape(expression: string): readonly number[] {
  const net = netOf("GhostStage", expression, "f32[8, 8, 6]");
  return net.nodes[net.outputs[0]!.node]!.shape;
}
