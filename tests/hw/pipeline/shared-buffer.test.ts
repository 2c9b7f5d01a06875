/** Memories shared as the layers of a pipeline come: rooms behind mappings, what is held, and agreement with pricing by hand. */
import { describe, expect, it } from "vitest";
import { createCostModel } from "../../../src/hw/cost-model.js";
import { heldPart } from "../../../src/hw/pipeline/shared-buffer.js";
import { spaceCosts } from "../../../src/hw/space-costs.js";
import { pipelineOf } from "../../../src/hw/pipeline/pipeline.js";
import { bind } from "../../../src/ir/bind.js";
import type { Accelerator } from "../../../src/ir/plan.js";
import { spaceQueries } from "../../../src/ir/space-queries.js";
import { programOf } from "../../ir/check/programs.js";

const planOf = (share: string, size = "6KB", mapper = "") => programOf(`
space Net {
  input image: f32[16, 16, 8]
  x = image -> conv(16, kernel = 3) -> choose { shift(24, kernel = 3), add(24, kernel = 3) } -> conv(24, kernel = 3) -> shift(32, kernel = 3)
  output y = x -> global_pool -> dense(8)
}
accelerator Chip {
  clock 100MHz  ${share}
  memory dram { width 64bit  bandwidth 0.8GBps }
  memory buffer { size ${size}  width 64bit }
  memory local { size 32B  width 16bit  per pe }
  chunk mac { array 4 x 8  runs conv, dense  dataflow weight_stationary }
  chunk shift { array 4 x 8  runs shift  dataflow output_stationary }
  chunk adder { array 4 x 4  runs add  dataflow output_stationary }
  mapper { ${mapper} }
}
search Main { space Net on Chip  minimize energy }`).searches.get("Main")!;

describe("memories shared as layers come", () => {
  const { space, accelerator } = planOf("share dynamic");
  const model = createCostModel(accelerator);
  const net = bind(space, [0]);
  const cost = model.netCost(net);
  const { schedule, fixed } = cost.shared!;
  const { sharing, ...parts } = accelerator;

  it("leave what fixed parts cost to be compared with, which is the default", () => {
    const own = createCostModel(parts).netCost(net);
    expect(fixed).toEqual(own.totals);
    expect(own.shared).toBeUndefined();
    expect(planOf("share fixed").accelerator).toEqual({ ...planOf("").accelerator, span: expect.anything() });
  });

  it("price every layer as if the part at hand were its chunk's own", () => {
    for (const { layer, unit, room } of schedule.issues) {
      const row = cost.rows[layer]!;
      if (row.mappings === undefined) continue;
      const withPart: Accelerator = { ...parts, chunks: parts.chunks.map((chunk) => (chunk.name === unit ? { ...chunk, room } : chunk)) };
      const alone = createCostModel(withPart).netCost(net).rows[layer]!;
      expect(row.energy * row.latency).toBeCloseTo(alone.energy * alone.latency, 18);
      for (const mapped of row.mappings) expect(heldPart(mapped)).toBeLessThanOrEqual(room * (1 + 1e-9));
    }
    expect(new Set(schedule.issues.map(({ room }) => room)).size).toBeGreaterThan(2);
    expect(schedule.issues.some(({ unit, room }) => unit === "mac" && room > 0.5)).toBe(true);
  });

  it("never hold more than there is, and hold tiles that are loaded beside others twice", () => {
    for (const { start } of schedule.issues) {
      const running = schedule.issues.filter((other) => other.start <= start && other.end > start);
      expect(running.reduce((sum, { held }) => sum + held, 0)).toBeLessThanOrEqual(1 + 1e-9);
    }
    const conv = cost.rows.find(({ operator }) => operator === "conv")!.mappings![0]!;
    const buffer = conv.target.memories.findIndex(({ name }) => name === "buffer");
    const tiles = conv.result.evaluation.counts.filter(({ level }) => level === buffer);
    const bits = tiles.reduce((sum, { tensor, tile }) => { const own = conv.problem.tensors[tensor]!; return sum + (own.top === buffer ? tile * (own.finalBits ?? own.bits) : 2 * tile * own.bits); }, 0);
    expect(heldPart(conv)).toBeCloseTo(bits / (8 * 6144), 12);
  });

  it("keep on the chip what fixed parts keep there", () => {
    const own = createCostModel(parts).netCost(net);
    own.rows.forEach(({ mappings = [] }, row) => mappings.forEach(({ onChip }, nest) => { for (const tensor of onChip) expect(cost.rows[row]!.mappings![nest]!.onChip).toContain(tensor); }));
  });

  it("make the period the end of the last layer, waiting included, or the external traffic", () => {
    const pipeline = pipelineOf(model, cost)!;
    expect(cost.totals.period).toBe(Math.max(schedule.end, cost.externalTime));
    expect(pipeline.shared).toEqual(fixed);
    for (const { name, busy, waited } of pipeline.chunks) {
      const last = schedule.issues.filter(({ unit }) => unit === name).at(-1);
      if (last !== undefined) expect(last.end).toBeCloseTo(busy + waited, 12);
    }
    expect(cost.rows.reduce((sum, { energy }) => sum + energy, 0)).toBe(cost.totals.energy);
  });

  it("are better than fixed parts, a third each, for a network that has nothing to add", () => {
    expect(cost.totals.energy * cost.totals.period).toBeLessThan(0.7 * fixed.energy * fixed.period);
  });

  it("leave a space without tables of what depends on all layers", () => {
    const queries = spaceQueries(space);
    const costs = spaceCosts(space, model, queries);
    expect(model.coupled).toBe(true);
    expect(costs.provenBounds("period")).toBeUndefined();
    for (const option of [0, 1]) expect(costs.costOf([option])).toEqual(model.netCost(bind(space, [option])).totals);
    expect(createCostModel(parts).coupled).toBe(false);
  });

  it.each([["512B", ""], ["1KB", "keep_on_chip false"], ["2KB", ""], ["4KB", ""], ["16KB", "keep_on_chip false"]])("are never worse for a layer than a fixed part, by what layers are mapped for: %s %s", (size, mapper) => {
    const small = planOf("share dynamic", size, mapper);
    for (const option of [0, 1]) {
      const network = bind(small.space, [option]);
      const { sharing: _, ...fixedParts } = small.accelerator;
      const tight = createCostModel(small.accelerator).netCost(network);
      const own = createCostModel(fixedParts).netCost(network);
      own.rows.forEach(({ mappings = [] }, row) => {
        const objective = (of: typeof mappings): number => of.reduce((sum, { result }) => sum + result.objective, 0);
        expect(objective(tight.rows[row]!.mappings ?? [])).toBeLessThanOrEqual(objective(mappings));
      });
      const layers = tight.shared!.schedule.issues.map(({ layer }) => layer);
      expect([new Set(layers).size, layers.length]).toEqual([layers.length, tight.rows.filter(({ latency }) => latency > 0).length]);
      expect(tight.totals.period).toBeGreaterThanOrEqual(Math.max(...Object.values(tight.busy)));
    }
  });
});
