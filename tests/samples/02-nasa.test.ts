/**
 * NASA against dossier 02: size of the space and of the supernet, and the shipped hybrid (check 2 and "Headline results"; recomputed from
 * the released code). Points of convolutions, shifts and additions are counted once each; batch norm is free. `thop` counts two operations
 * for each output of a batch norm besides, and not the classifier.
 */
import { describe, expect, it } from "vitest";
import { createCostModel } from "../../src/hw/cost-model.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { oneStep } from "./one-step.js";
import { countedAs, countsOf, netNamed, readSample } from "./sample.js";
import { supernetParams } from "./supernet-params.js";

const program = readSample("02-nasa");
const space = program.spaces.get("MultiplyShiftAdd")!;
const shipped = netNamed(program, "Shipped");
const [accelerator] = program.accelerators.values();

/** Sums over the rows of a network, `thop`'s operations of its batch norms by the kind of layer before them. */
function pointsByKind(): { readonly conv: number; readonly shift: number; readonly add: number; readonly stem: number; readonly head: number; readonly scaled: number; readonly thop: number } {
  const rows = createCostModel(accelerator!).netCost(shipped).rows;
  const points = { conv: 0, shift: 0, add: 0, stem: 0, head: 0, scaled: 0, thop: 0 };
  const [head] = rows.filter(({ operator }) => operator === "conv").slice(-1);
  let kind: "conv" | "shift" | "add" = "conv";
  for (const [index, row] of rows.entries()) {
    const amount = Math.max(row.macs, row.shifts, row.operator === "add" ? row.adds / 2 : 0);
    if (row.operator === "batch_norm") {
      const operations = 2 * row.shape.reduce((product, extent) => product * extent, 1);
      points.thop += operations;
      points.scaled += operations / { conv: 1, shift: 8, add: 5 }[kind];
      continue;
    }
    if (!["conv", "depthwise", "shift", "add"].includes(row.operator)) continue;
    kind = row.operator === "shift" || row.operator === "add" ? row.operator : "conv";
    if (row === head) points.head = amount;
    else if (index <= 1) points.stem = amount;
    else points[kind] += amount;
    points.thop += amount;
    points.scaled += amount / { conv: 1, shift: 8, add: 5 }[kind];
  }
  return points;
}

describe("02 nasa", () => {
  it("has 13 candidates in six layers and 19 in sixteen", () => {
    expect(spaceQueries(space).count()).toBe(13n ** 6n * 19n ** 16n);
  });

  it("shares the widest hidden channels within a kind and kernel: 15,561,818 parameters (check 8)", () => {
    expect(supernetParams(space)).toBe(15_561_818);
  });

  it("ships a hybrid of 3,084,450 parameters and 109,559,680 points, 113,180,032 by thop, scaled 54,664,259.2 (check 2)", () => {
    expect(countsOf(program, shipped).params).toBe(3_084_450);
    const { thop, scaled, ...points } = pointsByKind();
    expect(points).toEqual({ conv: 33_535_488, stem: 442_368, head: 8_470_528, add: 23_273_472, shift: 43_837_824 });
    expect(Object.values(points).reduce((sum, each) => sum + each, 0)).toBe(109_559_680);
    expect(thop).toBe(113_180_032);
    // The classifier was left out.
    expect(countedAs("as_published(thop)", shipped).operations - countedAs("macs", shipped).operations + 109_559_680).toBe(113_180_032);
    expect(scaled).toBeCloseTo(54_664_259.2, 3);
  });

  it("trains a step and is judged at a small size", async () => {
    expect(await oneStep("02-nasa", "MultiplyShiftAdd", { COLOURS: "1", WIDTH: "4", HEAD: "32" })).toEqual([]);
  }, 300_000);
});

/** The blocks' operations in units of ten million as NASA-F's search counts them: two for each output of a batch norm, biases of the squeeze too, additions over 1.88. */
function operationsOfF(name: string): number {
  const total = { conv: 0, add: 0 };
  for (const { path, operator, macs, adds, params, shape } of createCostModel(accelerator!).netCost(netNamed(program, name)).rows) {
    const kind = /kind(?:#\d)?\[\d\]\.(conv|add)\//.exec(path)?.[1] as "conv" | "add" | undefined;
    if (kind === undefined) continue;
    if (operator === "batch_norm") total[kind] += 2 * shape.reduce((product, extent) => product * extent, 1);
    else if (operator === "dense") total[kind] += params;
    else if (operator === "conv" || operator === "depthwise") total[kind] += macs;
    else if (operator === "add") total[kind] += adds / 2;
  }
  return (total.conv + total.add / 1.88) / 1e7;
}

describe("02 nasa-f", () => {
  it("has the stages of AttentiveNAS with a kind for each layer", () => {
    const kinds = (fewest: number, most: number): bigint => Array.from({ length: most - fewest + 1 }, (_, i) => 2n ** BigInt(fewest + i)).reduce((sum, each) => sum + each);
    const stages = [4n * kinds(1, 2), 12n * kinds(3, 5), 12n * kinds(3, 6), 12n * kinds(3, 6), 18n * kinds(3, 8), 8n * kinds(3, 8), 4n * kinds(1, 2)];
    expect(spaceQueries(program.spaces.get("MultiplyAdd")!).count()).toBe(stages.reduce((product, each) => product * each, 4n));
  });

  it.each([["F0", "4.830"], ["F11", "3.133"], ["F12", "3.034"]])("network %s has %s e7 FLOPs (check 3, to the recorded digits)", (name, recorded) => {
    expect(operationsOfF(name).toFixed(3)).toBe(recorded);
  });

  // Elements by NASA's rule, `allocateElements` (tests/hw/reference/nasa.test.ts).
  it.each([["F0", 143, 46, "0.193", "2.471"], ["F11", 130, 71, "0.135", "1.541"], ["F12", 135, 62, "0.134", "1.447"]])("network %s on %d and %d elements takes %s mJ without external memory and %s ms (check 4)", (name, multipliers, adders, millijoules, milliseconds) => {
    const simulated = readSample("02-nasa", { AS_SIMULATED: "true", MULTIPLIERS: String(multipliers), ADDERS: String(adders) });
    const { rows } = createCostModel(simulated.accelerators.get("NasaF")!).netCost(netNamed(simulated, name));
    // The record is of the blocks alone.
    const blocks = rows.filter(({ path }) => /kind(?:#\d)?\[/.test(path));
    const busy = (chunk: string): number => blocks.reduce((sum, row) => sum + (row.chunk === chunk ? row.latency : 0), 0);
    expect((1e3 * blocks.reduce((sum, { energy, split }) => sum + energy - split.dram, 0)).toFixed(3)).toBe(millijoules);
    expect((1e3 * Math.max(busy("mac"), busy("adder"))).toFixed(3)).toBe(milliseconds);
  });

  it("trains a step and is judged at a small size", async () => {
    expect(await oneStep("02-nasa", "MultiplyAdd", { COLOURS: "1", SIDE: "16", NARROW: "8" })).toEqual([]);
  }, 300_000);
});
