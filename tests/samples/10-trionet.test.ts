/**
 * TrioNet against dossier 10: the operators against loops over all pairs of pixels (checks 1 and 2), parameters of the reference networks
 * and the table of work (check 3; recomputed there from the authors' operator code). MACs: pointwise layers, products of attention and of
 * the vectors of distances; batch norm is free. Parameters: with batch norm and the classifier's biases.
 */
import { describe, expect, it } from "vitest";
import { bind } from "../../src/ir/bind.js";
import type { Net, NetOperator } from "../../src/ir/net.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { extractWeights, storeFromWeights } from "../../src/runtime/extract.js";
import { runNet } from "../../src/runtime/network.js";
import { createSpaceStore, spaceStoreOf } from "../../src/runtime/weight-store.js";
import { programOf } from "../ir/check/programs.js";
import { expectClose, randomValues, type Values } from "../ops/evaluate.js";
import { engineForTests } from "../runtime/train/fixtures.js";
import { forward, nodesOf } from "./forward.js";
import { oneStep } from "./one-step.js";
import { countsOf, netNamed, readSample } from "./sample.js";

const program = readSample("10-trionet");

function netOf(expression: string, input: readonly number[]): Net {
  const text = `import { AxialAttention, AxialPass, LocalAttention } from "std/axial"\nimport { Bottleneck, ConvBN } from "std/blocks"\nspace S {\n  input x: f32[${input.join(", ")}]\n  output y = ${expression}\n}`;
  return bind(programOf(text).spaces.get("S")!, []);
}

/** Weights at random, variances above zero. */
function weight(node: NetOperator, name: string, shape: readonly number[]): readonly number[] {
  const { values } = randomValues(`${node.path}/${name}`, shape);
  return name === "variance" ? values.map((value) => 0.3 + value * value) : values;
}

/** A batch norm of a network on one number of a channel. */
function norm(node: NetOperator): (value: number, channel: number) => number {
  const of = (name: string): readonly number[] => weight(node, name, [node.shape.at(-1)!]);
  const [scale, offset, mean, variance] = ["scale", "offset", "mean", "variance"].map(of);
  return (value, channel) => (scale![channel]! * (value - mean![channel]!)) / Math.sqrt(variance![channel]! + 1e-5) + offset![channel]!;
}

interface Sizes { readonly height: number; readonly width: number; readonly heads: number; readonly dim: number; readonly out: number }
interface Tables { readonly query: (distance: number) => readonly number[]; readonly key: (distance: number) => readonly number[]; readonly value: (distance: number) => readonly number[] }

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, at) => sum + value * b[at]!, 0);

/** Attention of every pixel to every other, masked: `place` numbers the distance of an allowed pair. */
function naive({ height, width, heads, dim, out }: Sizes, [q, k, v]: readonly Values[], norms: readonly NetOperator[], tables: Tables, place: (from: number, to: number) => number | undefined): number[] {
  const pixels = height * width;
  const [content, byQuery, byKey, mixed, placed] = norms.map(norm);
  // Channel c belongs to head c mod heads.
  const slice = (values: Values, pixel: number, head: number, size: number): readonly number[] => Array.from({ length: size }, (_, c) => values.values[(pixel * size + c) * heads + head]!);
  const size = out / heads;
  const result = new Array<number>(pixels * out);
  for (let i = 0; i < pixels; i++) for (let h = 0; h < heads; h++) {
    const logits = Array.from({ length: pixels }, (_, j) => {
      const distance = place(i, j);
      if (distance === undefined) return Number.NEGATIVE_INFINITY;
      const [query, key] = [slice(q!, i, h, dim), slice(k!, j, h, dim)];
      return content!(dot(query, key), h) + byQuery!(dot(query, tables.query(distance)), h) + byKey!(dot(key, tables.key(distance)), h);
    });
    const most = Math.max(...logits);
    const shares = logits.map((logit) => Math.exp(logit - most));
    const total = shares.reduce((sum, share) => sum + share, 0);
    for (let c = 0; c < size; c++) {
      let [value, vector] = [0, 0];
      for (let j = 0; j < pixels; j++) {
        const distance = place(i, j);
        if (distance === undefined) continue;
        value += (shares[j]! / total) * slice(v!, j, h, size)[c]!;
        vector += (shares[j]! / total) * tables.value(distance)[c]!;
      }
      result[i * out + c * heads + h] = mixed!(value, c * heads + h) + placed!(vector, c * heads + h);
    }
  }
  return result;
}

/** Runs one attention; gives its output, its projected queries, keys and values, and its batch norms of scores and values. */
function run(net: Net, input: readonly number[]): { readonly output: Values; readonly projections: readonly Values[]; readonly norms: readonly NetOperator[] } {
  const values = forward(net, { x: randomValues("x", [1, ...input]) }, (node, { name, shape }) => weight(node, name, shape));
  const [q, k, v, ...norms] = nodesOf(net, "batch_norm");
  return { output: values[net.outputs[0]!.node]!, projections: [q, k, v].map((node) => values[node!.id]!), norms };
}

/** Row `index` of a table of a node. */
const rowOf = (node: NetOperator, name: string, shape: readonly number[], index: number): readonly number[] => weight(node, name, shape).slice(index * shape[1]!, (index + 1) * shape[1]!);

describe("10 trionet", () => {
  it("has seven operators in each block, one or two depths per stage, and three widths", () => {
    expect(spaceQueries(program.spaces.get("TrioNet")!).count()).toBe(3n * 7n * (7n + 7n ** 2n) * (7n ** 3n + 7n ** 4n) * 7n);
  });

  it.each([[true, [5, 3, 12], 2], [false, [3, 5, 12], 2], [true, [8, 8, 32], 4]] as const)("attends along an axis as masked attention of all pixels does (check 1): vertical %s, map %j", (vertical, input, heads) => {
    const [height, width, out] = input;
    const net = netOf(`x -> AxialPass(${out}, ${heads}, ${vertical})`, input);
    const { output, projections, norms } = run(net, input);
    const dim = Math.floor(out / heads / 2);
    const length = vertical ? height : width;
    const [scoresOf, valuesOf] = [nodesOf(net, "relative_scores"), nodesOf(net, "relative_values")];
    const tables: Tables = {
      query: (distance) => rowOf(scoresOf[0]!, "table", [2 * length - 1, dim], distance + length - 1),
      key: (distance) => rowOf(scoresOf[1]!, "table", [2 * length - 1, dim], distance + length - 1),
      value: (distance) => rowOf(valuesOf[0]!, "table", [2 * length - 1, out / heads], distance + length - 1),
    };
    const place = (i: number, j: number): number | undefined => {
      const [down, across] = [Math.floor(j / width) - Math.floor(i / width), (j % width) - (i % width)];
      return vertical ? (across === 0 ? down : undefined) : down === 0 ? across : undefined;
    };
    expectClose(output, naive({ height, width, heads, dim, out }, projections, norms, tables, place));
  });

  it.each([[3, [5, 4, 12], 3], [5, [5, 4, 8], 2], [7, [4, 5, 8], 2], [5, [3, 3, 8], 2]] as const)("attends in a window of %d as attention masked by the window and the border does (check 2): map %j", (window, input, heads) => {
    const [height, width, out] = input;
    const net = netOf(`x -> LocalAttention(${out}, heads = ${heads}, window = ${window})`, input);
    const { output, projections, norms } = run(net, input);
    const dim = Math.floor(out / heads / 2);
    const taps = window * window;
    const [queryTable, valueTable] = nodesOf(net, "dense");
    const keyTable = nodesOf(net, "conv").find(({ attributes }) => attributes.groups === taps)!;
    const column = (node: NetOperator, name: string, shape: readonly number[], rows: number, tap: number): readonly number[] => {
      const values = weight(node, name, shape);
      return Array.from({ length: rows }, (_, row) => values[row * taps + tap]!);
    };
    const tables: Tables = {
      query: (tap) => column(queryTable!, "weight", [dim, taps], dim, tap),
      key: (tap) => column(keyTable, "filter", [1, 1, dim, taps], dim, tap),
      value: (tap) => rowOf(valueTable!, "weight", [taps, out / heads], tap),
    };
    const reach = Math.floor(window / 2);
    const place = (i: number, j: number): number | undefined => {
      const [down, across] = [Math.floor(j / width) - Math.floor(i / width), (j % width) - (i % width)];
      return Math.abs(down) > reach || Math.abs(across) > reach ? undefined : (down + reach) * window + across + reach;
    };
    const pixels = Array.from({ length: height * width }, (_, pixel) => pixel);
    // A window of 2 n - 1 sees the whole map.
    expect(pixels.every((i) => pixels.every((j) => place(i, j) !== undefined))).toBe(window >= 2 * Math.max(height, width) - 1);
    expectClose(output, naive({ height, width, heads, dim, out }, projections, norms, tables, place));
  });

  it("has an axial network of 5,944,936 parameters at half width", () => {
    expect(countsOf(program, netNamed(program, "Axial26")).params).toBe(5_944_936);
  });

  it.each([[26, [1, 2, 4, 1], 13_696_552], [50, [3, 4, 6, 3], 25_557_032]] as const)("has the blocks of ResNet-%d: %j, %d parameters", (_layers, depths, params) => {
    const blocks = depths.flatMap((depth, stage) => Array.from({ length: depth }, (_, i) => `Bottleneck(${256 * 2 ** stage}, ${64 * 2 ** stage}, stride = ${i === 0 && stage > 0 ? 2 : 1})`));
    const net = netOf(`x -> ConvBN(64, kernel = 7, stride = 2) -> max_pool(3, stride = 2) -> ${blocks.join(" -> ")} -> global_pool -> dense(1000)`, [224, 224, 3]);
    expect(countsOf(program, net).params).toBe(params);
  });

  it.each([
    [56, 64, [115.606, 629.408, 32.012, 60.111, 130.056]], [28, 128, [115.606, 629.408, 28.851, 42.900, 71.049]],
    [14, 256, [115.606, 629.408, 27.271, 34.295, 56.297]], [7, 512, [115.606, 629.408, 26.480, 29.993, 52.610]],
  ])("does the work of the table on a map of %d x %d: convolutions of 3 and 7, windows of 3 and 7, both axes", (side, width, expected) => {
    const operators = [`ConvBN(${width}, kernel = 3)`, `ConvBN(${width}, kernel = 7)`, `LocalAttention(${width})`, `LocalAttention(${width}, window = 7)`, `AxialAttention(${width})`];
    const found = operators.map((operator) => Math.round(countsOf(program, netOf(`x -> ${operator}`, [side, side, width])).macs / 1e3) / 1e3);
    expect(found).toEqual(expected);
  });

  it("grows by the third power of the side along axes, by the fourth where all pixels attend", () => {
    const growth = (operator: string, projections: (side: number) => number): number => {
      const [small, large] = [64, 256].map((side) => countsOf(program, netOf(`x -> ${operator}`, [side, side, 16])).macs - projections(side));
      return Math.log(large! / small!) / Math.log(4);
    };
    expect(growth("AxialAttention(16)", (side) => 4 * side * side * 256)).toBeCloseTo(3, 1);
    expect(growth("attention(heads = 8)", (side) => 4 * side * side * 256)).toBeCloseTo(4, 1);
  });

  it("shares the pointwise layers around, and nothing else, between the operators (check 8)", () => {
    const keys = ["Axial26", "Conv26", "Local26"].map((name) => new Set(nodesOf(netNamed(program, name), "conv").map(({ weightKey }) => weightKey)));
    const common = [...keys[0]!].filter((key) => keys[1]!.has(key) && keys[2]!.has(key));
    // The stem, two layers of each of eight blocks, four shortcuts.
    expect(common).toHaveLength(1 + 2 * 8 + 4);
    expect([...keys[1]!].filter((key) => !common.includes(key))).toHaveLength(8);
    expect([...keys[0]!].filter((key) => keys[2]!.has(key))).toHaveLength(common.length);
  });

  it.each([[3, 4, 2], [2, 6, 4], [8, 8, 4], [2, 2, 2]])("cuts narrower networks out head by head (check 4): %d heads of %d channels, of which %d are left", async (heads, whole, part) => {
    const engine = await engineForTests();
    const space = programOf(`import { AxialPass } from "std/axial"\nspace S {\n  input x: f32[3, 2, 4]\n  out = choose { ${[...new Set([part, whole])].map((size) => size * heads).join(", ")} }\n  output y = x -> AxialPass(out, ${heads}, true)\n}`).spaces.get("S")!;
    const net = bind(space, [0]);
    const normOfValues = nodesOf(net, "batch_norm")[2]!;
    const wide = createSpaceStore(engine, space, 1);
    const stored = new Map([...wide.weights].map(([key, { tensor }]) => [key, engine.download(tensor).slice()]));
    const key = [...stored.keys()].find((each) => each.startsWith(`${normOfValues.weightKey}/`) && each.endsWith("offset"))!;
    const outputWith = (changed: number | undefined): Float32Array => {
      const values = new Map(stored);
      if (changed !== undefined) values.set(key, stored.get(key)!.map((value, at) => (at === changed ? value + 1 : value)));
      const store = spaceStoreOf(engine, space, (each) => values.get(each));
      const input = engine.upload(Float32Array.from({ length: 24 }, (_, at) => Math.sin(at)), [1, 3, 2, 4]);
      const output = engine.scope(() => engine.download(runNet(engine, net, store, input, { mode: "inference" }).y!).slice());
      engine.dispose(input);
      store.dispose();
      return output as Float32Array;
    };
    const before = outputWith(undefined);
    const channels = part * heads;
    const takenFrom: number[] = [];
    // The published order keeps the channels of a head together: head h has h G to h G + G - 1.
    for (let head = 0; head < heads; head++) for (let at = 0; at < whole; at++) {
      const after = outputWith(at * heads + head);
      const moved = [...new Set([...after].flatMap((value, place) => (value === before[place] ? [] : [place % channels])))];
      // A value's channel is mixed over positions only, so that it tells which channel of which sub-head reads it.
      expect(moved).toEqual(at < part ? [at * heads + head] : []);
      if (moved.length > 0) takenFrom.push(head * whole + at);
    }
    expect(takenFrom).toEqual(Array.from({ length: channels }, (_, c) => Math.floor(c / part) * whole + (c % part)));
    // The leading channels of that order would give a sub-head channels of another head.
    const leading = Array.from({ length: channels }, (_, c) => Math.floor(c / part) === Math.floor(c / whole));
    expect(leading.every(Boolean)).toBe(part === whole);
    // Alone, with the gathered weights, it computes the same.
    const own = storeFromWeights(engine, net, extractWeights(engine, wide, net), "test");
    if (!own.ok) throw new Error(JSON.stringify(own.diagnostics));
    const input = engine.upload(Float32Array.from({ length: 24 }, (_, at) => Math.sin(at)), [1, 3, 2, 4]);
    const alone = engine.scope(() => engine.download(runNet(engine, net, own.value, input, { mode: "inference" }).y!).slice());
    alone.forEach((value, at) => expect(Math.abs(value - before[at]!)).toBeLessThan(1e-6));
    engine.dispose(input);
    own.value.dispose();
    wide.dispose();
  });

  it("runs one step of twenty networks at a reduced size", async () => {
    expect(await oneStep("10-trionet", "TrioNet", { SMALL: "true", SIDE: "8", COLOURS: "1", CLASSES: "10", SHRINK: "16", HEADS: "2" })).toEqual([]);
  }, 300_000);
});
