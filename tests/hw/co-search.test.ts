/** Network and accelerator as one space: the factor graph's joint optimum against all pairs, and against choosing one after the other. */
import { describe, expect, it } from "vitest";
import { createCostModel, type Totals } from "../../src/hw/cost-model.js";
import { spaceCosts } from "../../src/hw/space-costs.js";
import type { MetricName } from "../../src/hw/metrics.js";
import { acceleratorOf } from "../../src/ir/joint-space.js";
import { describeArchitecture } from "../../src/ir/describe.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import type { Architecture, Space } from "../../src/ir/space.js";
import { decisionsIn } from "../../src/ir/assignment.js";
import { programOf } from "../ir/check/programs.js";
import { everyCombination, pricedApart } from "./every-architecture.js";

const TEXT = `
space Net {
  input image: f32[14, 14, 8]
  width = choose { 8, 16 }
  x = image -> conv(width, kernel = 3)
  x = x -> choose mix { dense_taps: conv(width, kernel = 1)  apart: depthwise(kernel = 3)  shifts: shift(width, kernel = 3) }
  output y = x -> global_pool -> dense(4)
}
accelerator Chip {
  clock 100MHz   area AREA
  memory dram { width 64bit  bandwidth 0.8GBps }
  memory buffer { size choose { 2KB, 8KB }  width 64bit }
  memory local { size 32B  width 16bit  per pe }
  chunk mac { array choose { 4, 8 } x 4  runs conv, depthwise, dense  dataflow choose { weight_stationary, output_stationary }  precision choose { int16, int8 } }
  chunk shift { array 4 x choose { 4, 8 }  runs shift  precision int8 }
  mapper { }
}
search Main { space Net on Chip  minimize energy }
`;

const { space, accelerator } = programOf(TEXT.replace("AREA", "1mm2")).searches.get("Main")!;
const model = createCostModel(accelerator);
const queries = spaceQueries(space);
const costs = spaceCosts(space, model, queries);
const genes = decisionsIn(space).map(({ labels }) => labels.length);
const priced = pricedApart(space, model);
const metrics: readonly MetricName[] = ["energy", "latency", "period"];

describe("network and accelerator together", () => {
  it("are one space", () => {
    expect(space.hardware!.map((id) => decisionsIn(space).find((decision) => decision.id === id)!.path)).toEqual(["Chip.buffer.size", "Chip.mac.array.rows", "Chip.mac.dataflow", "Chip.mac.precision", "Chip.shift.array.columns"]);
    expect(queries.count()).toBe(BigInt(2 * 3 * 2 * 2 * 2 * 2 * 2));
    const chosen = [1, 2, 1, 1, 0, 1, 1];
    expect(describeArchitecture(space, chosen)).toMatchObject({ "Chip.buffer.size": "8KB", "Chip.mac.precision": "int8" });
    expect(acceleratorOf(space, accelerator, chosen)).toMatchObject({ memories: [{}, { size: 8192 }, {}], chunks: [{ array: [8, 4], dataflow: ["weight_stationary"], precision: "int8" }, { array: [4, 8] }] });
  });

  it("cost what each network costs on each accelerator", () => {
    for (const { architecture, totals } of priced) {
      const found = costs.costOf(architecture);
      for (const metric of metrics) expect(Math.abs(found[metric] - totals[metric])).toBeLessThanOrEqual(1e-9 * totals[metric]);
    }
  });

  it.each(metrics)("have the least and greatest %s of all pairs", (metric) => {
    const all = priced.map(({ totals }) => totals[metric]);
    expect(costs.bounds(metric).minimum.value / Math.min(...all)).toBeCloseTo(1, 9);
    expect(costs.bounds(metric).maximum.value / Math.max(...all)).toBeCloseTo(1, 9);
    expect(costs.bounds(metric).proven).toBe(true);
  });

  it("have the best network and accelerator within a budget, like trying all", () => {
    const latencies = priced.map(({ totals }) => totals.latency).sort((a, b) => a - b);
    for (const at of [0.05, 0.2, 0.5]) {
      const bound = latencies[Math.floor(at * latencies.length)]!;
      const inside = priced.filter(({ totals }) => totals.latency <= bound);
      const found = costs.best("energy", "minimize", [{ metric: "latency", relation: "<=", bound }])!;
      expect(found.proven).toBe(true);
      expect(found.value / Math.min(...inside.map(({ totals }) => totals.energy))).toBeCloseTo(1, 9);
      expect(costs.within([{ metric: "latency", relation: "<=", bound }]).least).toBe(BigInt(inside.length));
    }
  });

  it("beat choosing the network first and the accelerator for it afterwards", () => {
    const sameNetwork = (a: Architecture, b: Architecture): boolean => a[0] === b[0] && a[1] === b[1];
    const least = (from: readonly { readonly architecture: Architecture; readonly totals: Totals }[], metric: MetricName) => from.reduce((best, next) => (next.totals[metric] < best.totals[metric] ? next : best));
    const gains = metrics.flatMap((metric) => everyCombination(genes.slice(2)).map((hardware) => {
      const network = least(priced.filter(({ architecture }) => architecture.slice(2).every((option, at) => option === hardware[at])), metric);
      const after = least(priced.filter(({ architecture }) => sameNetwork(architecture, network.architecture)), metric);
      return after.totals[metric] / costs.bounds(metric).minimum.value;
    }));
    expect(Math.min(...gains)).toBeGreaterThanOrEqual(1 - 1e-9);
    expect(Math.max(...gains)).toBeGreaterThan(1.01);
  });

  it("leave out accelerators beyond the area", () => {
    // The larger buffer alone takes half of it, an int16 element with its local memory 1,383 um2.
    const bounded: Space = programOf(TEXT.replace("AREA", "0.06mm2")).searches.get("Main")!.space;
    const fits = programOf(TEXT.replace("AREA", "0.06mm2")).searches.get("Main")!.accelerator.variants!.filter((variant) => variant.fits).length;
    expect(fits).toBeGreaterThan(0);
    expect(fits).toBeLessThan(32);
    expect(spaceQueries(bounded).count()).toBe(BigInt(6 * fits));
  });
});
