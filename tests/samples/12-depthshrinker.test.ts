/**
 * DepthShrinker against dossier 12: sizes of the spaces, the base networks and the released configurations ("Published configurations",
 * checks 3 and 4). MACs: convolutions and the classifier, each once; batch norm is free. Parameters: biases of the classifier, scale and
 * offset of batch norm.
 */
import { describe, expect, it } from "vitest";
import { describeArchitecture } from "../../src/ir/describe.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { oneStep } from "./one-step.js";
import { countsOf, netNamed, readSample } from "./sample.js";

const program = readSample("12-depthshrinker");
const SMALL = { SIDE: "32", COLOURS: "1", CLASSES: "10", SHRINK: "8" };

/** Latency of each unit of the x1.4 network, kept and removed: the tables of the released configurations (dossier 12, "Hardware model"). */
const KEPT = [0, 56.97, 138.79, 82.45, 47.03, 34.51, 34.51, 21.19, 17.91, 17.91, 17.91, 20.75, 31.27, 31.27, 16.67, 14.21, 14.21, 18.77, 0];
const REMOVED = [0, 41.78, 5.45, 6.68, 3.23, 4.12, 4.12, 2.38, 2.72, 2.72, 2.72, 3.75, 5.04, 5.04, 3.44, 2.8, 2.8, 4.38, 0];

/** Which units a declared network keeps, in order: stem, separable block, inverted residuals, head. */
function unitsOf(name: string): readonly boolean[] {
  const { space, architecture } = program.architectures.get(name)!;
  const labels = describeArchitecture(program.spaces.get(space)!, architecture);
  const units = Array.from({ length: Object.keys(labels).length - 3 }, (_, index) => `unit[${index + 1}]`);
  return ["stem", "separable", ...units, "head"].map((path) => labels[path] === "1");
}

describe("12 depthshrinker", () => {
  it("decides 19 units of MobileNetV2 and 18 of EfficientNet-Lite0, or which 7 of 19 stay", () => {
    const count = (space: string): bigint | undefined => spaceQueries(program.spaces.get(space)!).count();
    expect(["MobileNetV2x100", "MobileNetV2x140", "EfficientNetLite0"].map(count)).toEqual([2n ** 19n, 2n ** 19n, 2n ** 18n]);
    expect(count("MobileNetV2x140Kept")).toBe(50_388n);
  });

  it.each([["Base100", 3_504_872, 300.774], ["Base140", 6_108_776, 582.196]])("%s has %d parameters and %f M MACs", (name, params, macs) => {
    const found = countsOf(program, netNamed(program, name));
    expect([found.params, Math.round(found.macs / 1e3) / 1e3]).toEqual([params, macs]);
  });

  it.each([
    ["Base140", 19, 616.33], ["DSA", 12, 320.22], ["DSB", 10, 271.03], ["DSC", 10, 255.83], ["DSD", 7, 227.80], ["DSE", 7, 212.60], ["DSF", 2, 103.17],
  ])("%s keeps %d units, which take %f together (check 4)", (name, kept, latency) => {
    const units = unitsOf(name);
    expect(units.filter(Boolean)).toHaveLength(kept);
    expect(units.reduce((sum, each, unit) => sum + (each ? KEPT : REMOVED)[unit]!, 0)).toBeCloseTo(latency, 9);
  });

  it("runs one step of twenty networks at a reduced size", async () => {
    expect(await oneStep("12-depthshrinker", "MobileNetV2x140", SMALL, 20)).toEqual([]);
  }, 60_000);
});
