/** NASA's allocation, its search cost and its chunk simulator against what dossier 02 recomputed from the released code. */
import { describe, expect, it } from "vitest";
import { allocateElements, multiplierArea, nasaAsPublished, runNasa, scaledFlops } from "../../../src/hw/reference-models/nasa.js";
import { flopsOf, layersOf, nasaNets } from "./nasa-nets.js";

describe("NASA-F networks", () => {
  it.each(Object.entries(nasaNets))("%s: FLOPs, energy without external memory and period, to the printed digits", (_, net) => {
    const flops = flopsOf(net);
    expect(((flops.multiply + flops.add / multiplierArea) / 1e7).toFixed(3)).toBe(net.flops.toFixed(3));
    const run = runNasa(layersOf(net), nasaAsPublished(allocateElements(flops)))!;
    expect([(run.energyWithoutDram * 1e-9).toFixed(3), (run.period / 250e3).toFixed(3)]).toEqual([net.energy.toFixed(3), net.latency.toFixed(3)]);
  });
});

describe("element allocation", () => {
  it("gives equal conv and adder work 109 and 110 elements, and one family all 168", () => {
    expect(allocateElements({ multiply: 1e6, shift: 0, add: 1e6 })).toEqual({ multiply: 109, shift: 0, add: 110 });
    expect(allocateElements({ multiply: 5, shift: 0, add: 0 })).toEqual({ multiply: 168, shift: 0, add: 0 });
    expect(allocateElements({ multiply: 0, shift: 0, add: 0 })).toEqual({ multiply: 0, shift: 0, add: 0 });
  });

  it("makes the chunks need the same time, up to the rounding of one element", () => {
    const operations = { multiply: 41e6, shift: 17e6, add: 13e6 };
    const elements = allocateElements(operations);
    const ideal = (operations.multiply + (operations.shift + operations.add) / multiplierArea) / 168;
    expect(operations.multiply / (elements.multiply + 1)).toBeLessThanOrEqual(ideal);
    for (const operator of ["shift", "add"] as const) expect(operations[operator] / elements[operator]).toBeLessThanOrEqual(ideal);
    expect(elements.multiply + (elements.shift - 1 + elements.add - 1) / multiplierArea).toBeLessThanOrEqual(168);
  });
});

describe("the searched CIFAR-10 network NASA ships", () => {
  // C multiplies, S shifts, A adds; kernel; expansion (dossier 02). Stages of 1, 4, 4, 4, 4, 4, 1 blocks.
  const choices = ("C36 C53 C33 A53 A53 C53 A53 A33 A33 C56 A36 A36 S33 C36 S36 S33 C33 C56 S33 S56 S56 S56").split(" ");
  const stages = [[16, 1, 1], [24, 4, 1], [32, 4, 2], [64, 4, 2], [112, 4, 1], [184, 4, 2], [352, 1, 1]] as const;

  function operationsOf(normalised: number): Record<"multiply" | "shift" | "add", number> {
    const total = { multiply: 0, shift: 0, add: 0 };
    let from = 16;
    let size = 32;
    total.multiply += (3 * 9 + normalised) * 16 * size ** 2;
    let next = 0;
    for (const [to, count, first] of stages) {
      for (let block = 0; block < count; block++) {
        const [type, kernel, expansion] = choices[next++]!;
        const stride = block === 0 ? first : 1;
        const mid = from * Number(expansion);
        const out = (size / stride) ** 2;
        const operations = (from + normalised) * mid * size ** 2 + (Number(kernel) ** 2 + normalised) * mid * out + (mid + normalised) * to * out;
        total[type === "S" ? "shift" : type === "A" ? "add" : "multiply"] += operations;
        from = to;
        size /= stride;
      }
    }
    total.multiply += (352 + normalised) * 1504 * size ** 2;
    return total;
  }

  it("has 109,559,680 multiply-accumulates and 54,664,259.2 scaled FLOPs", () => {
    expect(operationsOf(0)).toEqual({ multiply: 33_535_488 + 442_368 + 8_470_528, add: 23_273_472, shift: 43_837_824 });
    expect(scaledFlops(operationsOf(2))).toBeCloseTo(54_664_259.2, 1);
  });
});
