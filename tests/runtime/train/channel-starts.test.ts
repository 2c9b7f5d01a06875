/**
 * Sharing by other channels than the leading ones: which channels train how often (dossier 07, "Weight sharing, exactly" and check 1), that
 * a candidate whose channels go over the end of the tensor computes what the gathered one computes (check 2), and that nothing else moves.
 */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { bind } from "../../../src/ir/bind.js";
import { sharingStrategies, type SharingStrategy, type Space } from "../../../src/ir/space.js";
import { randomStream } from "../../../src/random/stream.js";
import type { Engine, EngineTensor } from "../../../src/runtime/engine.js";
import { extractWeights, storeFromWeights, type NetWeights } from "../../../src/runtime/extract.js";
import { runNet } from "../../../src/runtime/network.js";
import { applyGradients } from "../../../src/runtime/optimizer.js";
import { outside, unwrapped, type Region } from "../../../src/runtime/sharing.js";
import { createSpaceStore, type WeightStore } from "../../../src/runtime/weight-store.js";
import { programOf } from "../../ir/check/programs.js";
import { engineForTests, optimizer } from "./fixtures.js";

let engine: Engine;
beforeAll(async () => { engine = await engineForTests(); });

/** A stream of 1 to `groups` channels that every layer's outputs and the next one's inputs take part in. */
const chainOf = (groups: number, sharing: SharingStrategy): Space => programOf(`space S {
  share ${sharing}
  input image: f32[2, 2, 3]
  width = choose 1..${groups}
  x = image -> conv(width, kernel = 1, bias = true) -> gelu
  y = x + (x -> layer_norm -> dense(width) -> gelu)
  output classes = y -> global_pool -> dense(4)
}`).spaces.get("S")!;

const images = (): EngineTensor => engine.upload(Float32Array.from({ length: 5 * 12 }, (_, at) => Math.sin(1 + at * at)), [5, 2, 2, 3]);
const valuesOf = (store: WeightStore): Map<string, Float32Array> => new Map([...store.weights].map(([key, { tensor }]) => [key, engine.download(tensor).slice()]));
const keyOf = (store: WeightStore, shape: readonly number[]): string => [...store.weights.values()].find((weight) => weight.shape.join() === shape.join())!.key;

/** One step of gradient descent in the given turns. */
function step(store: WeightStore, space: Space, width: number, turns: readonly number[], decay = 0): void {
  const net = bind(space, [width - 1]);
  engine.scope(() => {
    const uses = store.uses(net, turns);
    const views = store.gather(uses);
    const labels = engine.upload(Int32Array.from([0, 1, 2, 3, 1]), [5]);
    const input = images();
    const { gradients } = engine.gradients(views, () => {
      const logits = uses.turns.map((nodes) => runNet(engine, net, store, input, { mode: "training", weights: views, nodes, random: randomStream(1, "step") }).classes!);
      return engine.crossEntropy(logits.reduce((sum, each) => engine.library.add(sum, each)), labels, 0);
    });
    applyGradients(engine, optimizer({ kind: "sgd", momentum: 0, weightDecay: decay }), 0.1, uses.weights, gradients);
  });
}

/** How often each channel of the stream got a gradient, all widths and the given turns taken once. */
function hits(groups: number, sharing: SharingStrategy, turns: number): readonly number[] {
  const space = chainOf(groups, sharing);
  const store = createSpaceStore(engine, space, 1);
  store.prepareState(1);
  const classifier = keyOf(store, [groups, 4]);
  const counts = new Array<number>(groups).fill(0);
  for (let width = 1; width <= groups; width++) {
    for (let turn = 0; turn < turns; turn++) {
      const before = valuesOf(store).get(classifier)!;
      step(store, space, width, [turn]);
      const after = valuesOf(store).get(classifier)!;
      for (let channel = 0; channel < groups; channel++) if ([0, 1, 2, 3].some((at) => after[channel * 4 + at] !== before[channel * 4 + at])) counts[channel]!++;
    }
  }
  store.dispose();
  return counts;
}

describe("sharing by starts of channels", () => {
  it.each([
    ["slice", 10, 1, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 10],
    ["both_ends", 10, 2, new Array<number>(10).fill(11), 1],
    ["cyclic", 10, 10, new Array<number>(10).fill(55), 1],
    ["chained", 10, 1, [6, 6, 6, 6, 6, 5, 5, 5, 5, 5], 1.2],
    ["chained", 11, 1, new Array<number>(11).fill(6), 1],
  ] as const)("%s trains %d groups of channels, in %d turns, as often as %j", (sharing, groups, turns, counts, ratio) => {
    const found = hits(groups, sharing, turns);
    expect(found).toEqual(counts);
    expect(Math.max(...found) / Math.min(...found)).toBe(ratio);
  });

  it.each([["cyclic", 10], ["both_ends", 2], ["chained", 1]] as const)("%s: every candidate computes, in each turn, what a network of the gathered channels computes (07, check 2)", (sharing, turns) => {
    const space = chainOf(10, sharing);
    const store = createSpaceStore(engine, space, 3);
    const input = images();
    for (let width = 1; width <= 10; width++) {
      const net = bind(space, [width - 1]);
      for (let turn = 0; turn < turns; turn++) {
        const start = { cyclic: turn, both_ends: turn === 0 ? 0 : 10 - width, chained: ((width * (width - 1)) / 2) % 10 }[sharing];
        const own = storeFromWeights(engine, net, gathered(store, Array.from({ length: width }, (_, at) => (start + at) % 10)), "test");
        if (!own.ok) throw new Error(JSON.stringify(own.diagnostics));
        const uses = store.uses(net, [turn]);
        const [inside, alone] = engine.scope(() => [
          engine.download(runNet(engine, net, store, input, { mode: "inference", weights: store.gather(uses), nodes: uses.nodes }).classes!).slice(),
          engine.download(runNet(engine, net, own.value, input, { mode: "inference" }).classes!).slice(),
        ]);
        inside!.forEach((value, at) => expect(Math.abs(value - alone![at]!)).toBeLessThan(1e-6));
        own.value.dispose();
      }
    }
    engine.dispose(input);
    store.dispose();
  });

  it.each(sharingStrategies)("%s: a network cut out of the supernet computes what it computed inside", (sharing) => {
    const space = chainOf(7, sharing);
    const store = createSpaceStore(engine, space, 5);
    const input = images();
    for (let width = 1; width <= 7; width++) {
      const net = bind(space, [width - 1]);
      const own = storeFromWeights(engine, net, extractWeights(engine, store, net), "test");
      if (!own.ok) throw new Error(JSON.stringify(own.diagnostics));
      const [inside, alone] = engine.scope(() => [store, own.value].map((weights) => engine.download(runNet(engine, net, weights, input, { mode: "inference" }).classes!).slice()));
      expect(alone).toEqual(inside);
      own.value.dispose();
    }
    engine.dispose(input);
    store.dispose();
  });

  it("moves the two ends, their overlap once, and not what lies between, though weights decay", () => {
    for (const width of [3, 7]) {
      const space = chainOf(10, "both_ends");
      const store = createSpaceStore(engine, space, 7);
      store.prepareState(1);
      const square = keyOf(store, [10, 10]);
      const before = valuesOf(store).get(square)!;
      const { used } = store.uses(bind(space, [width - 1]), [0, 1]).weights.find(({ weight }) => weight.key === square)!;
      step(store, space, width, [0, 1], 0.5);
      const after = valuesOf(store).get(square)!;
      const taken = (row: number, column: number): boolean => (row < width && column < width) || (row >= 10 - width && column >= 10 - width);
      for (let at = 0; at < 100; at++) expect([at, after[at] !== before[at]]).toEqual([at, taken(Math.floor(at / 10), at % 10)]);
      const overlap = Math.max(0, 2 * width - 10);
      expect(used.reduce((sum, { size }) => sum + size[0]! * size[1]!, 0)).toBe(2 * width * width - overlap * overlap);
      store.dispose();
    }
  });

  it("takes both ends at once in a step, one drawn start of a ring, and else the first", () => {
    const turnsOf = (sharing: SharingStrategy, steps: number): (readonly number[])[] => {
      const store = createSpaceStore(engine, chainOf(6, sharing), 1);
      const turns = Array.from({ length: steps }, (_, at) => store.turns(randomStream(1, "turns", at)));
      store.dispose();
      return turns;
    };
    expect(turnsOf("both_ends", 2)).toEqual([[0, 1], [0, 1]]);
    expect(turnsOf("slice", 1)).toEqual([[0]]);
    expect(turnsOf("chained", 1)).toEqual([[0]]);
    const starts = new Set(turnsOf("cyclic", 60).map(([turn]) => turn! % 6));
    expect(starts.size).toBe(6);
  });

  it("leaves places and words in front, and names that several places share", () => {
    const space = programOf(`space S {
  share chained
  input words: tokens[4]
  width = choose { 2, 3, 4 }
  x = words -> embed(5, width) -> position_embedding
  a = x -> dense(width) weights both
  b = a -> dense(width) weights both
  output classes = b -> global_pool -> dense(3)
}`).spaces.get("S")!;
    const store = createSpaceStore(engine, space, 1);
    const uses = store.uses(bind(space, [1]));
    const begins = Object.fromEntries(uses.nodes.flat().map(({ name, index, region }) => [`${uses.weights[index]!.weight.key} ${name}`, region.begin]));
    // 3 channels come after the 2 of the smallest width.
    expect(begins["embed/table table"]).toEqual([0, 2]);
    expect(begins["position_embedding/table table"]).toEqual([0, 2]);
    expect(begins["both/weight weight"]).toEqual([0, 0]);
    store.dispose();
  });
});

/** The weights of a network of the given channels of the stream, row by row and column by column. */
function gathered(store: WeightStore, channels: readonly number[]): NetWeights {
  const tensors = new Map<string, { name: string; shape: readonly number[]; values: Float32Array }>();
  for (const { key, shape, tensor } of store.weights.values()) {
    const stored = engine.download(tensor).slice();
    const taken = shape.map((extent) => (extent === 10 ? channels : Array.from({ length: extent }, (_, at) => at)));
    const places = taken.reduce<readonly number[]>((offsets, along, axis) => offsets.flatMap((offset) => along.map((at) => offset * shape[axis]! + at)), [0]);
    tensors.set(key, { name: key, shape: taken.map(({ length }) => length), values: Float32Array.from(places, (at) => stored[at]!) });
  }
  return { sharing: "slice", tensors };
}

describe("boxes", () => {
  const box = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })).map(([a, b, c, d]): Region => ({ begin: [a, b], size: [c, d] }));
  const inside = ({ begin, size }: Region, at: readonly number[]): boolean => at.every((value, axis) => value >= begin[axis]! && value < begin[axis]! + size[axis]!);
  const grid = Array.from({ length: 100 }, (_, at) => [Math.floor(at / 10), at % 10]);

  it("cuts out of a box what another covers, in disjoint boxes", () => {
    fc.assert(fc.property(box, box, (a, b) => {
      const rest = outside(a, b);
      return grid.every((at) => rest.filter((piece) => inside(piece, at)).length === (inside(a, at) && !inside(b, at) ? 1 : 0));
    }));
  });

  it("unwraps a region that goes over the ends", () => {
    fc.assert(fc.property(box, (region) => {
      const pieces = unwrapped(region, [5, 5]);
      const wraps = (at: readonly number[]): boolean => at.every((value, axis) => (value - region.begin[axis]! + 5) % 5 < region.size[axis]!);
      return grid.filter((at) => at.every((value) => value < 5)).every((at) => pieces.filter((piece) => inside(piece, at)).length === (wraps(at) ? 1 : 0));
    }));
  });
});
