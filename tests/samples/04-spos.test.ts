/**
 * Single Path One-Shot against dossier 04: size of the space, the golden table (check 1: published rows of the readme and rows recomputed
 * from the released code) and what a unit does to channels (check 2). MACs: convolutions and the classifier; batch norm is free.
 * Parameters: with scale and offset of batch norm, as in the retrained network; the classifier has no bias.
 */
import { describe, expect, it } from "vitest";
import { createCostModel, type Totals } from "../../src/hw/cost-model.js";
import { bind } from "../../src/ir/bind.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { programOf } from "../ir/check/programs.js";
import { forward } from "./forward.js";
import { oneStep } from "./one-step.js";
import { countsOf, netNamed, readSample } from "./sample.js";

const program = readSample("04-spos");
const SMALL = { SIDE: "32", COLOURS: "1", CLASSES: "10", WIDTH: "16" };

describe("04 spos", () => {
  it("has four units in each of twenty layers, and eight widths", () => {
    expect(spaceQueries(program.spaces.get("SinglePath")!).count()).toBe(4n ** 20n);
    expect(spaceQueries(program.spaces.get("SinglePathChannels")!).count()).toBe(32n ** 20n);
  });

  it.each([
    ["Searched", 322.919, 3.558], ["SearchedChannels", 327.858, 3.433],
    ["AllK3", 295.842, 3.155], ["AllK5", 313.655, 3.212], ["AllK7", 340.374, 3.298], ["AllXception", 358.826, 3.871],
  ])("%s has %f M MACs and %f M parameters", (name, macs, params) => {
    const found = countsOf(program, netNamed(program, name));
    expect([Math.round(found.macs / 1e3) / 1e3, Math.round(found.params / 1e3) / 1e3]).toEqual([macs, params]);
  });

  it.each(["ShuffleUnit(8, 4)", "ShuffleUnit(8, 4, kernel = 7)", "XceptionUnit(8, 4)"])("%s passes even channels by, in front", (unit) => {
    const net = bind(programOf(`import { ShuffleUnit, XceptionUnit } from "std/shuffle"\nspace S {\n  input x: f32[4, 4, 8]\n  output y = x -> ${unit}\n}`).spaces.get("S")!, []);
    const input = Array.from({ length: 4 * 4 * 8 }, (_, at) => at + 1);
    const values = forward(net, { x: { shape: [1, 4, 4, 8], values: input } }, ({ operator }, { shape }) => (operator === "batch_norm" ? undefined : new Float64Array(shape.reduce((a, b) => a * b))));
    const output = values.at(-1)!.values;
    for (let pixel = 0; pixel < 16; pixel++) {
      expect(Array.from(output.slice(pixel * 8, pixel * 8 + 4))).toEqual([0, 2, 4, 6].map((channel) => input[pixel * 8 + channel]));
      expect(Array.from(output.slice(pixel * 8 + 4, pixel * 8 + 8))).toEqual([0, 0, 0, 0]);
    }
  });

  it("chooses bits of a ResNet-18, whose 11,689,512 parameters and bit operations follow from its layers", () => {
    expect(spaceQueries(program.spaces.get("MixedPrecision")!).count()).toBe(6n ** 8n);
    const [accelerator] = program.accelerators.values();
    const totals = (name: string): Totals => createCostModel(accelerator!).netCost(netNamed(program, name)).totals;
    // Two blocks of 3x3 convolutions at each of 56, 28, 14 and 7 pixels, the first of the last three from half the channels, with a 1x1 shortcut.
    const blocks = 4 * 56 ** 2 * 9 * 64 ** 2 + [[28, 128], [14, 256], [7, 512]].reduce((sum, [side, width]) => sum + side! ** 2 * width! ** 2 * (3.5 * 9 + 0.5), 0);
    const others = 112 ** 2 * 49 * 3 * 64 + 512 * 1000;
    for (const [name, bits] of [["FourBits", 4], ["TwoBits", 2]] as const) {
      expect(totals(name)).toMatchObject({ params: 11_689_512, macs: blocks + others, bitops: blocks * bits ** 2 + others * 16 ** 2 });
    }
  });

  it.each(["SinglePathChannels", "MixedPrecision"])("%s trains a step and is judged at a small size", async (space) => {
    expect(await oneStep("04-spos", space, SMALL)).toEqual([]);
  }, 300_000);
});
