/** ResNet-18 on eyeriss168: every layer mapped with proof (hardware.md 3). */
import { describe, expect, it } from "vitest";
import { createCostModel } from "../../src/hw/cost-model.js";
import { bind } from "../../src/ir/bind.js";
import { programOf } from "../ir/check/programs.js";

const plan = programOf(`
import { eyeriss168 } from "std/accelerators"
block Basic(x, width, stride = 1) {
  y = x -> conv(width, kernel = 3, stride = stride) -> batch_norm -> relu -> conv(width, kernel = 3) -> batch_norm
  return (y + x) -> relu
}
block Down(x, width) {
  y = x -> conv(width, kernel = 3, stride = 2) -> batch_norm -> relu -> conv(width, kernel = 3) -> batch_norm
  z = x -> conv(width, kernel = 1, stride = 2) -> batch_norm
  return (y + z) -> relu
}
space ResNet18 {
  input image: f32[224, 224, 3]
  x = image -> conv(64, kernel = 7, stride = 2) -> batch_norm -> relu -> max_pool(size = 3, stride = 2)
  x = x -> Basic(64) -> Basic(64) -> Down(128) -> Basic(128) -> Down(256) -> Basic(256) -> Down(512) -> Basic(512)
  output y = x -> global_pool -> dense(1000)
}
search Main { space ResNet18 on eyeriss168  minimize energy }`).searches.get("Main")!;
const net = createCostModel(plan.accelerator).netCost(bind(plan.space, []));
const mapped = net.rows.flatMap(({ mappings }) => mappings ?? []);

describe("ResNet-18 on eyeriss168", () => {
  it("has 1.81 G multiply-accumulates in 21 mapped layers, each proven optimal", () => {
    expect(net.totals.macs).toBe(1_814_073_344);
    expect(mapped.length).toBe(21);
    expect(mapped.every(({ result }) => result.proven)).toBe(true);
  });

  it("looks at few mappings, because bounds rule out the rest", () => {
    const distinct = new Set(mapped);
    expect(distinct.size).toBe(12);
    expect([...distinct].reduce((sum, { result }) => sum + result.looked, 0)).toBeLessThan(100_000);
  });

  it("spends its energy as Eyeriss does (JSSC 2017): registers before buffers in convolutions, external memory first in the dense layer", () => {
    const convolutions = net.rows.filter(({ operator }) => operator === "conv").map(({ split }) => split);
    // Registers to arithmetic, links and buffer together; on the chip about 4 to 1.
    expect(convolutions.reduce((sum, { registers }) => sum + registers, 0)).toBeGreaterThan(convolutions.reduce((sum, { compute, network, buffer }) => sum + compute + network + buffer, 0) * 2);
    const dense = net.rows.find(({ operator }) => operator === "dense")!;
    expect(dense.split.dram / dense.energy).toBeGreaterThan(0.5);
  });
});
