/** Few bits and zeros in prices, against hand calculations on a small accelerator. */
import { describe, expect, it } from "vitest";
import { cycleScale, multiplierScale, storedBits, workingPoints } from "../../src/hw/compressed-work.js";
import { createCostModel, energyOf } from "../../src/hw/cost-model.js";
import { resolveMachine } from "../../src/hw/machine.js";
import { operatorCost } from "../../src/hw/operator-cost.js";
import { arithmeticEnergy, DRAM_ENERGY_PER_BIT } from "../../src/hw/unit-costs.js";
import type { Chunk } from "../../src/ir/plan.js";
import type { Attributes } from "../../src/ops/operator.js";
import { operators } from "../../src/ops/registry.js";
import type { LoopNest } from "../../src/ops/workload.js";
import { accelerator, chunk, pointwise } from "./fixtures.js";

const int8 = chunk("mac", ["dense"], "int8", [4, 4]);
const [m, c, k] = [10, 12, 14];
const quantized = (weights: number | null, activations: number | null): Attributes => ({ precision: { tag: "quantized", arguments: { weights, activations } } });
const nestOf = (attributes: Attributes): LoopNest => operators.get("dense")!.workload([[m, c]], { channels: k, bias: false, ...attributes }, [m, k]).nests[0]!;
const dense = (attributes: Attributes, own: Chunk = int8, more = {}): ReturnType<typeof operatorCost> =>
  operatorCost(resolveMachine(accelerator({ chunks: [own], ...more })), operators.get("dense")!, [[m, c]], { channels: k, bias: false, ...attributes }, [m, k]);

describe("words of few bits", () => {
  it("take their bits in storage and traffic, and a multiplier in proportion to both", () => {
    const [full, narrow] = [dense({}), dense(quantized(4, 2))];
    expect([full.size, narrow.size]).toEqual([c * k, (c * k) / 2]);
    expect(full.bitops / full.macs).toBe(64);
    expect(narrow.bitops / narrow.macs).toBe(8);
    // The output is written at the chunk's width.
    expect([full.bytes, narrow.bytes]).toEqual([c * k + m * c + m * k, (c * k) / 2 + (m * c) / 4 + m * k]);
    expect(narrow.energy.dram).toBeCloseTo(4 * c * k * DRAM_ENERGY_PER_BIT, 18);
    const [multiply, add] = [arithmeticEnergy("multiply", "int8", 45), arithmeticEnergy("add", "int32", 45)];
    expect(narrow.energy.compute).toBeCloseTo(m * c * k * ((multiply * 4 * 2) / 64 + add), 18);
  });

  it("change cycles only where an element divides, or where they are wider than it", () => {
    const bricks = { ...int8, brick: 2 };
    const scales = (own: Chunk): readonly number[] => [[8, 8], [4, 8], [4, 4], [3, 2], [16, 8], [9, 9]].map(([weights, activations]) => cycleScale(nestOf(quantized(weights!, activations!)), own));
    expect(scales(int8)).toEqual([1, 1, 1, 1, 2, 4]);
    // Three bits need two bricks of two.
    expect(scales(bricks)).toEqual([1, 1 / 2, 1 / 4, 1 / 8, 2, 25 / 16]);
    expect(dense(quantized(4, 4), bricks).cycles).toBe(dense(quantized(8, 8), bricks).cycles / 4);
    expect(dense(quantized(16, 8)).cycles).toBe(2 * dense({}).cycles);
  });

  it("gain nothing in floating-point arithmetic, but less traffic", () => {
    const fp32 = chunk("mac", ["dense"], "fp32", [4, 4]);
    expect([multiplierScale(nestOf(quantized(4, 4)), fp32), cycleScale(nestOf(quantized(4, 4)), fp32)]).toEqual([1, 1]);
    expect(dense(quantized(4, 4), fp32).size).toBe(dense({}, fp32).size / 8);
  });
});

describe("weights that are cut", () => {
  it("are neither stored nor multiplied; a bit per weight says where they were, unless that is more", () => {
    expect([storedBits(8, 0.25), storedBits(8, 1), storedBits(2, 0.9), storedBits(8)]).toEqual([3, 8, 2, 8]);
    const cut = dense({ sparsity: 0.75 });
    expect([cut.params, cut.kept, cut.size]).toEqual([c * k, (c * k) / 4, (c * k * 3) / 8]);
    expect([cut.macs, workingPoints(nestOf({ sparsity: 0.75 }))]).toEqual([(m * c * k) / 4, (m * c * k) / 4]);
    expect(cut.energy.compute).toBeCloseTo(dense({}).energy.compute / 4, 18);
    expect(cut.energy.registers).toBeCloseTo(dense({}).energy.registers / 4, 18);
    expect(cut.bytes).toBe((c * k * 3) / 8 + m * c + m * k);
  });

  it("take their cycles unless the chunk skips zeros", () => {
    expect(dense({ sparsity: 0.75 }).cycles).toBe(dense({}).cycles);
    expect(dense({ sparsity: 0.75 }, { ...int8, skipsZeros: true }).cycles).toBe(dense({}).cycles / 4);
  });
});

describe("with mappings searched", () => {
  const mapper = { minimize: "edp", effort: 20_000, leastUse: 0, factors: "padded", keepOnChip: true, convention: "physical" } as const;
  const memories = [{ name: "dram", width: 64 }, { name: "buffer", size: 8 * 1024, width: 64 }, { name: "local", size: 512, width: 16, per: "pe" as const }];
  it("narrow and cut weights cost less energy, and less time where the chunk can use them", () => {
    const own = (attributes: Attributes, more: Partial<Chunk> = {}): ReturnType<typeof operatorCost> => dense(attributes, { ...int8, ...more }, { mapper, memories });
    const full = own({});
    expect(full.mappings?.length).toBe(1);
    for (const attributes of [quantized(4, 4), { sparsity: 0.75 }]) {
      const less = own(attributes);
      const total = (cost: typeof less): number => energyOf(cost.energy);
      expect(total(less)).toBeLessThan(total(full));
    }
    expect(own(quantized(4, 4), { brick: 2 }).latency).toBeLessThanOrEqual(own(quantized(4, 4)).latency);
    expect(own({ sparsity: 0.75 }, { skipsZeros: true }).cycles).toBeLessThan(own({ sparsity: 0.75 }).cycles);
  });
});

describe("the size of a network", () => {
  it("keeps everything that nobody compressed as it was: two factors of a point are the chunk's", () => {
    expect(pointwise("multiply_accumulate", m, k, c).tensors.every(({ bits, density }) => bits === undefined && density === undefined)).toBe(true);
    expect(createCostModel(accelerator()).metrics.map(({ name }) => name)).toContain("size");
  });
});
