/** The tables of whole spaces, in which equal nodes are priced once, against pricing networks one by one. */
import { describe, expect, it } from "vitest";
import { createCostModel } from "../../src/hw/cost-model.js";
import { metricNames } from "../../src/hw/metrics.js";
import { spaceCosts } from "../../src/hw/space-costs.js";
import { bind } from "../../src/ir/bind.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { randomStream } from "../../src/random/stream.js";
import { readSample } from "../samples/sample.js";

describe("the costs of a space", () => {
  it.each(["02-nasa", "07-vitas", "11-mia-former", "16-ghostnet", "18-efficientformer", "co-search", "hybrid-fashion"])("are those of its networks: %s", (name) => {
    const random = randomStream(0, name);
    for (const { space, accelerator } of readSample(name).searches.values()) {
      const queries = spaceQueries(space);
      const model = createCostModel(accelerator);
      const costs = spaceCosts(space, model, queries);
      for (let draw = 0; draw < 5; draw++) {
        const architecture = queries.samplePath(random);
        const { totals } = model.forArchitecture(space, architecture).netCost(bind(space, architecture));
        const found = costs.costOf(architecture);
        for (const metric of metricNames) expect(Math.abs(found[metric] - totals[metric]), metric).toBeLessThanOrEqual(1e-9 * totals[metric]);
      }
    }
  });
});
