import { mkdtempSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { chooseExamples } from "../../../src/runtime/batches.js";
import type { Engine } from "../../../src/runtime/engine.js";
import { ExampleBatches } from "../../../src/runtime/example-batches.js";
import { extractWeights, loadWeights, saveWeights, storeFromWeights } from "../../../src/runtime/extract.js";
import { judge, JudgingExamples, predictLogits, recalibrate, verdictOf } from "../../../src/runtime/judge.js";
import { train } from "../../../src/runtime/train.js";
import { createNetStore, createSpaceStore, type WeightStore } from "../../../src/runtime/weight-store.js";
import { ALL, architectureAt, bars, engineForTests, netOf, tinySpace, trainPlan } from "./fixtures.js";

let engine: Engine;
let store: WeightStore;
const data = bars();
beforeAll(async () => {
  engine = await engineForTests();
  store = createSpaceStore(engine, tinySpace(), 1);
  const trained = await train({ engine, store, netAt: (step) => netOf(architectureAt(1, step)), data, plan: trainPlan({ epochs: 2 }), seed: 1 });
  if (!trained.ok) throw new Error(JSON.stringify(trained.diagnostics));
});

const snapshot = (of: WeightStore): Map<string, Float32Array> => new Map([...of.weights.values()].map(({ key, tensor }) => [key, engine.download(tensor).slice()]));
const options = (net = netOf([2, 1, 0])) => ({ engine, store, net, data, recalibration: 80, batch: 32, seed: 1 });

describe("judging", () => {
  it("leaves the store and the heap as they were, and does not depend on what was judged before", () => {
    const before = snapshot(store);
    const tensors = engine.tensorCount();
    const verdicts = (order: readonly number[]): Map<number, unknown> => new Map(order.map((index) => [index, judge({ ...options(netOf(ALL[index]!)), split: "validation" })]));
    const order = ALL.map((_, index) => index);
    const forward = verdicts(order);
    const backward = verdicts([...order].reverse());
    for (const index of order) expect(backward.get(index)).toEqual(forward.get(index));
    expect(snapshot(store)).toEqual(before);
    expect(engine.tensorCount()).toBe(tensors);
  });

  it("recalibrates to the exact statistics of the activations, however they are cut into batches", () => {
    // The first batch norm of the stem sees conv(image); its exact statistics are computed here in float64.
    const net = netOf([1, 0, 1]);
    const uses = store.uses(net);
    const index = (key: string): number => uses.weights.findIndex(({ weight }) => weight.key === key);
    const filter = engine.scope(() => engine.download(store.gather(uses)[index("stem/conv/filter")]!).slice());
    const rows = chooseExamples(data.train.count, 80, 1, "recalibration");
    const channels = 6;
    const sum = new Float64Array(channels);
    const squares = new Float64Array(channels);
    const pixel = (row: number, y: number, x: number): number => (y < 0 || x < 0 || y > 7 || x > 7 ? 0 : (data.train.images[(row * 8 + y) * 8 + x]! - 70) / 60);
    for (const row of rows) for (let y = 0; y < 8; y++) for (let x = 0; x < 8; x++) for (let channel = 0; channel < channels; channel++) {
      let value = 0;
      for (let v = 0; v < 3; v++) for (let u = 0; u < 3; u++) value += pixel(row, y + v - 1, x + u - 1) * filter[(v * 3 + u) * channels + channel]!;
      sum[channel]! += value;
      squares[channel]! += value * value;
    }
    const n = rows.length * 64;
    for (const batch of [80, 32, 7]) {
      const found = recalibrate({ ...options(net), batch });
      for (let channel = 0; channel < channels; channel++) {
        const mean = sum[channel]! / n;
        expect(Math.abs(found.get(index("stem/batch_norm/mean"))![channel]! - mean)).toBeLessThan(1e-5);
        expect(Math.abs(found.get(index("stem/batch_norm/variance"))![channel]! - (squares[channel]! / n - mean * mean))).toBeLessThan(1e-5);
      }
    }
  });

  it("gives a path of the supernet the statistics and scores of a network that holds this path alone, bit for bit", () => {
    for (const architecture of ALL) {
      const net = netOf(architecture);
      const alone = storeFromWeights(engine, net, extractWeights(engine, store, net), "test");
      if (!alone.ok) throw new Error("refused");
      const shared = recalibrate(options(net));
      const own = recalibrate({ ...options(net), store: alone.value });
      expect(shared.size).toBe(architecture[2] === 0 ? 4 : 2);
      for (const [index, values] of shared) {
        const key = store.uses(net).weights[index]!.weight.key;
        expect(own.get(alone.value.uses(net).weights.findIndex(({ weight }) => weight.key === key))).toEqual(values);
      }
      expect(judge({ ...options(net), store: alone.value, split: "test" })).toEqual(judge({ ...options(net), split: "test" }));
      alone.value.dispose();
    }
  });

  it("uses the running statistics where nothing is recalibrated", () => {
    const net = netOf([1, 0, 0]);
    const inherited = extractWeights(engine, store, net, recalibrate(options(net)));
    const alone = storeFromWeights(engine, net, inherited, "test");
    if (!alone.ok) throw new Error("refused");
    expect(judge({ ...options(net), store: alone.value, recalibration: 0, split: "validation" })).toEqual(judge({ ...options(net), split: "validation" }));
    alone.value.dispose();
  });

  it("does not depend on the size of its batches beyond rounding, and respects the limit", () => {
    const net = netOf([2, 0, 0]);
    const statistics = recalibrate(options(net));
    const rows = Uint32Array.from([5, 3, 40, 8, 0, 11, 20]);
    const logits = (batch: number): Float32Array => predictLogits({ engine, store, net, statistics, batches: new ExampleBatches({ engine, data, part: "validation", rows, batch, room: 0 }) });
    const whole = logits(7);
    const cut = logits(3);
    expect(whole.length).toBe(21);
    whole.forEach((value, i) => expect(Math.abs(value - cut[i]!)).toBeLessThan(1e-5));
    expect(judge({ ...options(net), split: "validation", limit: 20 }).examples).toBe(20);
    expect(judge({ ...options(net), split: "validation" }).examples).toBe(48);
  });

  it("keeps the batches that it has room for, and judges alike with all, some or none of them", () => {
    const bytesOfABatch = 32 * 8 * 8 * 4;
    const base = { ...options(), split: "validation" as const };
    const nets = ALL.map((architecture) => netOf(architecture));
    const plain = nets.map((net) => judge({ ...base, net }));
    const tensors = engine.tensorCount();
    // 48 validation examples are two batches, 80 for recalibration are three.
    for (const [room, kept] of [[0, 0], [bytesOfABatch, 1], [4 * bytesOfABatch, 4], [2 ** 30, 5]] as const) {
      const examples = new JudgingExamples(base, room);
      expect(nets.map((net) => judge({ ...base, net }, examples))).toEqual(plain);
      expect(engine.tensorCount() - tensors).toBe(kept);
      examples.dispose();
      expect(engine.tensorCount()).toBe(tensors);
    }
  });

  it("counts and averages as written down", () => {
    const verdict = verdictOf(Float32Array.from([1, 2, 0, 3, -1, 2]), [1, 1, 0]);
    expect(verdict.accuracy).toBeCloseTo(2 / 3, 12);
    const expected = (Math.log(1 + Math.exp(-1)) + Math.log(1 + Math.exp(-3)) + Math.log(1 + Math.exp(3))) / 3;
    expect(verdict.loss).toBeCloseTo(expected, 6);
  });

  it("moves the running statistics of a network alone towards the batch statistics", async () => {
    const net = netOf([1, 0, 1]);
    const alone = createNetStore(engine, net, 3);
    // With rate 0 the weights stand still, so the running mean converges to the mean of the batch means.
    const plan = trainPlan({ epochs: 40, augment: { flip: false, shift: 0 } });
    const trained = await train({ engine, store: alone, netAt: () => net, data, plan: { ...plan, optimizer: { ...plan.optimizer, rate: 0, schedule: "constant" } }, seed: 1 });
    expect(trained.ok).toBe(true);
    const exact = recalibrate({ ...options(net), store: alone, recalibration: 96 });
    alone.uses(net).weights.forEach(({ weight }, index) => {
      const statistic = exact.get(index);
      if (statistic === undefined) return;
      const running = engine.download(weight.tensor);
      statistic.forEach((value, i) => expect(Math.abs(running[i]! - value)).toBeLessThan(0.05 + 0.25 * Math.abs(value)));
      expect(running.some((value) => value !== 0 && value !== 1)).toBe(true);
    });
    alone.dispose();
  });
});

describe("a weights file", () => {
  const net = netOf([0, 1, 0]);
  const path = join(mkdtempSync(join(tmpdir(), "nasc-weights-")), "best.weights");

  it("comes back as it was saved, with what was said about it", () => {
    const weights = extractWeights(engine, store, net, recalibrate(options(net)));
    expect(saveWeights(path, net, weights, { accuracy: 0.5 }).ok).toBe(true);
    const back = loadWeights(path);
    if (!back.ok) throw new Error("refused");
    expect(back.value.about).toEqual({ accuracy: 0.5 });
    expect([...back.value.tensors]).toEqual([...weights.tensors]);
    const restored = storeFromWeights(engine, net, back.value, path);
    if (!restored.ok) throw new Error("refused");
    expect(judge({ ...options(net), store: restored.value, recalibration: 0, split: "test" })).toEqual(judge({ ...options(net), split: "test" }));
    restored.value.dispose();
  });

  it("that is damaged, missing or something else is refused", () => {
    expect(saveWeights(path, net, extractWeights(engine, store, net)).ok).toBe(true);
    const bytes = readFileSync(path);
    const code = (from: string): unknown => { const result = loadWeights(from); return !result.ok && result.diagnostics[0]!.code; };
    truncateSync(path, bytes.length - 5);
    expect(code(path)).toBe("NAS6024");
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(path, bytes);
    expect(code(path)).toBe("NAS6024");
    expect(code(`${path}.absent`)).toBe("NAS6024");
    const blocked = saveWeights(join(path, "below", "a.weights"), net, extractWeights(engine, store, net));
    expect(!blocked.ok && blocked.diagnostics[0]!.code).toBe("NAS6023");
  });
});
