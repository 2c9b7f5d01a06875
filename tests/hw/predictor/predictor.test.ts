/** The RICE-EIC predictor through the language: published rows of HW-NAS-Bench and ShiftAddNAS from `.nas` text to the cost model. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createCostModel, type CostRow, type NetCost } from "../../../src/hw/cost-model.js";
import { bind } from "../../../src/ir/bind.js";
import { programOf } from "../../ir/check/programs.js";
import { shared } from "../reference/shared-data.js";
import { mixV3, mixV4 } from "../reference/shiftaddnas-nets.js";

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
  const text = readFileSync(new URL("../reference/shiftaddnas-t0.nas", import.meta.url), "utf8");
  it.each([
    ["mix_v3", mixV3, 224, "shiftaddnas_168", 242.26, 206.4], ["mix_v4", mixV4, 224, "shiftaddnas_168", 219.81, 181.06], ["mix_v3", mixV3, 256, "shiftaddnas_168", 310.45, 255.6], ["mix_v4", mixV4, 256, "shiftaddnas", 281.07, 219.16],
  ] as const)("T0_%s %# sums to the record", (_, network, size, accelerator, millijoules, milliseconds) => {
    const plan = programOf(text.replaceAll("SPACE_ACCELERATOR", accelerator).replace("NETWORK_KINDS", JSON.stringify(network)).replace("IMAGE_SIZE", String(size))).searches.get("Main")!;
    const { totals } = createCostModel(plan.accelerator).netCost(bind(plan.space, []));
    expect((totals.energy * 1e3).toFixed(2)).toBe(millijoules.toFixed(2));
    expect((totals.latency * 1e3).toFixed(2)).toBe(milliseconds.toFixed(2));
  });
});

describe("switches of rice_eic", () => {
  const chip = (switches: string, chunk = "", operators = "conv, depthwise, dense, average_pool, add"): string => `accelerator Chip {
    clock 100MHz
    memory dram    { width 16bit  read 40pJ  write 50pJ }
    memory buffer  { size 4KB   width 16bit  read 6pJ  write 0pJ }
    memory inputs  { size 24B   width 16bit  read 1pJ  per pe  holds inputs }
    memory weights { size 128B  width 16bit  read 1pJ  per pe  holds weights }
    memory sums    { size 32B   width 16bit  read 1pJ  per pe  holds outputs }
    chunk mac { array 4 x 8  runs ${operators}  dataflow row_stationary  precision int16 { psum 16bit }  ${chunk} }
    mapper { convention rice_eic { ${switches} } }
  }`;
  const on = (operator: string, switches = "", chunk = "", operators?: string): CostRow => layer("Chip", [8, 8, 6], operator, chip(switches, chunk, operators));

  it("bill groups one after the other, or not at all", () => {
    const each = on("depthwise(kernel = 3)");
    const one = layer("Chip", [8, 8, 1], "conv(1, kernel = 3)", chip(""));
    expect(each.energy / one.energy).toBeCloseTo(6, 12);
    expect(each.cycles).toBe(6 * one.cycles);
    expect(each.macs).toBe(8 * 8 * 6 * 9);
    expect(on("depthwise(kernel = 3)", "groups dense").cycles).toBe(on("conv(6, kernel = 3)").cycles);
  });

  it("bill pooling that the chunk runs, and only that", () => {
    const pool = "average_pool(size = 3, stride = 1, padding = same)";
    expect(on(pool).energy).toBe(0);
    const dense = on(pool, "pooling dense");
    expect(dense.cycles).toBe(on("conv(6, kernel = 3)").cycles);
    expect(dense.split.compute).toBe(0);
    expect(on(pool, "pooling dense", "", "conv").energy).toBe(0);
  });

  it("let what no template covers cost nothing, or its compulsory work", () => {
    expect(on("softmax").energy).toBe(0);
    expect(on("softmax", "others compulsory").energy).toBeGreaterThan(0);
    expect(on("average_pool(size = 2)", "others compulsory", "", "conv")).toMatchObject({ chunk: "vector" });
  });

  it("free adders of traffic", () => {
    const [billed, free] = [on("add(6, kernel = 3)", "", "network 1pJ"), on("add(6, kernel = 3)", "adders free", "network 1pJ")];
    expect(billed.split.dram).toBeGreaterThan(0);
    expect([free.split.dram, free.split.buffer]).toEqual([0, 0]);
    expect(free.split.registers).toBeGreaterThan(0);
    expect(on("conv(6, kernel = 3)", "adders free").energy).toBe(on("conv(6, kernel = 3)").energy);
  });

  it("fill the buffer, or the part of the chunk", () => {
    const [whole, part] = [on("conv(12, kernel = 3)", "", "share 0.2"), on("conv(12, kernel = 3)", "buffer parts", "share 0.2")];
    expect([whole, part].map(({ predictions }) => predictions![0]!.array.bufferWords)).toEqual([2048, 409]);
    expect(part.predictions![0]!.looked).toBeLessThan(whole.predictions![0]!.looked);
    expect(part.energy * part.latency).toBeGreaterThanOrEqual(whole.energy * whole.latency);
  });

  it("price words by their bits, results by what writing costs, links and points as declared", () => {
    const narrow = on("conv(6, kernel = 1)", "", "").predictions![0]!;
    expect(narrow.prices).toMatchObject({ dram: { input: 40, weight: 40, output: 50 }, buffer: { input: 6 }, network: { input: 0, output: 0 }, registers: { input: 1, weight: 1, output: 1 } });
    const linked = on("conv(6, kernel = 1)", "", "network 2pJ { psum 1pJ }  point 3pJ  clock 200MHz");
    expect(linked.predictions![0]!.prices).toMatchObject({ operation: 3, network: { input: 2, weight: 2, output: 1 } });
    expect(linked.latency * 200e6).toBeCloseTo(linked.cycles, 6);
    // A width that the chunk says holds even for weights whose width the operator says.
    const shift = (chunk: string): number => layer("Chip", [8, 8, 6], "shift(6, kernel = 1)", chip("", "", "shift").replace("precision int16 { psum 16bit }", `precision int16 { psum 16bit  ${chunk} }`)).predictions![0]!.prices.dram.weight;
    expect(shift("")).toBeCloseTo((40 * 5) / 16, 9);
    expect(shift("weights 8bit")).toBeCloseTo(20, 9);
  });

  it("say where no tiling fits, and bill the lower bound", () => {
    const { cost } = costOn("Chip", "input x: f32[8, 8, 6]  output y = x -> conv(6, kernel = 3)", chip("").replace("size 4KB", "size 32B"));
    expect(cost.warnings.map(({ code }) => code)).toEqual(["NAS5004"]);
    expect(cost.rows[1]!.predictions).toBeUndefined();
    expect(cost.rows[1]!.energy).toBeGreaterThan(0);
  });

  it("are told in the convention", () => {
    expect(costOn("Chip", "input x: f32[4]  output y = x -> dense(4)", chip("groups dense")).convention).toContain("billed as if there were none");
    expect(costOn("Chip", "input x: f32[4]  output y = x -> dense(4)", chip("places sides")).convention).toContain("fit its sides");
  });
});

describe("each predicted preset", () => {
  it.each(["eyeriss_predictor", "eyeriss_predictor_sides", "shiftaddnas", "shiftaddnas_168", "nasa_predictor"])("%s prices convolutions, shifts, adders, attention and dense layers", (name) => {
    const { cost } = costOn(name, "input x: f32[12, 12, 6]  a = x -> conv(8, kernel = 3) -> shift(8, kernel = 3) -> add(8, kernel = 3) -> depthwise(kernel = 3)  output y = a -> to_tokens -> attention(heads = 2) -> global_pool -> dense(10)");
    expect(cost.warnings).toEqual([]);
    expect(cost.rows.flatMap(({ predictions = [] }) => predictions).length).toBe(4 + 6 + 1);
    for (const row of cost.rows) for (const predicted of row.predictions ?? []) expect(predicted.usedElements).toBeLessThan(predicted.array.elements);
  });
});
