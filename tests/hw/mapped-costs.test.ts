/** Costs of networks on accelerators that search mappings: published figures, agreement with the mapping model, what stays on the chip. */
import { describe, expect, it } from "vitest";
import { createCostModel, type CostRow, type NetCost } from "../../src/hw/cost-model.js";
import { evaluate } from "../../src/hw/mapping/evaluate.js";
import { physical } from "../../src/hw/mapping/conventions.js";
import { bind } from "../../src/ir/bind.js";
import type { Accelerator } from "../../src/ir/plan.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { randomStream } from "../../src/random/stream.js";
import { programOf } from "../ir/check/programs.js";

/** The cost of the only network of a space on an accelerator of the standard library, or on a declared one. */
function costOn(accelerator: string, body: string, declaration?: string): { readonly cost: NetCost; readonly accelerator: Accelerator; readonly convention: string } {
  const text = `${declaration ?? `import { ${accelerator} } from "std/accelerators"`}\nspace S { ${body} }\nsearch Main { space S on ${accelerator}  maximize accuracy }`;
  const plan = programOf(text).searches.get("Main")!;
  const model = createCostModel(plan.accelerator);
  return { cost: model.netCost(bind(plan.space, spaceQueries(plan.space).samplePath(randomStream(0, "net")))), accelerator: plan.accelerator, convention: model.convention };
}

const layer = (accelerator: string, size: number, channels: number, operator: string, declaration?: string): CostRow =>
  costOn(accelerator, `input x: f32[${size}, ${size}, ${channels}]  output y = x -> ${operator}`, declaration).cost.rows[1]!;

describe("eyeriss_hwnas", () => {
  it.each([
    [16, 24, 32, 4096, 96], [24, 32, 16, 2048, 96], [32, 64, 8, 2048, 64], [64, 112, 8, 4096, 112], [64, 112, 14, 12544, 112], [112, 184, 7, 9016, 112],
    [184, 352, 7, 20608, 154], [184, 352, 4, 11776, 88], [112, 184, 4, 5152, 64],
  ])("runs a 1x1 convolution, %d to %d at %d, in %d cycles on %d elements (hardware notes 7.4)", (c, k, size, cycles, elements) => {
    const row = layer("eyeriss_hwnas", size, c, `conv(${k}, kernel = 1)`);
    expect(row.latency * 250e6).toBeCloseTo(cycles, 6);
    expect(row.utilisation * 168).toBeCloseTo(elements, 6);
  });

  it.each([
    ["conv(C, kernel = 3)", 1.47456], ["conv(C, kernel = 1)", 0.24576], ["average_pool(size = 3, stride = 1, padding = same)", 1.47456],
  ])("bills %s of NAS-Bench-201 as the published table does, over the fifteen cells", (operator, milliseconds) => {
    const stages = [[16, 32], [32, 16], [64, 8]] as const;
    const total = stages.reduce((sum, [channels, size]) => sum + 5 * layer("eyeriss_hwnas", size, channels, operator.replace("C", String(channels))).latency * 1e3, 0);
    expect(total).toBeCloseTo(milliseconds, 9);
  });
});

describe("a mapped layer", () => {
  const small = (memory = "", mapper = ""): string => `accelerator Small {
    clock 100MHz
    memory dram { width 64bit  read 1000pJ  bandwidth 0.4GBps }
    memory buffer { size 4KB  width 64bit  read 20pJ }
    memory local { size 64B  width 8bit  read 0.1pJ  per pe ${memory} }
    chunk mac { array 4 x 4  runs conv, dense  precision int8 }
    mapper { ${mapper} }
  }`;

  it("costs what the mapping model says of its mapping", () => {
    const row = layer("Small", 16, 8, "conv(16, kernel = 3)", small());
    const [mapped] = row.mappings!;
    const { energy, cycles } = evaluate(mapped!.problem, mapped!.target.hardware, mapped!.result.mapping, physical);
    expect(row.energy).toBeCloseTo(energy.total * 1e-12, 15);
    expect(row.latency).toBeCloseTo(cycles.latency / 100e6, 12);
    expect(row.split.compute).toBeCloseTo(16 * 16 * 8 * 16 * 9 * 0.3e-12, 15);
    expect(mapped!.result.proven).toBe(true);
    // Each of 16 elements has 64 bytes: more needs more of the buffer.
    expect(mapped!.result.evaluation.occupancies.map(({ fits }) => fits)).toEqual([true, true, true]);
  });

  it("leaves activations on the chip where they fit, and says which", () => {
    const inside = layer("Small", 8, 8, "conv(8, kernel = 1)", small());
    expect(inside.mappings![0]!.onChip).toEqual(["I", "O"]);
    // Only the weights come from outside: 64 of 8 bits.
    expect(inside.split.dram).toBeCloseTo(8 * 1000e-12, 18);
    const outside = layer("Small", 8, 8, "conv(8, kernel = 1)", small("", "keep_on_chip false"));
    expect(outside.mappings![0]!.onChip).toEqual([]);
    // ... and then 512 words of input in, and as many of output, 8 bits each, as final results.
    expect(outside.split.dram).toBeCloseTo((64 + 512 + 512) / 8 * 1000e-12, 18);
    expect(layer("Small", 32, 8, "conv(8, kernel = 1)", small()).mappings![0]!.onChip).toEqual([]);
  });

  it("is chosen for what the mapper minimises", () => {
    const [energy, latency, product] = ["energy", "latency", "edp"].map((goal) => layer("Small", 16, 8, "conv(16, kernel = 3)", small("", `minimize ${goal}`)));
    expect(energy!.energy).toBeLessThanOrEqual(Math.min(latency!.energy, product!.energy) * (1 + 1e-12));
    expect(latency!.latency).toBeLessThanOrEqual(Math.min(energy!.latency, product!.latency) * (1 + 1e-12));
    expect(product!.energy * product!.latency).toBeLessThanOrEqual(Math.min(energy!.energy * energy!.latency, latency!.energy * latency!.latency) * (1 + 1e-12));
  });

  it("takes the better of several dataflows", () => {
    const on = (dataflow: string): CostRow => layer("Small", 16, 8, "conv(16, kernel = 3)", small().replace("precision", `dataflow ${dataflow}  precision`));
    const flows = ["weight_stationary", "output_stationary", "input_stationary", "row_stationary", "no_local_reuse"];
    const each = flows.map((flow) => { const row = on(flow); return row.energy * row.latency; });
    const all = on(flows.join(", "));
    expect(all.energy * all.latency).toBeCloseTo(Math.min(...each), 25);
    expect(all.mappings![0]!.dataflow).toBe(flows[each.indexOf(Math.min(...each))]);
  });

  it("says where no mapping fits, and bills the lower bound", () => {
    const { cost } = costOn("Tiny", "input x: f32[4]  output y = x -> dense(4)", small("holds outputs").replace("Small", "Tiny").replace("size 64B", "size 1B"));
    expect(cost.rows[1]!.mappings).toBeUndefined();
    expect(cost.warnings.map(({ code }) => code)).toEqual(["NAS5004"]);
    expect(cost.rows[1]!.energy).toBeGreaterThan(0);
  });

  it("prints the convention it is priced by", () => {
    expect(costOn("Small", "input x: f32[4]  output y = x -> dense(4)", small()).convention).toContain("least energy times latency");
    expect(costOn("eyeriss_hwnas", "input x: f32[4]  output y = x -> dense(4)").convention).toContain("Pooling is billed as a dense convolution");
  });
});

describe("each preset", () => {
  it.each(["eyeriss168", "eyeriss_hwnas", "tpu_like", "nvdla_like", "vitcod", "nasa_chunks"])("%s maps convolutions, shifts, adders, attention and dense layers, as good as proven", (name) => {
    const body = "input x: f32[12, 12, 6]  a = x -> conv(8, kernel = 3) -> shift(8, kernel = 3) -> add(8, kernel = 3) -> depthwise(kernel = 3)  output y = a -> to_tokens -> attention(heads = 2) -> global_pool -> dense(10)";
    const { cost } = costOn(name, body);
    const mapped = cost.rows.flatMap(({ mappings }) => mappings ?? []);
    expect(cost.warnings.filter(({ code }) => code === "NAS5001" || code === "NAS5004")).toEqual([]);
    expect(mapped.length).toBeGreaterThanOrEqual(8);
    expect(mapped.filter(({ result }) => result.proven).length).toBeGreaterThanOrEqual(mapped.length - 1);
    // What is not proven within the default effort is within a tenth of what no mapping can beat.
    for (const { result } of mapped) expect(result.bound / result.objective).toBeGreaterThan(0.9);
    for (const { problem, result: { evaluation } } of mapped) {
      expect(evaluation.fits).toBe(true);
      expect(evaluation.cycles.compute * evaluation.utilisation).toBeGreaterThan(0);
      expect(evaluation.counts.length).toBeGreaterThanOrEqual(problem.tensors.length);
    }
  });
});
