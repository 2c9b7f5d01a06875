/**
 * DepthShrinker against dossier 12: sizes of the spaces, the base networks and the released configurations ("Published configurations",
 * checks 3 and 4). MACs: convolutions and the classifier, each once; batch norm is free. Parameters: biases of the classifier, scale and
 * offset of batch norm.
 */
import { describe, expect, it } from "vitest";
import { describeArchitecture } from "../../src/ir/describe.js";
import { mergeBranches } from "../../src/ir/passes/merge-branches.js";
import { mergeChains } from "../../src/ir/passes/merge-chains.js";
import { withoutWeights, type WeightedNet } from "../../src/ir/passes/weighted-net.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { differenceAfter } from "./difference-after.js";
import { oneStep } from "./one-step.js";
import { countsOf, netNamed, readSample } from "./sample.js";

const program = readSample("12-depthshrinker");
const SMALL = { SIDE: "32", COLOURS: "1", CLASSES: "10", SHRINK: "8" };

/** What the released code times in the place of a network: a dense convolution for each removed block, the border left out. */
const shrunk = (weighted: WeightedNet): WeightedNet => mergeBranches(mergeChains(weighted, { border: "constant" }));

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

  // Blocks that stay have batch norms, merged ones a bias.
  it.each([
    ["Base140", 582.196, 6_108_776], ["DSA", 496.216, 5_962_816], ["DSB", 481.869, 5_927_648], ["DSC", 474.418, 5_916_944], ["DSD", 466.553, 5_843_856], ["DSE", 459.102, 5_833_152], ["DSF", 407.929, 5_444_288],
  ])("%s takes %f M MACs and %d parameters with its removed blocks merged (check 3)", (name, macs, params) => {
    const net = netNamed(program, name);
    const { net: merged } = shrunk(withoutWeights(net));
    const found = countsOf(program, merged);
    expect([Math.round(found.macs / 1e3) / 1e3, found.params]).toEqual([macs, params]);
    const layers = (of: typeof net): number => of.nodes.filter((node) => node.kind === "operator" && ["conv", "depthwise"].includes(node.operator)).length;
    expect(layers(net) - layers(merged)).toBe(2 * unitsOf(name).slice(2, -1).filter((kept) => !kept).length);
  });

  it("takes nine numbers per channel more where the border of a 3x3 block is exact", () => {
    const net = withoutWeights(netNamed(program, "DSF"));
    const exact = countsOf(program, mergeBranches(mergeChains(net)).net);
    const widths = [32, 32, 48, 48, 48, 88, 88, 88, 88, 136, 136, 136, 224, 224, 224, 448];
    expect(exact.params).toBe(5_444_288 + 9 * widths.reduce((sum, width) => sum + width, 0));
  });

  it("keeps the outputs of a network whose units are removed, on the engine (checks 1 and 6)", async () => {
    const small = readSample("12-depthshrinker", SMALL);
    const net = netNamed(small, "DSD");
    const { merged, difference } = await differenceAfter(net, (weighted) => mergeBranches(mergeChains(weighted)));
    const layers = (of: typeof net): number => of.nodes.filter((node) => node.kind === "operator" && ["conv", "depthwise"].includes(node.operator)).length;
    expect(layers(net) - layers(merged)).toBe(2 * 10);
    expect(difference).toBeLessThan(1e-4);
  });

  it.each([
    ["Base140", 19, 616.33], ["DSA", 12, 320.22], ["DSB", 10, 271.03], ["DSC", 10, 255.83], ["DSD", 7, 227.80], ["DSE", 7, 212.60], ["DSF", 2, 103.17],
  ])("%s keeps %d units, which take %f together (check 4)", (name, kept, latency) => {
    const units = unitsOf(name);
    expect(units.filter(Boolean)).toHaveLength(kept);
    expect(units.reduce((sum, each, unit) => sum + (each ? KEPT : REMOVED)[unit]!, 0)).toBeCloseTo(latency, 9);
  });

  it("runs one step of twenty networks at a reduced size", async () => {
    expect(await oneStep("12-depthshrinker", "MobileNetV2x140", SMALL)).toEqual([]);
  }, 300_000);
});
