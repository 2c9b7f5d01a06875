/** What `nasc cost` and `nasc info` draw: bars, rooflines, histograms, and the mapping of a layer. */
import { describe, expect, it } from "vitest";
import { energyBars, roofline } from "../../src/cli/cost-drawing.js";
import { explainLines, findLayer, mappingDocument } from "../../src/cli/cost-explain.js";
import { histogramDocument, histogramLines } from "../../src/cli/histogram.js";
import { pipelineDocument, pipelineLines } from "../../src/cli/pipeline-lines.js";
import { energyKinds } from "../../src/hw/operator-cost.js";
import { createCostModel } from "../../src/hw/cost-model.js";
import { pipelineAlternatives, pipelineOf } from "../../src/hw/pipeline/pipeline.js";
import type { CostHistogram } from "../../src/hw/space-costs.js";
import { bind } from "../../src/ir/bind.js";
import { programOf } from "../ir/check/programs.js";

const plan = programOf(`
import { eyeriss168 } from "std/accelerators"
space S { input x: f32[14, 14, 16]  a = x -> conv(32, kernel = 3) -> relu  output y = a -> global_pool -> dense(10) }
search Main { space S on eyeriss168  minimize energy }`).searches.get("Main")!;
const model = createCostModel(plan.accelerator);
const net = model.netCost(bind(plan.space, []));

describe("energy bars", () => {
  const lines = energyBars(net);

  it("are one per operator, the most expensive first and longest", () => {
    const bars = lines.slice(1).map((line) => ({ operator: line.trim().split(" ")[0]!, length: [...line].filter((letter) => "█▓▚▒░".includes(letter)).length }));
    expect(bars[0]).toEqual({ operator: "conv", length: 48 });
    expect(bars.map(({ operator }) => operator)).toEqual(expect.arrayContaining(["conv", "dense", "global_pool"]));
    for (let index = 1; index < bars.length; index++) expect(bars[index]!.length).toBeLessThanOrEqual(bars[index - 1]!.length);
  });

  it("cut each bar where the levels of its energy end", () => {
    const conv = net.rows.find(({ operator }) => operator === "conv")!;
    const counts = ["█", "▓", "▚", "▒", "░", "╳"].map((fill) => [...lines[1]!].filter((letter) => letter === fill).length);
    expect(conv.split.network).toBeGreaterThan(0);
    energyKinds.map((kind) => conv.split[kind]).forEach((part, index) => expect(Math.abs(counts[index]! - (48 * part) / conv.energy)).toBeLessThanOrEqual(1));
  });

  it("are none for a network that costs nothing", () => {
    expect(energyBars({ ...net, rows: [] })).toEqual([]);
  });
});

describe("the roofline", () => {
  it("puts layers under the roof, further right the less they take from outside", () => {
    const lines = roofline(net.rows, 200e6, model.externalBandwidth);
    // 168 elements at 200 MHz; 8 bytes per cycle from outside.
    expect(lines[0]).toBe("roofline: at most 33.6 G points per second, the ridge at 21.0 points per external byte");
    const place = (mark: string): { row: number; column: number } => { const row = lines.findIndex((line) => line.startsWith("  |") && line.includes(mark)); return { row, column: lines[row]!.indexOf(mark) }; };
    const [conv, dense] = [place("a"), place("b")];
    expect(lines.at(-1)).toBe("  a conv, b dense");
    expect(conv.column).toBeGreaterThan(dense.column);
    expect(conv.row).toBeLessThan(dense.row);
  });

  it("is not drawn where nothing is mapped", () => {
    expect(roofline(net.rows.map(({ mappings, ...row }) => row), 200e6, 1e9)).toEqual([]);
  });
});

describe("an explained layer", () => {
  const layer = findLayer(net, "conv");
  const row = layer.ok ? layer.value : net.rows[0]!;
  const lines = explainLines(row);

  it("shows its mapping as a loop nest whose loops multiply to the layer", () => {
    const loops = lines.flatMap((line) => { const found = /for (\w) in 0\.\.(\d+)/.exec(line); return found === null ? [] : [[found[1]!, Number(found[2])] as const]; });
    for (const [name, bound] of [["k", 32], ["c", 16], ["p", 14], ["q", 14], ["r", 3], ["s", 3]] as const) expect(loops.reduce((product, [loop, factor]) => (loop === name ? product * factor : product), 1), name).toBe(bound);
    expect(lines.join("\n")).toContain("proven optimal in its space");
    expect(lines.join("\n")).toContain("points per external word");
  });

  it("lists what every memory does, in words and joules that sum to the layer", () => {
    const [mapped] = row.mappings!;
    const document = mappingDocument(mapped!) as { counts: { memory: string; tensor: string; energy: number; network: number; delivered: number }[]; mapping: string; proven: boolean; dimensions: Record<string, number> };
    expect(document.dimensions).toEqual({ k: 32, c: 16, p: 14, q: 14, r: 3, s: 3 });
    expect(document.counts.reduce((sum, { energy, network }) => sum + energy + network, mapped!.compute)).toBeCloseTo(row.energy, 12);
    expect(new Set(document.counts.map(({ memory }) => memory))).toEqual(new Set(["inputs", "weights", "sums", "buffer", "dram"]));
  });

  it("shows what the links of the array carry, between the buffer and the scratchpads only", () => {
    const [mapped] = row.mappings!;
    const { counts } = mappingDocument(mapped!) as { counts: { memory: string; network: number; delivered: number }[] };
    for (const { memory, network } of counts) if (memory !== "buffer" && memory !== "dram") expect(network).toBe(0);
    expect(counts.reduce((sum, { network }) => sum + network, 0)).toBeCloseTo(row.split.network, 15);
    expect(lines.find((line) => line.includes("memory"))).toMatch(/delivered +collected +links/);
    expect(model.convention).toContain("The links of an array cost 2.6");
  });

  it("says why a layer has none, and names near layers where there is no such one", () => {
    expect(explainLines(net.rows.find(({ operator }) => operator === "relu")!)[1]).toContain("no mapping");
    const wrong = findLayer(net, "cnv");
    expect(wrong.ok ? [] : wrong.diagnostics.map(({ code, help }) => [code, help])).toEqual([["NAS9003", "did you mean `conv`?"]]);
  });
});

describe("a histogram", () => {
  const histogram: CostHistogram = { edges: [0, 1e-3, 2e-3, 3e-3], counts: [30n, 0n, 1n], shares: [30 / 31, 0, 1 / 31], how: "exact", error: 0, shareError: 0, confidence: 1 };

  it("has a bar per bin as long as its share, a hair for the rarest, none for nothing", () => {
    const lines = histogramLines("energy", histogram);
    expect(lines[0]).toBe("energy over all architectures (exact)");
    expect(lines.slice(1, 4).map((line) => [...line].filter((letter) => letter === "█").length)).toEqual([40, 0, 1]);
    expect(lines[1]).toContain("96.8 %  30");
    expect(lines[2]).toContain("0 %  0");
    expect(lines[4]!.trim()).toBe("3 mJ");
  });

  it("says how sure it is", () => {
    expect(histogramLines("energy", { ...histogram, how: "rounded", error: 1e-6 })[0]).toContain("each within 1 µJ of its bin");
    expect(histogramLines("energy", { ...histogram, how: "sampled", shareError: 0.03, confidence: 0.99 })[0]).toContain("within 3.0 % (confidence 99 %)");
    expect(histogramLines("energy", { ...histogram, shares: [0, 0, 0] })).toEqual([]);
  });

  it("is a document with counts as text", () => {
    expect(histogramDocument(histogram)).toMatchObject({ counts: ["30", "0", "1"], how: "exact" });
  });
});

describe("chunks side by side", () => {
  const priced = (accelerator: string) => {
    const own = programOf(`
import { NasaLike, NasaBalanced, nasa_chunks } from "std/accelerators"
space S { input x: f32[12, 12, 8]  y = x -> conv(16, kernel = 3) -> shift(16, kernel = 3) -> add(16, kernel = 3)  output z = y -> global_pool -> dense(10) }
search Main { space S on ${accelerator}  minimize energy }`).searches.get("Main")!;
    const chunked = createCostModel(own.accelerator);
    const network = bind(own.space, []);
    const cost = chunked.netCost(network);
    return { cost, pipeline: pipelineOf(chunked, cost), others: pipelineAlternatives(chunked, network, cost) };
  };

  it("are told with sizes, busy times, what limits the period, and what would do better", () => {
    const { cost, pipeline, others } = priced("nasa_chunks");
    const lines = pipelineLines(pipeline, cost, others);
    expect(lines.map((line) => line.split(/ {2,}/)[0])).toEqual(["chunks", "pipeline", "limited by", "balance", "dataflows"]);
    expect(lines[0]).toBe("chunks      mac 7 x 8 (56), shift 8 x 13 (104), adder 8 x 13 (104)");
    expect(lines[3]).toMatch(/^balance {5}mac \d+ x \d+ \(\d+, \d+ % used\), .*settled|moving/);
    const { pipeline: document } = pipelineDocument(pipeline, cost.rows, others) as { pipeline: { chunks: { name: string; elements: number; busy: number }[]; period: number; latency: number; throughput: number; energyPeriod: number; limitedBy: string; timeline: { layer: string; start: number; end: number }[]; balanced: { chunks: { elements: number }[]; energyPeriod: number }; dataflows: { looked: number; energyPeriod: number } } };
    expect(document.chunks.map(({ name, elements }) => [name, elements])).toEqual([["mac", 56], ["shift", 104], ["adder", 104]]);
    expect(document.period).toBe(cost.totals.period);
    expect(document.energyPeriod).toBe(cost.totals.energy * cost.totals.period);
    expect(document.throughput * document.period).toBeCloseTo(1, 12);
    expect(document.latency).toBe(cost.totals.latency);
    expect(document.dataflows.looked).toBe(8);
    expect(document.timeline.map(({ layer }) => layer)).toEqual(expect.arrayContaining(["conv", "shift", "add", "dense"]));
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });

  it("say how they were sized, where they are, and nothing where there is one", () => {
    const { cost, pipeline, others } = priced("NasaBalanced");
    const lines = pipelineLines(pipeline, cost, others);
    expect(lines[0]).toMatch(/^chunks {6}mac \d+ x \d+ \(\d+, \d+ % used\), .*; sized for this network in \d rounds?, (settled|still moving)$/);
    expect(lines.some((line) => line.startsWith("balance"))).toBe(false);
    expect(pipelineLines(pipelineOf(model, net), net)).toEqual([]);
    expect(pipelineDocument(undefined, net.rows)).toEqual({});
  });
});
