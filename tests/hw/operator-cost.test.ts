import { describe, expect, it } from "vitest";
import { formatMetric } from "../../src/hw/metrics.js";
import { resolveMachine } from "../../src/hw/machine.js";
import { boundaryCost, noEnergy, operatorCost } from "../../src/hw/operator-cost.js";
import { arithmeticEnergy, DRAM_ENERGY_PER_BIT, registerEnergyPerBit, sramEnergyPerBit } from "../../src/hw/unit-costs.js";
import { utilisation } from "../../src/hw/utilisation.js";
import { accelerator, chunk, operatorWith, pointwise } from "./fixtures.js";

const PICO = 1e-12;

describe("unit costs", () => {
  it("are those of Horowitz and ShiftAddLLM at 45 nm", () => {
    expect(arithmeticEnergy("multiply", "fp32", 45)).toBeCloseTo(3.7 * PICO, 20);
    expect(arithmeticEnergy("multiply", "int32", 45) / arithmeticEnergy("add", "int32", 45)).toBeCloseTo(31, 10);
    expect(arithmeticEnergy("shift", "int8", 45)).toBeCloseTo(0.024 * PICO, 20);
    expect(arithmeticEnergy("add", "fp16", 45)).toBeCloseTo(0.4 * PICO, 20);
  });

  it("scale with the node", () => {
    expect(arithmeticEnergy("add", "int8", 28) / arithmeticEnergy("add", "int8", 45)).toBeCloseTo(28 / 45, 12);
  });

  it("fit Horowitz' SRAM sizes and stop shrinking below 0.5 KB", () => {
    expect(64 * sramEnergyPerBit(8 * 1024, 45)).toBeCloseTo(10 * PICO, 20);
    expect(64 * sramEnergyPerBit(32 * 1024, 45)).toBeCloseTo(20 * PICO, 20);
    expect(Math.abs((64 * sramEnergyPerBit(1024 * 1024, 45)) / PICO / 100 - 1)).toBeLessThan(0.15);
    expect(sramEnergyPerBit(1, 45)).toBe(sramEnergyPerBit(512, 45));
    expect(64 * DRAM_ENERGY_PER_BIT).toBeCloseTo(1300 * PICO, 18);
  });
});

describe("one operator", () => {
  const machine = resolveMachine(accelerator());
  const [m, k, c] = [100, 14, 12];
  const cost = (operation: Parameters<typeof pointwise>[0], name: string, bits?: number): ReturnType<typeof operatorCost> =>
    operatorCost(machine, operatorWith(name, { nests: [pointwise(operation, m, k, c, bits)], vectors: [] }, k * c), [[m, c]], {}, [m, k]);
  const points = m * k * c;

  it("counts and prices a convolution as the table says", () => {
    const found = cost("multiply_accumulate", "conv");
    expect(found).toMatchObject({ params: k * c, macs: points, multiplies: points, adds: points, shifts: 0, chunk: "mac", unassigned: false });
    expect(found.energy.compute).toBeCloseTo(points * 4.6 * PICO, 18);
    expect(found.bytes).toBe(4 * (k * c + m * c + m * k));
    // Two operands read, the partial sum read and written, 32 bits each.
    expect(found.energy.registers).toBeCloseTo(points * 128 * registerEnergyPerBit(45), 18);
    const sram = sramEnergyPerBit(108 * 1024, 45);
    // Weights pass through the buffer (written and read); the input is read there, the output written.
    expect(found.energy.buffer).toBeCloseTo(32 * (2 * k * c + m * c + m * k) * sram, 18);
    expect(found.energy.dram).toBeCloseTo(32 * k * c * DRAM_ENERGY_PER_BIT, 18);
  });

  it("prices shift and adder points by their own arithmetic and weight width", () => {
    const shift = cost("shift_accumulate", "shift", 5);
    expect(shift).toMatchObject({ macs: 0, multiplies: 0, shifts: points, adds: points, chunk: "shift" });
    expect(shift.energy.compute).toBeCloseTo(points * (0.13 + 0.1) * PICO, 18);
    expect(shift.energy.dram).toBeCloseTo(5 * k * c * DRAM_ENERGY_PER_BIT, 18);
    const adder = cost("add_accumulate", "add");
    expect(adder).toMatchObject({ macs: 0, multiplies: 0, shifts: 0, adds: 2 * points, chunk: "adder" });
    expect(adder.energy.compute).toBeCloseTo(points * 1.8 * PICO, 18);
  });

  it("accumulates int8 in int32", () => {
    const small = resolveMachine(accelerator({ chunks: [chunk("mac", ["conv"], "int8")] }));
    const found = operatorCost(small, operatorWith("conv", { nests: [pointwise("multiply_accumulate", m, k, c)], vectors: [] }), [[m, c]], {}, [m, k]);
    expect(found.energy.compute).toBeCloseTo(points * (0.2 + 0.1) * PICO, 18);
    expect(found.energy.registers).toBeCloseTo(points * (8 + 8 + 32 + 32) * registerEnergyPerBit(45), 18);
  });

  it("takes the slowest of arithmetic, buffer and external memory", () => {
    // 12 x 14 array, reductions on rows, filters on columns: all of it works.
    const found = cost("multiply_accumulate", "conv");
    expect(found.utilisation).toBe(1);
    expect(found.cycles).toBeCloseTo(points / 168, 9);
    // The write port has more to do than the read port: the output is larger than the input.
    const writes = 4 * (k * c + m * k);
    expect(found.bound).toBe("buffer");
    expect(found.latency).toBeCloseTo(Math.max(points / 168 / 250e6, writes / 2e9), 15);
    const wide = resolveMachine(accelerator({ memories: [{ name: "dram", width: 4096 }, { name: "buffer", size: 108 * 1024, width: 4096 }] }));
    const fast = operatorCost(wide, operatorWith("conv", { nests: [pointwise("multiply_accumulate", m, k, c)], vectors: [] }), [[m, c]], {}, [m, k]);
    expect(fast.bound).toBe("compute");
    expect(fast.latency).toBeCloseTo(points / 168 / 250e6, 15);
    const slow = resolveMachine(accelerator({ memories: [{ name: "dram", width: 64, bandwidth: 1e6 }, { name: "buffer", size: 108 * 1024, width: 64 }] }));
    const starved = operatorCost(slow, operatorWith("conv", { nests: [pointwise("multiply_accumulate", m, k, c)], vectors: [] }), [[m, c]], {}, [m, k]);
    expect(starved.bound).toBe("dram");
    expect(starved.latency).toBeCloseTo((4 * k * c) / 1e6, 12);
  });

  it("sends an activation that takes more than half the buffer to external memory and back", () => {
    const tiny = resolveMachine(accelerator({ memories: [{ name: "dram", width: 64 }, { name: "buffer", size: 2 * 4 * m * c, width: 64 }] }));
    const found = operatorCost(tiny, operatorWith("conv", { nests: [pointwise("multiply_accumulate", m, k, c)], vectors: [] }), [[m, c]], {}, [m, k]);
    // The input (1200 words) just fits, the output (1400 words) does not.
    expect(found.energy.dram).toBeCloseTo(32 * (k * c + m * k) * DRAM_ENERGY_PER_BIT, 18);
  });

  it("falls to the first chunk, and says so, where no chunk runs it", () => {
    const found = cost("multiply_accumulate", "mystery");
    expect(found).toMatchObject({ chunk: "mac", unassigned: true });
  });

  it("gives pooling to the vector unit without a warning", () => {
    expect(cost("compare", "max_pool")).toMatchObject({ chunk: "vector", unassigned: false, macs: 0 });
  });

  it("lets fused vector work cost arithmetic only", () => {
    const work = { name: "relu", multiplies: 10, adds: 20, compares: 30, readWords: 1000, writeWords: 1000 };
    const fused = operatorCost(machine, operatorWith("relu", { nests: [], vectors: [{ ...work, fusible: true }] }), [[1]], {}, [1]);
    expect(fused).toMatchObject({ bytes: 0, latency: 0, chunk: "-", multiplies: 10, adds: 20 });
    expect(fused.energy).toEqual({ ...noEnergy, compute: fused.energy.compute });
    expect(fused.energy.compute).toBeCloseTo((10 * 1.1 + 50 * 0.4) * PICO, 20);
    const apart = operatorCost(machine, operatorWith("norm", { nests: [], vectors: [{ ...work, fusible: false }] }), [[1]], {}, [1]);
    expect(apart).toMatchObject({ bytes: 4000, chunk: "vector" });
    expect(apart.energy.buffer).toBeGreaterThan(0);
    expect(apart.latency).toBeGreaterThan(0);
  });

  it("bills the network's own input and output once", () => {
    const found = boundaryCost(machine, "input", [28, 28, 1]);
    expect(found.bytes).toBe(4 * 784);
    expect(found.energy.dram).toBeCloseTo(32 * 784 * DRAM_ENERGY_PER_BIT, 18);
    expect(boundaryCost(machine, "input", [1000, 1000]).energy.dram).toBe(0);
  });
});

describe("utilisation", () => {
  const nest = pointwise("multiply_accumulate", 50, 20, 9);
  const on = (dataflow: "weight_stationary" | "output_stationary" | "input_stationary", array: readonly [number, number]): number => utilisation(nest, { ...chunk("c", [], "int8", array), dataflow: [dataflow] });

  it("loses what the last fold does not fill", () => {
    expect(on("weight_stationary", [9, 20])).toBe(1);
    expect(on("weight_stationary", [12, 14])).toBeCloseTo((9 / 12) * (20 / 28), 12);
    expect(on("output_stationary", [25, 20])).toBe(1);
    expect(on("output_stationary", [12, 14])).toBeCloseTo((50 / 60) * (20 / 28), 12);
    expect(on("input_stationary", [9, 50])).toBe(1);
  });

  it("is the best of the dataflows a chunk may use, and never above 1", () => {
    const both = utilisation(nest, { ...chunk("c", [], "int8", [12, 14]), dataflow: ["weight_stationary", "output_stationary"] });
    expect(both).toBe(Math.max(on("weight_stationary", [12, 14]), on("output_stationary", [12, 14])));
    expect(both).toBeLessThanOrEqual(1);
  });
});

describe("figures for people", () => {
  it("carry a prefix and few digits", () => {
    expect(formatMetric("energy", 1.2344e-6)).toBe("1.234 µJ");
    expect(formatMetric("latency", 0.00204)).toBe("2.04 ms");
    expect(formatMetric("params", 99_999)).toBe("100 K");
    expect(formatMetric("params", 512)).toBe("512");
    expect(formatMetric("bytes", 2048)).toBe("2.048 KB");
    expect(formatMetric("accuracy", 0.9123)).toBe("91.23 %");
    expect(formatMetric("shifts", 0)).toBe("0");
  });
});
