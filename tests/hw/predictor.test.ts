/** The RICE-EIC predictor through the language: published rows of HW-NAS-Bench and ShiftAddNAS from `.nas` text to the cost model. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createCostModel, type CostRow, type NetCost } from "../../src/hw/cost-model.js";
import { bind } from "../../src/ir/bind.js";
import { programOf } from "../ir/check/programs.js";
import { shared } from "./reference/shared-data.js";
import { mixV3, mixV4 } from "./reference/shiftaddnas-nets.js";

/** The only network of a space on an accelerator of the standard library, or on a declared one. */
function costOn(accelerator: string, body: string, declaration?: string): { readonly cost: NetCost; readonly convention: string } {
  const program = programOf(`${declaration ?? `import { ${accelerator} } from "std/accelerators"`}\nspace S { ${body} }\nsearch Main { space S on ${accelerator}  maximize accuracy }`);
  const plan = program.searches.get("Main")!;
  const model = createCostModel(plan.accelerator);
  return { cost: model.netCost(bind(plan.space, [])), convention: model.convention };
}

const layer = (accelerator: string, shape: readonly number[], operator: string, declaration?: string): CostRow =>
  costOn(accelerator, `input x: f32[${shape.join(", ")}]  output y = x -> ${operator}`, declaration).cost.rows[1]!;

const relative = (got: number, expected: number): number => Math.abs(got / expected - 1);

describe("HW-NAS-Bench by its script", () => {
  const data = shared("costmodel-reference/eyeriss-nasbench201-ops.json", "37 operations of NAS-Bench-201");
  interface Operation { idx: number; type: "Conv" | "AvgP" | "FC"; kernel_size: number; stride: number; input_H: number; input_C: number; output_M: number; energy_mJ: number; cycles: number }
  const operators: Readonly<Record<Operation["type"], (given: Operation) => string>> = {
    Conv: ({ output_M, kernel_size, stride }) => `conv(${output_M}, kernel = ${kernel_size}, stride = ${stride})`,
    AvgP: ({ kernel_size, stride }) => `average_pool(size = ${kernel_size}, stride = ${stride}, padding = same)`,
    FC: ({ output_M }) => `dense(${output_M})`,
  };
  it.skipIf(!data.present)("prices all 37 operations as it does, pooling as a dense convolution without arithmetic", () => {
    const { ops } = data.json<{ ops: Operation[] }>();
    for (const given of ops) {
      const row = layer("eyeriss_predictor", given.type === "FC" ? [given.input_C] : [given.input_H, given.input_H, given.input_C], operators[given.type](given));
      expect(row.cycles, `${given.idx} ${given.type}`).toBe(given.cycles);
      expect(row.latency * 250e6).toBeCloseTo(given.cycles, 6);
      expect(relative(row.energy * 1e3, given.energy_mJ), `${given.idx} ${given.type}`).toBeLessThan(1e-9);
    }
  });

  it.each([["conv(C, kernel = 3)", 1.47456], ["conv(C, kernel = 1)", 0.24576], ["average_pool(size = 3, stride = 1, padding = same)", 1.47456]])("gives the published %s of all fifteen cells", (operator, milliseconds) => {
    for (const name of ["eyeriss_predictor", "eyeriss_predictor_sides"]) {
      const total = ([[16, 32], [32, 16], [64, 8]] as const).reduce((sum, [channels, size]) => sum + 5 * layer(name, [size, size, channels], operator.replace("C", String(channels))).latency * 1e3, 0);
      expect(total).toBeCloseTo(milliseconds, 9);
    }
  });
});

describe("FBNet's 1x1 convolutions (hardware notes 7.4)", () => {
  it.each([
    [16, 24, 32, 4096, 96], [24, 32, 16, 2048, 96], [32, 64, 8, 2048, 64], [64, 112, 8, 4096, 112], [64, 112, 14, 12544, 112], [112, 184, 7, 9016, 112],
    [184, 352, 7, 20608, 154], [184, 352, 4, 11776, 88], [112, 184, 4, 5152, 64],
  ])("%d to %d at %d: %d cycles on %d elements", (c, k, size, cycles, elements) => {
    const row = layer("eyeriss_predictor_sides", [size, size, c], `conv(${k}, kernel = 1)`);
    expect(row.cycles).toBe(cycles);
    expect(row.predictions![0]!.usedElements).toBe(elements);
    expect(row.utilisation * 168).toBeCloseTo(elements, 9);
  });
});

describe("ShiftAddNAS, ten recorded layers (01, check 5)", () => {
  const rows: readonly (readonly [readonly number[], string, readonly [number, number], readonly [number, number]])[] = [
    [[2048], "dense(1000)", [0.928905864, 5.12e-5], [0.928905864, 5.12e-5]],
    [[224, 224, 3], "conv(64, kernel = 7, stride = 2)", [5.2231811072, 0.003211264], [5.2549726208, 0.002809856]],
    [[56, 56, 64], "conv(64, kernel = 1)", [0.6784999424, 0.000401408], [0.6784999424, 0.000401408]],
    [[56, 56, 64], "conv(256, kernel = 1)", [2.4731549696, 0.001605632], [2.4731549696, 0.001605632]],
    [[56, 56, 64], "conv(64, kernel = 3)", [5.0017042432, 0.004816896], [4.9132306432, 0.002752512]],
    [[28, 28, 512], "shift(256, kernel = 1)", [1.36621671424, 0.00100352], [1.36621671424, 0.00100352]],
    [[14, 14, 256], "shift(256, kernel = 3)", [1.53419645952, 0.00172032], [1.48964017152, 0.00086016]],
    [[14, 14, 256], "shift(1024, kernel = 1)", [0.73807782912, 0.00057344], [0.73807782912, 0.00057344]],
    [[14, 14, 1024], "add(256, kernel = 1)", [1.1876257792, 0.001605632], [1.1876257792, 0.001605632]],
    [[14, 14, 256], "add(256, kernel = 3)", [4.001234944, 0.004816896], [4.001234944, 0.002752512]],
  ];
  it.each(rows)("%j %s", (shape, operator, small, large) => {
    for (const [name, [millijoules, seconds]] of [["shiftaddnas_168", small], ["shiftaddnas", large]] as const) {
      const row = layer(name, shape, operator);
      expect(relative(row.energy * 1e3, millijoules), `${name} energy`).toBeLessThan(1e-9);
      expect(relative(row.latency, seconds), `${name} latency`).toBeLessThan(1e-9);
    }
  });

  it("bills a depthwise convolution as a dense one", () => {
    expect(layer("shiftaddnas", [56, 56, 64], "depthwise(kernel = 3)")).toMatchObject({ energy: layer("shiftaddnas", [56, 56, 64], "conv(64, kernel = 3)").energy, latency: 0.002752512, macs: 56 * 56 * 64 * 9 });
  });
});

describe("ShiftAddNAS, whole networks", () => {
  const text = readFileSync(new URL("./reference/shiftaddnas-t0.nas", import.meta.url), "utf8");
  it.each([
    ["mix_v3", mixV3, 224, "shiftaddnas_168", 242.26, 206.4], ["mix_v4", mixV4, 224, "shiftaddnas_168", 219.81, 181.06], ["mix_v3", mixV3, 256, "shiftaddnas_168", 310.45, 255.6], ["mix_v4", mixV4, 256, "shiftaddnas", 281.07, 219.16],
  ] as const)("T0_%s %# sums to the record", (_, network, size, accelerator, millijoules, milliseconds) => {
    const plan = programOf(text.replaceAll("SPACE_ACCELERATOR", accelerator).replace("NETWORK_KINDS", JSON.stringify(network)).replace("IMAGE_SIZE", String(size))).searches.get("Main")!;
    const { totals } = createCostModel(plan.accelerator).netCost(bind(plan.space, []));
    expect((totals.energy * 1e3).toFixed(2)).toBe(millijoules.toFixed(2));
    expect((totals.latency * 1e3).toFixed(2)).toBe(milliseconds.toFixed(2));
  });
});
