/**
 * SPACH against dossier 17, "Configurations" (columns exact params and MACs, recomputed from the published code; the published figures
 * are rounded and up to 2.5 % higher) and checks 17.1 to 17.5, 17.7. MACs: convolutions, dense layers and the two products of attention.
 */
import { describe, expect, it } from "vitest";
import { bind } from "../../src/ir/bind.js";
import type { Net } from "../../src/ir/net.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { programOf } from "../ir/check/programs.js";
import { evaluate, randomValues } from "../ops/evaluate.js";
import { forward, nodesOf } from "./forward.js";
import { oneStep } from "./one-step.js";
import { countsOf, netNamed, readSample } from "./sample.js";

const program = readSample("17-spach");
const counts = (name: string): { readonly params: number; readonly macs: number } => countsOf(program, netNamed(program, name));

/** One block over a map, by its mixer (0 nothing, 1 attention, 2 perceptron); the same weights in all three. */
function blocks(width: number, heads: number, side: number): readonly Net[] {
  const space = programOf(`import { MixingBlock } from "std/mixing"\nspace S {\n  input x: f32[${side}, ${side}, ${width}]\n  output y = x -> MixingBlock(choose { 0, 1, 2 }, heads = ${heads})\n}`).spaces.get("S")!;
  return [0, 1, 2].map((mixer) => bind(space, [mixer]));
}

describe("17 spach", () => {
  it.each([
    ["Conv_XXS", 7_828_840, 1453.6], ["MLP_XXS", 8_307_184, 1630.6], ["Trans_XXS", 3_931_048, 903.8],
    ["Conv_XS", 14_975_848, 2849], ["MLP_XS", 15_932_536, 3203], ["Trans_XS", 14_938_984, 3194.9],
    ["Conv_S", 38_854_120, 7498], ["MLP_S", 39_820_024, 7970.1], ["Trans_S", 32_507_368, 6726.1],
    ["Conv_MS_XXS", 5_085_224, 712.4], ["MLP_MS_XXS", 6_562_446, 931.1], ["Trans_MS_XXS", 2_372_744, 530],
    ["Conv_MS_XS", 17_302_120, 2754.6], ["MLP_MS_XS", 20_260_283, 3409.1], ["Trans_MS_XS", 14_479_080, 3081.7],
    ["Conv_MS_S", 43_576_168, 7141], ["MLP_MS_S", 46_542_011, 8013.7], ["MLP_MS_S_Shared", 44_263_855, 8013.7], ["Trans_MS_S", 39_537_544, 7532],
    ["Hybrid_MS_XS", 27_956_584, 4444.3], ["Hybrid_MS_S", 63_028_584, 11_050.9], ["Hybrid_MS_S_Plus", 63_138_728, 12_177.3],
  ])("%s has %d parameters and %f M MACs (17, check 1)", (name, params, macs) => {
    const found = counts(name);
    expect([found.params, Math.round(found.macs / 1e5) / 10]).toEqual([params, macs]);
  });

  it("counts 3^19 and 3^10 hybrids for each of 16 sizes, and 260 in the small space (17, check 5)", () => {
    const sizeOf = (space: string): bigint | undefined => spaceQueries(program.spaces.get(space)!).count();
    expect(sizeOf("MultiStage")).toBe(16n * (3n ** 19n + 3n ** 10n));
    expect(sizeOf("SingleStage")).toBe(6n * (3n ** 12n + 3n ** 24n));
    expect(sizeOf("Hybrids")).toBe(260n);
    const space = program.spaces.get("Hybrids")!;
    const texts = new Set<string>();
    for (let genes = 0; genes < 260; genes++) texts.add(JSON.stringify(bind(space, [genes % 5, Math.floor(genes / 5) % 13, Math.floor(genes / 65)]).nodes));
    expect(texts.size).toBe(260);
    expect(counts("Hybrid_S")).toEqual(counts("Hybrid_MS_S"));
  });

  it("pays 4 C^2 + 7 C parameters and 4 N C^2 + 2 N^2 C MACs for attention in the place of nothing (17, check 2)", () => {
    const [width, positions] = [96, 14 * 14];
    const [pass, attn] = blocks(width, 3, 14).map((net) => countsOf(program, net));
    expect(attn!.params - pass!.params).toBe(4 * width ** 2 + 7 * width);
    expect(attn!.macs - pass!.macs).toBe(positions * 4 * width ** 2 + 2 * positions ** 2 * width);
  });

  it("is the block without a mixer where the mixer is scaled by zero (17, check 3)", () => {
    const x = randomValues("x", [2, 6, 6, 8]);
    const outputs = blocks(8, 2, 6).map((net) => forward(net, { x }, (node, { name, shape }) => (node.operator === "scale" && name === "factor" ? new Float64Array(shape[0]!) : undefined))[net.outputs[0]!.node]);
    expect(outputs[1]).toEqual(outputs[0]);
    expect(outputs[2]).toEqual(outputs[0]);
  });

  it("has one mixer per stage where it is shared, for the same work (17, check 4)", () => {
    expect(counts("MLP_MS_S").macs).toBe(counts("MLP_MS_S_Shared").macs);
    const [own, shared] = ["MLP_MS_S", "MLP_MS_S_Shared"].map((name) => new Set(nodesOf(netNamed(program, name), "dense").map(({ weightKey }) => weightKey)));
    // 19 perceptrons of two layers against 3; the channel layers of 22 blocks and the classifier are the same.
    expect([own!.size, shared!.size]).toEqual([19 * 2 + 22 * 2 + 1, 3 * 2 + 22 * 2 + 1]);
  });

  it("merges patches by a normalization of the whole map, not of each pixel (17, check 7)", () => {
    const x = { shape: [1, 2, 2, 2], values: [1, 2, 3, 4, 5, 6, 7, 10] };
    const weights = { scale: { shape: [2], values: [1, 1] }, offset: { shape: [2], values: [0, 0] } };
    const whole = evaluate("group_norm", [x], { groups: 1, epsilon: 1e-5 }, weights).values;
    const pixelwise = evaluate("layer_norm", [x], { epsilon: 1e-5 }, weights).values;
    expect(nodesOf(netNamed(program, "Conv_MS_XXS"), "group_norm").map(({ attributes }) => attributes.groups)).toEqual([1, 1, 1]);
    expect(whole[0]!).toBeCloseTo((1 - 4.75) / Math.sqrt(7.4375 + 1e-5), 9);
    expect(Math.abs(pixelwise[0]! - whole[0]!)).toBeGreaterThan(0.3);
  });

  it("keeps the number of heads, so that they get wider: 64, 128 and 256 channels (17, check 8)", () => {
    const widths = nodesOf(netNamed(program, "Hybrid_MS_S"), "attention").map(({ attributes, shape }) => shape.at(-1)! / Number(attributes.heads));
    expect([...new Set(widths)]).toEqual([64, 128, 256]);
  });

  it.each(["MultiStage", "SharedMixers"])("%s runs one step at a reduced size", async (space) => {
    expect(await oneStep("17-spach", space, { SIDE: "32", CLASSES: "10", WIDTH: "8" })).toEqual([]);
  }, 300_000);
});
