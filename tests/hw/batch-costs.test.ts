/** Many architectures at once against one after the other. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createCostModel } from "../../src/hw/cost-model.js";
import { metricNames } from "../../src/hw/metrics.js";
import { spaceCosts } from "../../src/hw/space-costs.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { randomStream } from "../../src/random/stream.js";
import { programOf } from "../ir/check/programs.js";

const samples = ["samples/quickstart.nas", "samples/mobile-hybrid.nas", "samples/04-spos.nas", "samples/hybrid-fashion.nas"];

describe("batch costs", () => {
  it.each(samples)("equal those of single architectures: %s", (file) => {
    const [plan] = [...programOf(readFileSync(file, "utf8")).searches.values()];
    const queries = spaceQueries(plan!.space);
    const costs = spaceCosts(plan!.space, createCostModel(plan!.accelerator), queries);
    const batch = costs.batch(metricNames)!;
    const random = randomStream(1, "batch");
    const architectures = Array.from({ length: 60 }, () => queries.samplePath(random));
    expect(batch.genes).toBe(architectures[0]!.length);
    const found = batch.evaluate(Uint8Array.from(architectures.flat()), architectures.length);
    architectures.forEach((architecture, row) => {
      const totals = costs.costOf(architecture);
      metricNames.forEach((metric, column) => {
        const value = found[row * metricNames.length + column]!;
        expect(Math.abs(value - totals[metric]), metric).toBeLessThanOrEqual(1e-9 * Math.abs(totals[metric]));
      });
    });
  }, 60_000);

  it("fill a given array, one row per architecture", () => {
    const plan = programOf("space S { input x: f32[4]  output y = x -> dense(choose { 2, 3 }) }\nsearch M { space S  minimize params }").searches.get("M")!;
    const batch = spaceCosts(plan.space, createCostModel(plan.accelerator)).batch(["params", "macs"])!;
    const into = new Float64Array(6);
    expect(batch.evaluate([0, 1, 0], 3, into)).toBe(into);
    expect([...into]).toEqual([10, 8, 15, 12, 10, 8]);
  });
});
