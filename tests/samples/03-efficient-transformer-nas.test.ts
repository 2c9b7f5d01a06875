/**
 * mixFormer against dossier 03, "Search space" and checks 03.1 to 03.5 (03.1 and 03.3, formulas of linear attention, and the table of
 * 03.2 are in tests/ops/attention-linear.test.ts). Parameters: everything that is trained, class token and positions included. MACs:
 * dense layers, projections and both products of attention with its distances, at 197 tokens.
 */
import { describe, expect, it } from "vitest";
import { bind } from "../../src/ir/bind.js";
import type { Net } from "../../src/ir/net.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { randomStream } from "../../src/random/stream.js";
import { createSpaceStore } from "../../src/runtime/weight-store.js";
import { checkText, programOf, told } from "../ir/check/programs.js";
import { engineForTests } from "../runtime/train/fixtures.js";
import { forward, nodesOf } from "./forward.js";
import { oneStep } from "./one-step.js";
import { countsOf, netNamed, readSample, textOfSample } from "./sample.js";

const NAME = "03-efficient-transformer-nas";
const SMALL = { SIDE: "32", PATCH: "8", SHRINK: "32", WORDS: "5", VOCABULARY: "7" };
const program = readSample(NAME);

describe("03 efficient-transformer-nas", () => {
  it("counts 428402028846790283203125 networks of images, and those of translation", () => {
    expect(spaceQueries(program.spaces.get("Images")!).count()).toBe(428_402_028_846_790_283_203_125n);
    // Six layers of the encoder with four widths, three splits and two kinds; a layer of the decoder has 3 x 2 x 3 of its memory besides.
    const [encoder, layer] = [24n ** 6n, 24n * 18n];
    expect(spaceQueries(program.spaces.get("Translation")!).count()).toBe(9n * encoder * [1n, 2n, 3n, 4n, 5n, 6n].reduce((sum, depth) => sum + layer ** depth, 0n));
  });

  it.each([["Largest", 34_238_410], ["Smallest", 10_432_074], ["Example_Cos", 22_410_442], ["Example_Softmax", 22_410_442]])("%s has %d parameters (03, check 5)", (name, params) => {
    expect(countsOf(program, netNamed(program, name)).params).toBe(params);
  });

  it.each([["Example_Cos", 4.6418], ["Example_Softmax", 4.7736], ["Example_Relative", 4.9673]])("%s takes %f G MACs (03, check 5)", (name, macs) => {
    expect(Math.round(countsOf(program, netNamed(program, name)).macs / 1e5) / 1e4).toBe(macs);
  });

  it("does not take the example for a member: two of its widths are in no list (03, check 5)", () => {
    const { diagnostics, sources } = checkText(`${textOfSample(NAME)}\narchitecture Member of Images { embed = 384  depth = 13  heads[*] = 6  kind[*] = cos  hidden[*] = 1344  hidden[1] = 1152 }`);
    expect(told({ diagnostics, sources })).toEqual([expect.stringMatching(/1152/)]);
  });

  it.each([320, 384, 448])("cuts queries, keys and values of %d channels out of the leading ones of the supernet, each by itself (03, check 4)", async (channels) => {
    const engine = await engineForTests();
    const space = programOf("space S {\n  input x: f32[4, 448]\n  output y = x -> attention(heads = choose { 5, 6, 7 }, dim = 64)\n}").spaces.get("S")!;
    const store = createSpaceStore(engine, space, 1);
    const { weights, nodes } = store.uses(bind(space, [channels / 64 - 5]));
    const uses = nodes.flat().map(({ name, index, region }) => ({ name, weight: weights[index]!, region }));
    for (const role of ["query", "key", "value"]) {
      const { weight, region } = uses.find(({ name }) => name === role)!;
      expect([weight.weight.shape, weight.region, region]).toEqual([[448, 448], { begin: [0, 0], size: [448, channels] }, { begin: [0, 0], size: [448, channels] }]);
    }
    store.dispose();
  });

  it("would read rows of another role out of one tensor for all three (03, check 4)", () => {
    /** The share of the rows of a role that the leading 3 q rows, cut in three, have from where the supernet keeps that role. */
    const right = (q: number, role: number): number => Array.from({ length: q }, (_, row) => role * q + row).filter((row) => row >= role * 448 && row < role * 448 + q).length / q;
    expect([320, 384].flatMap((q) => [0, 1, 2].map((role) => Math.round(100 * right(q, role))))).toEqual([100, 60, 20, 100, 83, 67]);
  });

  it("has a table of distances per relative layer, and nothing of it in the other kinds", () => {
    const tables = 13 * 29 * 64;
    expect(countsOf(program, netNamed(program, "Example_Relative")).params - countsOf(program, netNamed(program, "Example_Cos")).params).toBe(tables);
  });

  it("tells no word of a translation from a later one, and reads one, two or three layers of the encoder", () => {
    const small = readSample(NAME, SMALL);
    const space = small.spaces.get("Translation")!;
    const queries = spaceQueries(space);
    const lengths = new Set<number>();
    for (let draw = 0; draw < 3; draw++) {
      const net = bind(space, queries.sampleUniform(randomStream(draw, "translation")));
      const words = (target: readonly number[]): Record<string, { shape: number[]; values: readonly number[] }> => ({ source: { shape: [1, 5], values: [1, 2, 3, 4, 5] }, target: { shape: [1, 5], values: target } });
      const scores = (target: readonly number[]): readonly number[] => forward(net, words(target))[net.outputs[0]!.node]!.values;
      const [before, after] = [scores([1, 2, 3, 4, 5]), scores([1, 2, 3, 0, 6])];
      expect(after.slice(0, 3 * 7)).toEqual(before.slice(0, 3 * 7));
      expect(after.slice(3 * 7)).not.toEqual(before.slice(3 * 7));
      for (const length of memories(net)) lengths.add(length);
    }
    expect([...lengths].sort((a, b) => a - b)).toEqual([5, 10, 15]);
  });

  it("runs one step of 20 networks at a reduced size", async () => {
    expect(await oneStep(NAME, "Images", SMALL)).toEqual([]);
  }, 300_000);
});

/** Tokens of what attention reads beside its own input. */
function memories(net: Net): readonly number[] {
  return nodesOf(net, "attention").flatMap(({ inputs: [own, other] }) => (other === undefined || other === own ? [] : [net.nodes[other]!.shape[0]!]));
}
