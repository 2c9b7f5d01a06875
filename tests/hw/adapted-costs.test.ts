/** Least, greatest and mean costs of networks that are adapted per input, against all their settings priced one by one. */
import { describe, expect, it } from "vitest";
import { adaptedCosts } from "../../src/hw/adapted-costs.js";
import { createCostModel } from "../../src/hw/cost-model.js";
import { isAdaptive, settingsChosen, settingsOf } from "../../src/ir/adapted.js";
import { bind } from "../../src/ir/bind.js";
import { defaultAccelerator } from "../../src/ir/plans/default-accelerator.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { programOf } from "../ir/check/programs.js";

const space = programOf(`space S {
  input image: f32[8, 8, 3]
  width = choose { 4, 8 }
  x = image -> conv(width)
  for i in 1..2 {
    run = adapt { false, true }
    inner = adapt 1..3
    kernel = choose { 1, 3 }
    x = if run { x -> conv(4 * inner, kernel) -> conv(width) } else { x }
  }
  output classes = x -> global_pool -> dense(2)
}`).spaces.get("S")!;
const model = createCostModel(defaultAccelerator);

/** MACs of a round with so many inner channels. */
const round = (width: number, kernel: number, inner: number): number => 64 * (kernel ** 2 * width * 4 * inner + 9 * 4 * inner * width);

describe("adapted costs", () => {
  it("counts networks without their settings, and settings of one network", () => {
    expect(isAdaptive(space)).toBe(true);
    expect(spaceQueries(space).count()).toBe(8n);
    // Each round is left out, or has one of three inner widths.
    expect(spaceQueries(settingsChosen(space)).count()).toBe(2n * (1n + 2n * 3n) ** 2n);
    const architecture = spaceQueries(space).canonicalize([1, 0, 0, 1, 0, 0, 0]);
    expect(spaceQueries(settingsOf(space, architecture)).count()).toBe(16n);
  });

  it.each([0, 1])("gives bounds and mean of the work of width %d", (choice) => {
    const queries = spaceQueries(space);
    const genes = new Array<number>(space.variables.filter(({ kind }) => kind === "decision").length).fill(0);
    const decisions = space.variables.filter((variable) => variable.kind === "decision");
    const architecture = queries.canonicalize(decisions.map(({ path }, at) => (path === "width" ? choice : path === "kernel[2]" ? 1 : genes[at]!)));
    const { settings, costs } = adaptedCosts(space, architecture, model, ["macs"]);
    const width = [4, 8][choice]!;
    const outside = 64 * 9 * 3 * width + width * 2;
    expect(settings).toBe(16n);
    expect(costs.macs).toMatchObject({ minimum: outside, maximum: outside + round(width, 1, 3) + round(width, 3, 3), exact: true });
    expect(costs.macs!.maximum).toBe(model.netCost(bind(space, architecture)).totals.macs);
    // Run or not, then 1, 2 or 3 inner parts: half of the middle one.
    const mean = outside + (round(width, 1, 2) + round(width, 3, 2)) / 2;
    expect(costs.macs!.error).toBeGreaterThan(0);
    expect(Math.abs(costs.macs!.mean - mean)).toBeLessThan(4 * costs.macs!.error);
  });

  it("has one setting where nothing is adapted", () => {
    const plain = programOf("space S {\n  input image: f32[8, 8, 3]\n  output classes = image -> conv(choose { 4, 8 }) -> global_pool -> dense(2)\n}").spaces.get("S")!;
    expect(settingsChosen(plain)).toBe(plain);
    const { settings, costs } = adaptedCosts(plain, [1], model, ["macs"]);
    expect(settings).toBe(1n);
    expect(costs.macs).toMatchObject({ minimum: 64 * 27 * 8 + 16, maximum: 64 * 27 * 8 + 16, error: 0 });
  });
});
