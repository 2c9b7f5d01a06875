/**
 * The survey of models for the edge (dossier 05): its "works when" list and the golden rows of its table of conventions. Those of SPOS,
 * NAS-Bench-101 and 201 and TinyNAS are held by the tests of samples 04, 09 and 19; NAS-Bench-Macro's are here, with the benchmark's own
 * columns (shared data, nas-bench-macro): parameters with batch norm's and the classifier's biases, MACs of convolutions and of the classifier.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { costLines } from "../../src/cli/cost.js";
import { checkProgramBudgets } from "../../src/hw/budget-check.js";
import { createCostModel, type CostRow, type NetCost } from "../../src/hw/cost-model.js";
import { figures, formatMetric, metricNames } from "../../src/hw/metrics.js";
import { spaceCosts } from "../../src/hw/space-costs.js";
import { bind } from "../../src/ir/bind.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { randomStream } from "../../src/random/stream.js";
import { programOf } from "../ir/check/programs.js";
import { forward } from "./forward.js";
import { oneStep } from "./one-step.js";
import { countsOf, netNamed, readSample } from "./sample.js";
import { publishedSamples } from "./samples-table.js";

const program = readSample("05-edge-survey");
const edge = createCostModel(program.accelerators.get("Edge")!);
const plain = createCostModel(program.accelerators.get("Plain")!);
const costOf = (name: string, model = edge): NetCost => model.netCost(netNamed(program, name));
/** The convolutions of the residual blocks: `op[stage][block]`. */
const blocksOf = ({ rows }: NetCost): readonly CostRow[] => rows.filter(({ path }) => path.startsWith("op["));

describe("05 edge survey", () => {
  it("counts its spaces", () => {
    const sizeOf = (space: string): bigint | undefined => spaceQueries(program.spaces.get(space)!).count();
    // A block: 5 precisions, 3 sparsities, 2 kernels, 2 operators without and one with 2 ranks; two of them and 4 ratios in a stage; a head of 4.
    expect([sizeOf("Joint"), sizeOf("Toy"), sizeOf("Macro")]).toEqual([(4n * 120n ** 2n) ** 3n * 4n, 1296n, 6561n]);
  });

  it.each([["Macro00000000", 387_882, 7_713_280], ["Macro22222222", 2_932_586, 105_660_928]])("%s of NAS-Bench-Macro has %d parameters and %d MACs", (name, params, macs) => {
    expect(countsOf(program, netNamed(program, name))).toEqual({ params, macs });
  });

  const table = join(process.env["NASC_SHARED"] ?? "../shared", "data", "nas-bench-macro", "nas-bench-macro.csv.gz");
  if (!existsSync(table)) console.warn(`SKIPPED: the table of NAS-Bench-Macro is not at ${table}; set NASC_SHARED`);
  it.skipIf(!existsSync(table))("has the parameters and the MACs of all networks of NAS-Bench-Macro", () => {
    const rows = gunzipSync(readFileSync(table)).toString("utf8").trim().split("\n").slice(1).map((row) => row.split(","));
    expect(rows.length).toBe(6561);
    const costs = spaceCosts(program.spaces.get("Macro")!, edge);
    for (const [network, , , , , , params, macs] of rows) {
      const found = costs.costOf([...network!].map(Number));
      expect([network, found.params, found.macs]).toEqual([network, Number(params), Number(macs)]);
    }
  });

  it("stores half of the bytes at half of the bits, and does bit operations by the product of both widths (check 3)", () => {
    const [eight, four] = [costOf("EightBits"), costOf("FourBits")].map(blocksOf) as [readonly CostRow[], readonly CostRow[]];
    const convolutions = eight.filter(({ operator }) => operator === "conv");
    expect(convolutions.length).toBe(6);
    for (const row of convolutions) {
      const narrow = four.find(({ path }) => path === row.path)!;
      expect([row.size, row.bitops]).toEqual([row.params, 64 * row.macs]);
      expect([narrow.size, narrow.bitops]).toEqual([row.size / 2, row.bitops / 4]);
    }
  });

  it("takes a quarter of the cycles at half of the bits where multipliers divide, and all of them where they do not", () => {
    const cyclesOf = (name: string, model = edge): number => blocksOf(costOf(name, model)).reduce((sum, { cycles }) => sum + cycles, 0);
    expect(cyclesOf("FourBits") / cyclesOf("EightBits")).toBeCloseTo(1 / 4, 10);
    expect(cyclesOf("FourBits", plain)).toBe(cyclesOf("EightBits", plain));
    expect(costOf("FourBits", plain).totals.energy).toBeLessThan(costOf("EightBits", plain).totals.energy);
  });

  it("prunes a whole dependency group by one ratio, and work falls by what is predicted (check 4)", () => {
    const [whole, half] = [costOf("Reference"), costOf("Halved")];
    for (const row of blocksOf(whole).filter(({ operator }) => operator === "conv")) {
      const pruned = half.rows.find(({ path }) => path === row.path)!;
      expect([pruned.shape.at(-1), pruned.macs, pruned.params]).toEqual([row.shape.at(-1)! / 2, row.macs / 4, row.params / 4]);
    }
    // The stem reads one channel either way; what follows the last stage reads half.
    const falls = (path: string): number => half.rows.find((row) => row.path === path)!.macs / whole.rows.find((row) => row.path === path)!.macs;
    expect([falls("conv[1]"), falls("conv[2]"), falls("conv[3]"), falls("head.whole/dense"), falls("dense")]).toEqual([1 / 2, 1 / 4, 1 / 4, 1 / 2, 1]);
  });

  it("multiplies by what is left of weights that are cut, and says how sparse the network is", () => {
    const [whole, sparse] = [costOf("EightBits"), costOf("Sparse")];
    const convolutions = blocksOf(whole).filter(({ operator }) => operator === "conv");
    let cut = 0;
    for (const row of convolutions) {
      const kept = Math.round(0.2 * row.params);
      const left = sparse.rows.find(({ path }) => path === row.path)!;
      expect(left.macs).toBe((row.macs / row.params) * kept);
      // Eight bits for what is kept, one for every weight to say which those are.
      expect(left.size).toBeCloseTo(kept + row.params / 8, 6);
      cut += row.params - kept;
    }
    expect(sparse.figures.sparsity).toBeCloseTo(cut / whole.totals.params, 12);
    expect(sparse.totals.params).toBe(whole.totals.params);
  });

  it("replaces an m x n matrix by rank (m + n) multiplications, and by itself at full rank (check 5)", () => {
    const source = (rank: number): string => `import { LowRankDense } from "std/compression"\nspace Small {\n  input x: f32[12]\n  output y = x -> LowRankDense(7, ${rank}, bias = false)\n}`;
    const netOf = (rank: number) => { const space = programOf(source(rank)).spaces.get("Small")!; return bind(space, spaceQueries(space).sampleUniform(randomStream(1, "rank"))); };
    for (const rank of [1, 3, 7]) expect(edge.netCost(netOf(rank)).totals).toMatchObject({ macs: rank * (12 + 7), params: rank * (12 + 7) });
    // W = (W R)(R^T) for a rotation R of two axes.
    const random = randomStream(4, "matrix");
    const [w, cos, sin] = [Array.from({ length: 84 }, () => random.normal()), Math.cos(0.7), Math.sin(0.7)];
    const rotation = Array.from({ length: 49 }, (_, at) => { const [i, j] = [Math.floor(at / 7), at % 7]; return i === j ? (i === 2 || i === 5 ? cos : 1) : i === 2 && j === 5 ? -sin : i === 5 && j === 2 ? sin : 0; });
    const left = Array.from({ length: 84 }, (_, at) => Array.from({ length: 7 }, (_, k) => w[Math.floor(at / 7) * 7 + k]! * rotation[k * 7 + (at % 7)]!).reduce((a, b) => a + b));
    const right = Array.from({ length: 49 }, (_, at) => rotation[(at % 7) * 7 + Math.floor(at / 7)]!);
    const x = { shape: [2, 12], values: Array.from({ length: 24 }, () => random.normal()) };
    const found = forward(netOf(7), { x }, (node) => (node.inputs[0] === 0 ? left : right)).at(-1)!;
    const expected = Array.from({ length: 14 }, (_, at) => Array.from({ length: 12 }, (_, k) => x.values[Math.floor(at / 7) * 12 + k]! * w[k * 7 + (at % 7)]!).reduce((a, b) => a + b));
    found.values.forEach((value, at) => expect(Math.abs(value - expected[at]!)).toBeLessThan(1e-4));
  });

  it("finds the best of all 1,296 networks under a limit of bit operations, where architecture first and bits second does not always (check 6)", () => {
    const space = program.spaces.get("Toy")!;
    const costs = spaceCosts(space, edge);
    // Genes in turn: the bits and the operator of a layer.
    const all = Array.from({ length: 1296 }, (_, at) => Array.from({ length: 8 }, (_, gene) => gene).reduce<{ rest: number; genes: number[] }>(({ rest, genes }, gene) => {
      const options = gene % 2 === 0 ? 2 : 3;
      return { rest: Math.floor(rest / options), genes: [...genes, rest % options] };
    }, { rest: at, genes: [] }).genes).map((architecture) => ({ architecture, totals: costs.costOf(architecture) }));
    expect(new Set(all.map(({ architecture }) => architecture.join())).size).toBe(1296);
    // The score: stored bytes, as a stand-in for capacity; bits and weights both add to it.
    let beaten = 0;
    for (const share of [0.3, 0.5, 0.7, 0.9]) {
      const limit = share * Math.max(...all.map(({ totals }) => totals.bitops));
      const within = all.filter(({ totals }) => totals.bitops <= limit);
      const truth = Math.max(...within.map(({ totals }) => totals.size));
      const joint = costs.best("size", "maximize", [{ metric: "bitops", relation: "<=", bound: limit }])!;
      expect([joint.proven, joint.value]).toEqual([true, truth]);
      // First the operators with all words wide, then the bits of that one network.
      const wide = within.filter(({ architecture }) => architecture.every((option, gene) => gene % 2 === 1 || option === 1));
      const first = wide.reduce((best, next) => (next.totals.params > best.totals.params ? next : best));
      const second = within.filter(({ architecture }) => architecture.every((option, gene) => gene % 2 === 0 || option === first.architecture[gene]));
      const staged = Math.max(...second.map(({ totals }) => totals.size));
      expect(staged).toBeLessThanOrEqual(truth);
      if (staged < truth) beaten++;
    }
    expect(beaten).toBeGreaterThan(0);
  });

  it("refuses a budget below what any network takes, with both numbers (check 8)", () => {
    const findings = checkProgramBudgets(readSample("05-edge-survey", { SIZE: "8KB" }));
    const least = spaceCosts(program.spaces.get("Joint")!, edge).bounds("size");
    expect([least.exact, least.minimum.value > 8192]).toEqual([true, true]);
    expect(findings.map(({ severity, title, why }) => [severity, title, why])).toEqual([
      ["error", "no architecture meets `size <= 8KB`", `over all architectures of \`Joint\` on \`Edge\` the least size is ${formatMetric("size", least.minimum.value)}; the bound is ${formatMetric("size", 8192)}`],
    ]);
  });

  it("reports every metric of lightness and computation, and what it does not model by name (check 1)", () => {
    const lines = costLines(costOf("FourBits"), edge, false);
    for (const name of [...metricNames, ...figures.map((figure) => figure.name)]) expect(lines.filter((line) => line.startsWith(name.padEnd(11)) && line[11] === " "), name).toHaveLength(1);
    expect(lines.find((line) => line.startsWith("accuracy"))).toContain("not modelled");
    expect(lines.at(-1)).toMatch(/batch 1.*int8/);
  });

  it.each(publishedSamples())("reports every metric of %s", (sample) => {
    const checked = readSample(sample);
    const [name] = checked.architectures.keys();
    const [accelerator] = checked.accelerators.values();
    if (name === undefined || accelerator === undefined) throw new Error(`${sample} declares no network to report`);
    const { totals, figures: found } = createCostModel(accelerator).netCost(netNamed(checked, name));
    for (const [metric, value] of [...Object.entries(totals), ...Object.entries(found)]) expect([metric, Number.isFinite(value) && value >= 0]).toEqual([metric, true]);
    expect(found.memory).toBeGreaterThan(0);
    expect(found.utilisation).toBeGreaterThan(0);
    expect(found.utilisation).toBeLessThanOrEqual(1);
  });

  it.each([["Joint", { SIDE: "16", WIDTH: "16", BLOCKS: "1" }], ["Toy", {}], ["Macro", { MACRO_SIDE: "16", SHRINK: "8" }]])("%s runs one step at a reduced size", async (space, constants) => {
    expect(await oneStep("05-edge-survey", space, constants)).toEqual([]);
  }, 300_000);
});
