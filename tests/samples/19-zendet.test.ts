/**
 * ZenDet against dossier 19, "Golden values": parameters, work and layers of five backbones, the work also at 1280x800 where the readme
 * of the published code stands beside it. Work is counted as there: multiply-accumulates, two for each output of a batch norm, one for
 * each of a ReLU, one for each input of a pooling in a shortcut, and (the dossier's text does not say so, its ten figures do) one for each
 * output of the block that opens a super-block. The classifier is the sample's own and left out. The entropy score is
 * a later part of the compiler; here it is worked out from the networks' convolutions.
 */
import { describe, expect, it } from "vitest";
import { decisionsIn } from "../../src/ir/assignment.js";
import type { Net, NetOperator } from "../../src/ir/net.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { elements } from "../../src/ops/nests.js";
import { nodesOf } from "./forward.js";
import { oneStep } from "./one-step.js";
import { countedAs, countsOf, netNamed, readSample } from "./sample.js";

const program = readSample("19-zendet");
const wide = readSample("19-zendet", { HEIGHT: "800", WIDTH: "1280" });

/** Without the classifier. */
function bodyOf(net: Net): { readonly params: number; readonly macs: number } {
  const [classifier] = nodesOf(net, "dense");
  const channels = net.nodes[classifier!.inputs[0]!]!.shape[0]!;
  const { params, macs } = countsOf(program, net);
  return { params: params - (channels + 1) * 10, macs: macs - channels * 10 };
}

/** The operator behind a normalization without an activation. */
function behind(net: Net, id: number): NetOperator | undefined {
  const node = net.nodes[id]!;
  if (node.kind === "input") return undefined;
  return ["batch_norm", "identity"].includes(node.operator) ? behind(net, node.inputs[0]!) : node;
}

function flopsOf(net: Net): number {
  const opened = nodesOf(net, "plus").filter(({ inputs }) => behind(net, inputs[1]!)?.operator === "conv");
  const classifier = countsOf(program, net).macs - bodyOf(net).macs;
  return countedAs("as_published(mae_det)", net).operations - classifier + opened.reduce((total, { shape }) => total + elements(shape), 0);
}

/** Convolutions on the main path: those that are no projection of a shortcut, the second part of a sum. */
function mainConvolutions(net: Net): readonly NetOperator[] {
  const projections = new Set(nodesOf(net, "plus").map(({ inputs }) => behind(net, inputs[1]!)?.id));
  return nodesOf(net, "conv").filter(({ id }) => !projections.has(id));
}

/** Entropy at a map: half the logarithm of what each convolution before it adds up, and the logarithm of its channels. */
function entropyAt(net: Net, output: string): number {
  const { node } = net.outputs.find(({ name }) => name === output)!;
  const fanIn = ({ inputs, attributes }: NetOperator): number => net.nodes[inputs[0]!]!.shape[2]! * Number(attributes.kernel) ** 2;
  return mainConvolutions(net).filter(({ id }) => id < node).reduce((total, conv) => total + Math.log(fanIn(conv)) / 2, Math.log(net.nodes[node]!.shape[2]!));
}

const digits = (value: number, places: number): number => Number(value.toFixed(places));

describe("19 zendet", () => {
  it.each([
    ["ResNet50Layout", 23.51, 19.12, 85.0, 49, 1174.298, [68.063, 129.067, 162.861]],
    ["Seed", 9.64, 7.75, 34.4, 16, 400.726, [23.6, 44.022, 55.517]],
    ["MaeDetS", 21.23, 10.99, 48.9, 79, 1731.907, [54.961, 150.196, 254.458]],
    ["MaeDetM", 25.84, 20.3, 90.2, 91, 2114.783, [112.202, 213.048, 298.255]],
    ["MaeDetL", 43.88, 34.49, 153.3, 109, 2599.396, [134.477, 258.651, 367.711]],
  ] as const)("%s has %f M parameters, %f GFLOPs (%f at 1280x800) and %d layers; its entropy is %f", (name, params, flops, wideFlops, layers, score, levels) => {
    const net = netNamed(program, name);
    expect([digits(bodyOf(net).params / 1e6, 2), digits(flopsOf(net) / 1e9, 2), digits(flopsOf(netNamed(wide, name)) / 1e9, 1)]).toEqual([params, flops, wideFlops]);
    expect(mainConvolutions(net).length).toBe(layers);
    const found = ["stride8", "stride16", "stride32"].map((output) => entropyAt(net, output));
    expect(found.map((level) => digits(level, 3))).toEqual(levels);
    expect(digits(found[0]! + found[1]! + 6 * found[2]!, 3)).toBe(score);
  });

  it.each([["MaeDetS", 21.2, 48.7], ["MaeDetM", 25.8, 89.9], ["MaeDetL", 43.9, 152.9]])("%s is close to the readme's %f M parameters and %f GFLOPs (19, check 2: 0.2 and 0.5 percent)", (name, params, flops) => {
    const net = netNamed(wide, name);
    expect(Math.abs(bodyOf(net).params / 1e6 / params - 1)).toBeLessThan(0.002);
    expect(Math.abs(flopsOf(net) / 1e9 / flops - 1)).toBeLessThan(0.005);
  });

  it("counts its networks, which keep to the invariants", () => {
    const space = program.spaces.get("Detector")!;
    const queries = spaceQueries(space);
    expect(queries.count()! > 0n).toBe(true);
    const decisions = decisionsIn(space);
    const { architecture } = program.architectures.get("MaeDetL")!;
    expect(queries.isMember(architecture)).toBe(true);
    // 12 layers in each of the two stages before it leave room for one in the last, not for twelve: 1 + 3 * 38 > 111.
    expect(queries.isMember(architecture.map((gene, at) => (decisions[at]!.path === "layers5" ? 11 : gene)))).toBe(false);
  });

  it("runs one step at a reduced size", async () => {
    expect(await oneStep("19-zendet", "Detector", { HEIGHT: "32", WIDTH: "32", SHRINK: "4", MACS: "10M" })).toEqual([]);
  }, 300_000);
});
