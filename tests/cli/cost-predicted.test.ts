/** What `nasc cost --explain` and `--json` say of a layer that the predictor priced. */
import { describe, expect, it } from "vitest";
import { explainLines } from "../../src/cli/cost-explain.js";
import { predictionDocument } from "../../src/cli/cost-predicted.js";
import { costLines } from "../../src/cli/cost.js";
import { createCostModel } from "../../src/hw/cost-model.js";
import { bind } from "../../src/ir/bind.js";
import { programOf } from "../ir/check/programs.js";

const plan = programOf(`
import { shiftaddnas } from "std/accelerators"
space S { input x: f32[56, 56, 64]  a = x -> conv(64, kernel = 3) -> relu -> depthwise(kernel = 3, stride = 2)  output y = a -> global_pool -> dense(10) }
search Main { space S on shiftaddnas  minimize energy }`).searches.get("Main")!;
const model = createCostModel(plan.accelerator);
const net = model.netCost(bind(plan.space, []));
const row = net.rows.find(({ operator }) => operator === "conv")!;

describe("a predicted layer, explained", () => {
  const lines = explainLines(row);

  it("is a loop nest of the memories that the accelerator declares, whose factors make up the layer", () => {
    const text = lines.join("\n");
    expect(text).toContain("template row_stationary: m 64, c 64, e 56, f 56, r 3, s 3; 115,605,504 points billed");
    for (const place of ["-- dram keeps everything", "-- buffer keeps inputs and partial sums; weights pass it by", "-- array", "-- inputs, weights, sums beside each element", "compute"]) expect(text).toContain(place);
    const product = lines.reduce((points, line) => points * Number(/\bfor \w+ in 0\.\.(\d+)/.exec(line)?.[1] ?? 1), 1);
    expect(product).toBe(115_605_504);
    const parallel = lines.reduce((elements, line) => elements * Number(/parallel for \w+ in 0\.\.(\d+)/.exec(line)?.[1] ?? 1), 1);
    expect(parallel).toBe(row.predictions![0]!.usedElements);
    expect(lines.at(-1)).toContain(`${parallel} of 192 elements`);
  });

  it("is a document with its tiling and crossings, whose energies add up", () => {
    const document = predictionDocument(row.predictions![0]!) as { readonly crossings: readonly { readonly energy: number }[]; readonly energy: Readonly<Record<string, number>>; readonly tiling: object; readonly loops: string };
    const { compute, ...moved } = document.energy;
    expect(document.crossings.reduce((sum, { energy }) => sum + energy, 0) / Object.values(moved).reduce((sum, energy) => sum + energy, 0)).toBeCloseTo(1, 12);
    expect((compute! + document.crossings.reduce((sum, { energy }) => sum + energy, 0)) / row.energy).toBeCloseTo(1, 12);
    expect(document).toMatchObject({ dataflow: "row_stationary", repeats: 1, limits: { elements: 192, weightRegisters: 960, bufferWords: 65536 } });
    expect(document.loops).toMatch(/^dram: .* \| array: .* \| element: /);
  });

  it("stands in the table of the network with its convention", () => {
    const text = costLines(net, model, true).join("\n");
    expect(text).toContain("predicted   row_stationary 3: each the best of all tilings of its template");
    expect(text).toContain("closed form of DNN-Chip Predictor");
    expect(text).toContain("Convolutions in groups are billed as if there were none");
    expect(explainLines(net.rows.find(({ operator }) => operator === "relu")!)[1]).toContain("no mapping");
  });
});
