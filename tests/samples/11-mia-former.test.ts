/**
 * MIA-Former against dossier 11, "Cost per block" and check 2: AdaViT's published table, which the dossier finds equal to its formula, and
 * the formula for MIA-Former. MACs: dense layers and both products of attention; AdaViT adds five per element of each layer
 * normalization, of all tokens, and of the second one even where only attention runs; its table is in float32, a unit of which is 3e-8 G at most.
 */
import { describe, expect, it } from "vitest";
import { adaptedCosts } from "../../src/hw/adapted-costs.js";
import { createCostModel } from "../../src/hw/cost-model.js";
import { bind } from "../../src/ir/bind.js";
import type { Net, NetOperator } from "../../src/ir/net.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { randomStream } from "../../src/random/stream.js";
import { evaluate, expectClose, randomValues, type Values } from "../ops/evaluate.js";
import { forward, nodesOf } from "./forward.js";
import { oneStep } from "./one-step.js";
import { countsOf, netNamed, readSample } from "./sample.js";

const program = readSample("11-mia-former");
const SMALL = { SIDE: "16", COLOURS: "1", CLASSES: "10", PATCH: "8", WIDTH: "24" };
const BLOCKS = 12;
const SHARES = [1, 0.75, 0.5, 0.25];
const LAYER_NORM = 5 * 197 * 384;
const ada = readSample("11-mia-former", { ADA: "true" });

/** The network whose first block has so many heads and such a share of its tokens, and whose others do not run. */
function firstBlock(sample: typeof program, heads: number, share: number): Net {
  const others = new Array<readonly number[]>(BLOCKS - 1).fill([1, 0, 0]).flat();
  return bind(sample.spaces.get("Policies")!, [0, heads - 1, SHARES.indexOf(share), ...others]);
}

/** Inputs and outputs of a dense layer. */
const sizesOf = (net: Net, node: NetOperator): readonly [number, number] => [net.nodes[node.inputs[0]!]!.shape.at(-1)!, node.shape.at(-1)!];

/** MACs of its attention and of its MLP. */
function blockMacs(sample: typeof program, heads: number, share: number): { readonly attention: number; readonly mlp: number } {
  const net = firstBlock(sample, heads, share);
  const [accelerator] = sample.accelerators.values();
  const { rows } = createCostModel(accelerator!).netCost(net);
  const norms = nodesOf(net, "layer_norm").map(({ path }) => rows.findIndex((row) => row.path === path));
  const between = (from: number, to: number): number => rows.slice(from, to).reduce((sum, { macs }) => sum + macs, 0);
  return { attention: between(norms[0]!, norms[1]!), mlp: between(norms[1]!, norms[2]!) };
}

const millionths = (giga: number): number => Math.round(giga * 1e6) / 1e6;

describe("11 mia-former", () => {
  it("skips a block, or runs it with any of six numbers of heads and four of tokens", () => {
    expect(spaceQueries(program.spaces.get("Policies")!).count()).toBe(25n ** 12n);
  });

  it("does the 4.598882 G of DeiT-Small where everything runs, 4.540696 G of them in its blocks", () => {
    const whole = countsOf(program, netNamed(program, "Whole")).macs;
    expect(millionths(whole / 1e9)).toBe(4.598882);
    const { attention, mlp } = blockMacs(program, 6, 1);
    expect(millionths((12 * (attention + mlp)) / 1e9)).toBe(4.540696);
  });

  it.each([[6, 1, 0.37914777], [5, 1, 0.33141389], [3, 1, 0.24078758], [1, 1, 0.15661657], [6, 0.5, 0.18154061], [3, 0.5, 0.11643725]])("costs AdaViT's table: %d heads, %f of the tokens, %f G", (heads, share, giga) => {
    const { attention, mlp } = blockMacs(ada, heads, share);
    expect(Math.abs((attention + mlp + 2 * LAYER_NORM) / 1e9 - giga)).toBeLessThan(1.5e-8);
  });

  it.each([[6, 1, 0.14675713, 0.23276889], [3, 1, 0.06649459, 0.17467123], [6, 0.5, 0.06593511, 0.11598375]])("costs AdaViT's table by halves: %d heads, %f of the tokens, %f G and %f G", (heads, share, first, second) => {
    const { attention, mlp } = blockMacs(ada, heads, share);
    expect(Math.abs((attention + 2 * LAYER_NORM) / 1e9 - first)).toBeLessThan(1.5e-8);
    expect(Math.abs((mlp + LAYER_NORM) / 1e9 - second)).toBeLessThan(1.5e-8);
  });

  it.each([[6, 0.378391], [5, 0.283050], [3, 0.131098]])("costs MIA-Former's formula with %d heads: %f G", (heads, giga) => {
    const { attention, mlp } = blockMacs(program, heads, 1);
    expect(millionths((attention + mlp) / 1e9)).toBe(giga);
  });

  it("decides for a block by 77,952 MACs", () => {
    expect(countsOf(program, bind(program.spaces.get("Controller")!, [])).macs).toBe(77_952);
  });

  it.each([[6, 1], [4, 0.75], [2, 0.5], [1, 0.25]])("computes on %d heads and %f of the tokens what masking the rest gives (check 1)", (heads, share) => {
    for (const constants of [SMALL, { ...SMALL, ADA: "true" }]) {
      const sample = readSample("11-mia-former", constants);
      const [width, allHeads, tokens] = [24, 6, 5];
      const reference = firstBlock(sample, allHeads, 1);
      const whole = new Map(nodesOf(reference, "dense").map((node) => [node.weightKey, node]));
      const full = (key: string, inputs: number, outputs: number): readonly number[] => randomValues(`${key}/weight`, [inputs, outputs]).values;
      const net = firstBlock(sample, heads, share);
      // Narrower layers have the leading part of the widest ones' weights.
      const values = forward(net, { image: randomValues("image", [1, 16, 16, 1]) }, (node, { name, shape }) => {
        const widest = whole.get(node.weightKey);
        if (widest === undefined || name !== "weight") return name === "bias" ? new Float64Array(shape[0]!) : undefined;
        const [inputs, outputs] = sizesOf(reference, widest);
        const all = full(node.weightKey, inputs, outputs);
        return Array.from({ length: shape[0]! * shape[1]! }, (_, at) => all[Math.floor(at / shape[1]!) * outputs + (at % shape[1]!)]!);
      });
      const [, q, k, v, projection, inner, outer] = [...whole.values()];
      const matrix = (node: NetOperator | undefined): ((row: readonly number[]) => number[]) => {
        const [inputs, outputs] = sizesOf(reference, node!);
        const all = full(node!.weightKey, inputs, outputs);
        return (row) => Array.from({ length: outputs }, (_, o) => row.reduce((sum, value, i) => sum + value * all[i * outputs + o]!, 0));
      };
      const kept = Math.max(1, Math.floor(tokens * share));
      const size = (heads * width) / allHeads;
      const isAda = "ADA" in constants;
      const mask = (row: readonly number[], channels: number): number[] => row.map((value, channel) => (channel < channels ? value : 0));
      const norm = (row: readonly number[]): number[] => {
        const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
        const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
        return row.map((value) => (value - mean) / Math.sqrt(variance + Number(nodesOf(net, "layer_norm")[0]!.attributes.epsilon)));
      };
      const rowsOf = (all: Values): number[][] => Array.from({ length: tokens }, (_, t) => [...all.values.slice(t * width, (t + 1) * width)]);
      const x = rowsOf(values[nodesOf(net, "position_embedding")[0]!.id]!);
      const normed = x.map(norm);
      const [queries, keys, contents] = [q, k, v].map((node) => normed.map(matrix(node)));
      const dim = width / allHeads;
      const mixed = x.map((_, i) => Array.from({ length: width }, (__, channel) => {
        const head = Math.floor(channel / dim);
        if (head >= heads || i >= kept) return 0;
        const score = (j: number): number => Array.from({ length: dim }, (___, d) => queries![i]![head * dim + d]! * keys![j]![head * dim + d]!).reduce((sum, term) => sum + term, 0) / Math.sqrt(dim);
        const shares = x.map((__, j) => (j < kept ? Math.exp(score(j)) : 0));
        return x.reduce((sum, __, j) => sum + (shares[j]! / shares.reduce((a, b) => a + b, 0)) * contents![j]![channel]!, 0);
      }));
      const added = (row: readonly number[], more: readonly number[], token: number, channels: number): number[] => row.map((value, channel) => value + (token < kept && channel < channels ? more[channel]! : 0));
      const y = x.map((row, t) => added(row, matrix(projection)(mixed[t]!), t, isAda ? size : width));
      const gelu = (values: readonly number[]): readonly number[] => evaluate("gelu", [{ shape: [1, values.length], values }]).values;
      const z = y.map((row, t) => added(row, matrix(outer)(mask(gelu(matrix(inner)(mask(norm(row), size))), isAda ? 4 * width : 4 * size)), t, isAda ? width : size));
      expectClose(values[nodesOf(net, "layer_norm").at(-1)!.inputs[0]!]!, z.flat());
    }
  });

  it("keeps 25^12 settings in one network, whose controller costs 77,952 MACs a block, with least, greatest and mean work", () => {
    const space = program.spaces.get("Adaptive")!;
    expect(spaceQueries(space).count()).toBe(1n);
    const architecture = spaceQueries(space).samplePath(randomStream(1, "adaptive"));
    const [accelerator] = program.accelerators.values();
    const { settings, costs } = adaptedCosts(space, architecture, createCostModel(accelerator!), ["macs"]);
    expect(settings).toBe(25n ** 12n);
    const blockOf = (heads: number, share: number): number => { const { attention, mlp } = blockMacs(program, heads, share); return attention + mlp; };
    const whole = countsOf(program, netNamed(program, "Whole")).macs;
    const least = whole - 12 * blockOf(6, 1) + 12 * 77_952;
    expect(costs.macs).toMatchObject({ minimum: least, maximum: whole + 12 * 77_952, exact: true });
    const all = [1, 2, 3, 4, 5, 6].flatMap((heads) => SHARES.map((share) => blockOf(heads, share)));
    const mean = least + (12 / 2) * (all.reduce((sum, each) => sum + each, 0) / all.length);
    expect(Math.abs(costs.macs!.mean - mean)).toBeLessThan(4 * costs.macs!.error);
  });

  it("leaves tokens alone where no block runs", () => {
    const sample = readSample("11-mia-former", SMALL);
    const net = bind(sample.spaces.get("Policies")!, new Array<readonly number[]>(BLOCKS).fill([1, 0, 0]).flat());
    expect(nodesOf(net, "layer_norm")[0]!.inputs).toEqual([nodesOf(net, "position_embedding")[0]!.id]);
  });

  it.each(["Policies", "Adaptive"])("%s runs one step of twenty networks at a reduced size", async (space) => {
    expect(await oneStep("11-mia-former", space, SMALL)).toEqual([]);
  }, 300_000);
});
