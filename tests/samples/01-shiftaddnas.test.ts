/**
 * ShiftAddNAS against dossier 01: the size of its space (check 2) and of its supernets (check 1, counts recorded in the authors' logs).
 * Parameters are trained numbers: convolutions, shifts (exponent and sign), scale and offset of batch norm, the classifier with bias.
 */
import { describe, expect, it } from "vitest";
import { decisionsIn } from "../../src/ir/assignment.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { randomStream } from "../../src/random/stream.js";
import { oneStep } from "./one-step.js";
import { readSample } from "./sample.js";
import { supernetParams } from "./supernet-params.js";

const CLASSES = "100";
const WHOLE = { WHOLE: "true", CLASSES };
const SMALL = { SIZE: "32", COLOURS: "1", CLASSES: "10", STEM: "8", PLANES: "4", HEAD: "4" };

/** Channels of level d (3 is 56 pixels), of a bottleneck there, and of the level above. */
const sizes = [2, 1, 0].map((d) => ({ d, channels: 128 * 2 ** (3 - d), planes: 32 * 2 ** (3 - d), above: 128 * 2 ** (2 - d) }));

/**
 * The published supernet gives the first layer, too, the weights of a layer that halves the map, which no path can use: nothing is above
 * it. They are no part of a space; here they are, so that the sums can be compared. `shiftTensors` own filters of a shift.
 */
function unusableHalving(shared: boolean, shiftTensors: number, shiftPosition: number): number {
  let sum = 0;
  for (const { d, channels, planes, above } of sizes) {
    const filters = 9 * channels * above + planes * above;
    const norms = 2 * channels + 2 * planes;
    sum += (shared ? 1 : 2) * filters + shiftTensors * filters + 3 * norms + (10 + 9 + shiftPosition) * planes;
    if (d <= 1) sum += filters + norms + 10 * planes;
  }
  return sum;
}

/** The learned scales of the transforms between kinds (100 per tensor, six tensors a layer), which the language does not have yet. */
const TRANSFORM = 600 * 16 * 4;

const supernet = (constants: Readonly<Record<string, string>>): number => supernetParams(readSample("01-shiftaddnas", constants).spaces.get("HybridImages")!);

describe("01 shiftaddnas", () => {
  it("has the 198,955,008 networks of the authors' enumeration over 19 patterns (01, check 2)", () => {
    const space = readSample("01-shiftaddnas").spaces.get("HybridImages")!;
    expect(spaceQueries(space).count()).toBe(198_955_008n);
  });

  it("never raises a resolution, whatever is drawn (01, check 2)", () => {
    const space = readSample("01-shiftaddnas").spaces.get("HybridImages")!;
    const queries = spaceQueries(space);
    const random = randomStream(1, "monotone");
    const levels = new Set<string>();
    for (let draw = 0; draw < 200; draw++) {
      const genes = queries.sampleUniform(random);
      const downs = decisionsIn(space).flatMap(({ path }, at) => (path.startsWith("down[") ? [genes[at]!] : []));
      expect(downs.reduce((sum, down) => sum + down, 0)).toBe(3);
      levels.add(downs.join(""));
    }
    expect(levels.size).toBeLessThanOrEqual(19);
  });

  it("has 615,390,116 parameters where nothing is shared (v1, v2)", () => {
    expect(supernet(WHOLE) + unusableHalving(false, 2, 19)).toBe(615_390_116);
  });

  it("has 489,823,652 parameters where convolutions and additions share (v3)", () => {
    expect(supernet({ ...WHOLE, SHARED: "true" }) + unusableHalving(true, 2, 19) + TRANSFORM).toBe(489_823_652);
  });

  it("has 238,503,844 parameters where rounded shifts share as well (v5-Q)", () => {
    expect(supernet({ ...WHOLE, SHARED: "true", PS: "false" }) + unusableHalving(true, 0, 9) + 2 * TRANSFORM).toBe(238_503_844);
  });

  it("trains a step and is judged at a small size", async () => {
    expect(await oneStep("01-shiftaddnas", "HybridImages", SMALL)).toEqual([]);
  }, 300_000);
});
