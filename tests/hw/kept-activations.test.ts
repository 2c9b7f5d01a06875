/** What keeping activations on the chip is worth: the same network on an accelerator that declares not to keep them. */
import { describe, expect, it } from "vitest";
import { createCostModel, type CostModel } from "../../src/hw/cost-model.js";
import { withoutKeeping } from "../../src/hw/kept-activations.js";
import { bind } from "../../src/ir/bind.js";
import type { Net } from "../../src/ir/net.js";
import { programOf } from "../ir/check/programs.js";

/** Two convolutions on a chip with so much room, which keeps activations or not; arrays of given sizes, or sized for the network. */
function onChip(mapper: string, { size = "108KB", array = "array 8 x 8", balance = "" } = {}): { readonly model: CostModel; readonly net: Net } {
  const plan = programOf(`
accelerator Chip {
  technology 45nm   clock 200MHz   ${balance}
  memory dram      { width 64bit  read 512pJ }
  memory buffer    { size ${size}  width 64bit  read 16pJ }
  memory registers { size 64B     width 16bit  read 1pJ  per pe }
  chunk array { ${array}  runs conv, dense  precision int8 }
  ${mapper}
}
space S { input x: f32[8, 8, 8]  a = x -> conv(16, kernel = 3) -> conv(16, kernel = 3)  output y = a }
search Main { space S on Chip  minimize energy }`).searches.get("Main")!;
  return { model: createCostModel(plan.accelerator), net: bind(plan.space, []) };
}

const worth = ({ model, net }: ReturnType<typeof onChip>): ReturnType<typeof withoutKeeping> => withoutKeeping(model, net, model.netCost(net));

describe("a network without keeping its activations", () => {
  it("costs what it costs where the accelerator keeps none", () => {
    const [keeps, not] = [true, false].map((keep) => onChip(`mapper { minimize energy  keep_on_chip ${keep} }`));
    const apart = worth(keeps!)!;
    expect(apart.totals).toEqual(not!.model.netCost(not!.net).totals);
    expect(apart.totals.energy).toBeGreaterThan(keeps!.model.netCost(keeps!.net).totals.energy);
  });

  it("costs that on the arrays that were sized for it as it is", () => {
    const { model, net } = onChip("mapper { minimize energy  keep_on_chip true }", { array: "array balanced  area 188um2", balance: "balance { elements 64 }" });
    const sized = model.netCost(net);
    const [chunk] = sized.sizing!.accelerator.chunks;
    const given = onChip("mapper { minimize energy  keep_on_chip false }", { array: `array ${chunk!.array.join(" x ")}` });
    expect(withoutKeeping(model, net, sized)!.totals).toEqual(given.model.netCost(given.net).totals);
  });

  it.each([
    ["the accelerator keeps none", "mapper { minimize energy  keep_on_chip false }", "108KB"],
    ["no activations find room", "mapper { minimize energy  keep_on_chip true }", "1KB"],
    ["no mappings are searched", "", "108KB"],
  ])("is not priced where %s", (_, mapper, size) => {
    expect(worth(onChip(mapper, { size }))).toBeUndefined();
  });
});
