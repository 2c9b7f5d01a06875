/** What a declared vector unit changes about costs, and that one that says the defaults changes nothing. */
import { describe, expect, it } from "vitest";
import { createCostModel } from "../../src/hw/cost-model.js";
import { resolveMachine } from "../../src/hw/machine.js";
import { operatorCost, type OperatorCost } from "../../src/hw/operator-cost.js";
import { spaceCosts } from "../../src/hw/space-costs.js";
import { arithmeticEnergy, sramEnergyPerBit } from "../../src/hw/unit-costs.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import type { VectorPlan } from "../../src/ir/plan.js";
import { programOf } from "../ir/check/programs.js";
import { pricedApart } from "./every-architecture.js";
import { accelerator, operatorWith, pointwise } from "./fixtures.js";

const PICO = 1e-12;
const asBefore: VectorPlan = { lanes: 64, precision: "fp16", fuse: true };
/** External memory and buffer that never wait, so that time is that of the lanes. */
const memories = [{ name: "dram", width: 2 ** 20 }, { name: "buffer", size: 108 * 1024, width: 2 ** 20 }];

const work = { name: "work", multiplies: 640, adds: 1280, compares: 320, specials: 64, readWords: 1000, writeWords: 500 };
const vectorCost = (vector: VectorPlan | undefined, fusible: boolean, changes: Parameters<typeof accelerator>[0] = {}): OperatorCost =>
  operatorCost(resolveMachine(accelerator({ ...changes, ...(vector === undefined ? {} : { vector }) })), operatorWith("norm", { nests: [], vectors: [{ ...work, fusible }] }), [[1]], {}, [1]);
const poolingCost = (vector: VectorPlan | undefined, operation: "accumulate" | "compare"): OperatorCost =>
  operatorCost(resolveMachine(accelerator({ memories, ...(vector === undefined ? {} : { vector }) })), operatorWith("pool", { nests: [pointwise(operation, 10, 4, 9)], vectors: [] }), [[1]], {}, [1]);

describe("a vector unit", () => {
  it("is 64 lanes of fp16 that fuse where nothing else is said", () => {
    for (const fusible of [true, false]) expect(vectorCost(asBefore, fusible)).toEqual(vectorCost(undefined, fusible));
    expect(poolingCost(asBefore, "accumulate")).toEqual(poolingCost(undefined, "accumulate"));
    expect(vectorCost(undefined, false).cycles).toBe((640 + 1280 + 320 + 64) / 64);
  });

  it("takes the stated energies, and four multiplications and a look-up for a special function that has none", () => {
    const stated = vectorCost({ ...asBefore, addEnergy: 0.25 * PICO, multiplyEnergy: 2 * PICO, specialEnergy: 7 * PICO }, false);
    expect(stated.energy.compute).toBeCloseTo((640 * 2 + 1600 * 0.25 + 64 * 7) * PICO, 20);
    const followed = vectorCost({ ...asBefore, multiplyEnergy: 2 * PICO }, false);
    expect(followed.energy.compute).toBeCloseTo((640 * 2 + 1600 * 0.4 + 64 * 8) * PICO + 64 * 16 * sramEnergyPerBit(512, 45), 20);
    expect(stated.energy.buffer).toBe(vectorCost(undefined, false).energy.buffer);
  });

  it("has half of the cycles on twice the lanes, at the same energy", () => {
    const [narrow, wide] = [32, 64].map((lanes) => vectorCost({ ...asBefore, lanes }, false, { memories }));
    expect(narrow!.bound).toBe("compute");
    expect(narrow!.latency).toBe(2 * wide!.latency);
    expect(narrow!.energy).toEqual(wide!.energy);
    expect(poolingCost({ ...asBefore, lanes: 32 }, "accumulate").latency).toBe(2 * poolingCost(asBefore, "accumulate").latency);
  });

  it("works and stores in its own format", () => {
    const [half, bytes] = [vectorCost(undefined, false), vectorCost({ ...asBefore, precision: "int8" }, false)];
    expect(bytes.bytes).toBe(half.bytes / 2);
    expect(bytes.energy.compute).toBeCloseTo((640 * 0.2 + 1600 * 0.03 + 64 * 0.8) * PICO + 64 * 8 * sramEnergyPerBit(512, 45), 20);
    // Sums of int8 are int32; comparisons are not.
    expect(poolingCost({ ...asBefore, precision: "int8" }, "accumulate").energy.compute).toBeCloseTo(360 * arithmeticEnergy("add", "int32", 45), 20);
    expect(poolingCost({ ...asBefore, precision: "int8" }, "compare").energy.compute).toBeCloseTo(360 * arithmeticEnergy("add", "int8", 45), 20);
    expect(poolingCost({ ...asBefore, precision: "int8", addEnergy: PICO }, "accumulate").energy.compute).toBeCloseTo(360 * PICO, 20);
  });

  it("that does not fuse pays for the traffic and time of what others fuse", () => {
    expect(vectorCost(asBefore, true)).toMatchObject({ bytes: 0, latency: 0, chunk: "-" });
    expect(vectorCost({ ...asBefore, fuse: false }, true)).toEqual(vectorCost(asBefore, false));
    expect(vectorCost({ ...asBefore, fuse: false }, true)).toMatchObject({ bytes: 3000, chunk: "vector" });
  });

  it("says in the convention what was declared", () => {
    const convention = (vector?: VectorPlan): string => createCostModel(accelerator(vector === undefined ? {} : { vector })).convention;
    expect(convention(asBefore)).toBe(convention());
    expect(convention()).toContain("applied on the way out, without traffic of their own; vector work runs in fp16 on 64 lanes.");
    expect(convention({ lanes: 1, precision: "int16", fuse: false, addEnergy: 0.25 * PICO, specialEnergy: 7 * PICO }))
      .toContain("activations and residual additions are not fused, and pay for their own traffic and time; vector work runs in int16 on 1 lane (as stated: 250fJ for an addition or comparison, 7pJ for a special function).");
  });
});

const TEXT = `
space Net {
  input image: f32[14, 14, 8]
  x = image -> conv(choose { 8, 16 }, kernel = 3) -> relu -> choose { gelu, relu }
  output y = x -> max_pool(2) -> global_pool -> dense(4) -> softmax
}
accelerator Chip {
  memory dram { width 64bit }
  memory buffer { size 16KB }
  chunk mac { array 8 x 8  runs conv, dense }
  vector { lanes choose { 2, 16 }  precision choose { int16, fp16 }  add choose { 0.1pJ, 0.5pJ }  fuse choose { true, false } }
  mapper { }
}
search Main { space Net on Chip  minimize energy }
`;

describe("a vector unit with chosen fields", () => {
  const { space, accelerator: chip } = programOf(TEXT).searches.get("Main")!;
  const model = createCostModel(chip);
  const costs = spaceCosts(space, model, spaceQueries(space));
  const priced = pricedApart(space, model);

  it("is priced by tables as architecture by architecture", () => {
    expect(chip.choices!.map(({ path }) => path)).toEqual(["Chip.vector.lanes", "Chip.vector.precision", "Chip.vector.add", "Chip.vector.fuse"]);
    expect(priced).toHaveLength(64);
    const seen = new Set<string>();
    for (const { architecture, totals } of priced) {
      const found = costs.costOf(architecture);
      for (const metric of ["energy", "latency", "period", "bytes", "size"] as const) expect(Math.abs(found[metric] - totals[metric])).toBeLessThanOrEqual(1e-9 * totals[metric]);
      seen.add(`${totals.energy} ${totals.latency}`);
    }
    expect(seen.size).toBe(64);
    for (const metric of ["energy", "latency"] as const) {
      const all = priced.map(({ totals }) => totals[metric]);
      expect(costs.bounds(metric).minimum.value / Math.min(...all)).toBeCloseTo(1, 9);
      expect(costs.bounds(metric).maximum.value / Math.max(...all)).toBeCloseTo(1, 9);
    }
  });
});
