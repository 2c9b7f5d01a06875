/**
 * S3 against dossier 14, "Final networks" and checks 14.1 to 14.3. Parameters: everything that is trained, tables of positions
 * included. MACs: convolution, dense layers, both products of attention and AutoFormer's products with positions; S3's positions,
 * normalizations and softmax not.
 */
import { describe, expect, it } from "vitest";
import { bind } from "../../src/ir/bind.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { randomStream } from "../../src/random/stream.js";
import { runNet } from "../../src/runtime/network.js";
import { applyGradients } from "../../src/runtime/optimizer.js";
import { createSpaceStore } from "../../src/runtime/weight-store.js";
import { checkText, programOf, told } from "../ir/check/programs.js";
import { engineForTests, optimizer } from "../runtime/train/fixtures.js";
import { oneStep } from "./one-step.js";
import { countsOf, netNamed, readSample, textOfSample } from "./sample.js";
import { supernetParams } from "./supernet-params.js";

const NAME = "14-s3";
const SMALL = { SIDE: "32", WINDOW: "1", WIDTH: "16", HEAD: "8", STEP: "8", DEEP: "0", PLAIN_HEAD: "4" };
const program = readSample(NAME);

describe("14 s3", () => {
  it.each([["T", 28_328_674, 4.623], ["S", 49_737_298, 9.405], ["B", 71_125_762, 13.655]])("S3-%s has %d parameters and takes %f G MACs (14, check 1)", (name, params, macs) => {
    const counts = countsOf(program, netNamed(program, name));
    expect(counts.params).toBe(params);
    expect(Math.abs(counts.macs / 1e9 / macs - 1)).toBeLessThan(0.001);
  });

  it.each([["T", 5_867_944, 1.482], ["S", 22_891_432, 5.161], ["B", 53_691_688, 11.691]])("AutoFormer-%s has %d parameters and takes %f G MACs (14, check 1)", (name, params, macs) => {
    const counts = countsOf(program, netNamed(program, `AutoFormer_${name}_Net`));
    expect([counts.params, Math.round(counts.macs / 1e6) / 1e3]).toEqual([params, macs]);
  });

  it.each([["T", 11_669_224], ["S", 34_790_440], ["B", 80_160_360]])("AutoFormer's supernet %s stores %d parameters (14, check 1)", (name, params) => {
    expect(countsOf(program, netNamed(program, `AutoFormer_${name}_Stored`)).params).toBe(params);
  });

  it("stores no more than the largest network of a space, which of S is what was stored, and of T and B less", () => {
    const stored = ["T", "S", "B"].map((name) => supernetParams(program.spaces.get(`AutoFormer_${name}`)!));
    expect(stored[1]).toBe(34_790_440);
    expect([stored[0]! < 11_669_224, stored[2]! < 80_160_360]).toEqual([true, true]);
  });

  // Dossier 14, table "AutoFormer space": 1.06e9, 7.7e13 and 1.0e13 networks.
  it.each([["T", 4n, 12], ["S", 9n, 12], ["B", 6n, 14]])("AutoFormer_%s has three widths, %d kinds of block and %d to two more blocks", (name, kinds, least) => {
    const count = spaceQueries(program.spaces.get(`AutoFormer_${name}`)!).count();
    expect(count).toBe(3n * [0, 1, 2].reduce((sum, more) => sum + kinds ** BigInt(least + more), 0n));
    expect(Number(count).toPrecision(2)).toBe({ T: "1.1e+9", S: "7.7e+13", B: "1.0e+13" }[name]);
  });

  it("does not take the released network T for a member of its space: a ratio of 3 is in no list", () => {
    const findings = told(checkText(`${textOfSample(NAME)}\narchitecture Member of AutoFormer_T { embed = 192  depth = 13  heads[*] = 3  ratio[*] = 3.5  ratio[3] = 3 }`));
    expect(findings).toEqual([expect.stringMatching(/`3`|\b3\b/)]);
  });

  it("counts what its text says: our lists, the paper's being a figure", () => {
    /** Blocks choose among windows, three numbers of heads and three ratios; the stage among three widths. */
    const stage = (windows: bigint, depths: readonly number[]): bigint => 3n * depths.reduce((sum, depth) => sum + (9n * windows) ** BigInt(depth), 0n);
    const [outer, deep, last] = [stage(2n, [1, 2, 3]), stage(2n, [5, 6, 7, 17, 18, 19, 29, 30]), stage(1n, [1, 2, 3])];
    expect(spaceQueries(program.spaces.get("S3")!).count()).toBe(outer * outer * deep * last);
  });

  it("moves the leading slices of the smallest network's weights and nothing else (14, check 2)", async () => {
    const engine = await engineForTests();
    const declared = "architecture Least of S3 { embed[*] = narrow  depth[1] = 1  depth[2] = 1  depth[4] = 1  deep[3] = 6  heads[*] = fewer  ratio[*] = 3.5  window[*] = small }";
    const small = programOf(`${textOfSample(NAME)}\n${declared}`, SMALL);
    const net = netNamed(small, "Least");
    const store = createSpaceStore(engine, small.spaces.get("S3")!, 1);
    store.prepareState(1);
    const random = randomStream(1, "smallest");
    const values = (): Map<string, Float32Array> => new Map([...store.weights].map(([key, { tensor }]) => [key, engine.download(tensor).slice()]));
    const before = values();
    const uses = store.uses(net);
    engine.scope(() => {
      const views = store.gather(uses);
      const images = engine.upload(Float32Array.from({ length: 2 * 32 * 32 * 3 }, () => random.normal()), [2, 32, 32, 3]);
      const labels = engine.upload(Int32Array.from([1, 2]), [2]);
      const { gradients } = engine.gradients(views, () => engine.crossEntropy(runNet(engine, net, store, images, { mode: "training", weights: views, random })[net.outputs[0]!.name]!, labels, 0));
      applyGradients(engine, optimizer({ kind: "sgd", momentum: 0, weightDecay: 0 }), 0.1, uses.weights, gradients);
    });
    const regions = new Map(uses.weights.map(({ weight, region }) => [weight.key, region]));
    let moved = 0;
    for (const [key, after] of values()) {
      const { shape } = store.weights.get(key)!;
      const region = regions.get(key);
      if (region !== undefined) expect(region.begin.every((begin) => begin === 0)).toBe(true);
      after.forEach((value, at) => {
        if (value === before.get(key)![at]) return;
        moved++;
        let rest = at;
        for (let axis = shape.length - 1; axis >= 0; axis--) {
          if (region === undefined || rest % shape[axis]! >= region.size[axis]!) throw new Error(`${key} moved at ${at}`);
          rest = Math.floor(rest / shape[axis]!);
        }
      });
    }
    expect(moved).toBeGreaterThan(1000);
    store.dispose();
  });

  it("reads the queries, keys and values of three of four heads where all four have theirs (14, check 3)", async () => {
    const engine = await engineForTests();
    const space = programOf("space S {\n  input x: f32[4, 96]\n  heads = choose { 3, 4 }\n  q = x -> dense(32 * heads)\n  k = x -> dense(32 * heads)\n  v = x -> dense(32 * heads)\n  output y = q + k + v\n}").spaces.get("S")!;
    const store = createSpaceStore(engine, space, 1);
    const { weights } = store.uses(bind(space, [0]));
    const kernels = weights.filter(({ weight }) => weight.shape.length === 2);
    expect(kernels.map(({ weight, region }) => [weight.shape, region])).toEqual(Array.from({ length: 3 }, () => [[96, 128], { begin: [0, 0], size: [96, 96] }]));
    store.dispose();
  });

  it.each([["S3", 20], ["AutoFormer_T", 4]])("%s runs one step of %d networks at a reduced size", async (space, networks) => {
    expect(await oneStep(NAME, space, SMALL, networks)).toEqual([]);
  }, 60_000);
});
