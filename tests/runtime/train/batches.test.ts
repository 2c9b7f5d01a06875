import { beforeAll, describe, expect, it } from "vitest";
import type { Dataset } from "../../../src/data/dataset.js";
import { randomStream } from "../../../src/random/stream.js";
import { Batcher, chooseExamples, countCorrect, epochOrder } from "../../../src/runtime/batches.js";
import type { Engine } from "../../../src/runtime/engine.js";
import { rateAt } from "../../../src/runtime/optimizer.js";
import { engineForTests, optimizer } from "./fixtures.js";

let engine: Engine;
beforeAll(async () => { engine = await engineForTests(); });

/** Two images of 3x4 in two channels; pixel value = 1 + position, channel 1 adds 100. */
const part = { count: 2, images: Uint8Array.from({ length: 48 }, (_, i) => 1 + Math.floor((i % 24) / 2) + (i % 2) * 100), labels: Uint8Array.from([1, 0]) };
const data: Dataset = { name: "ramp", height: 3, width: 4, channels: 2, classes: 2, train: part, validation: part, test: part, mean: [10, 20], deviation: [2, 4] };

/** Pixel values of channel 0 of the first image after undoing the normalisation. */
function pixels(augment?: { flip: boolean; shift: number }, seed = 1): number[] {
  return engine.scope(() => {
    const values = engine.download(new Batcher(engine, data).batch("train", [0], augment, randomStream(seed, "augment")).images);
    return Array.from({ length: 12 }, (_, i) => Math.round(values[2 * i]! * 2 + 10));
  });
}

describe("batches", () => {
  it("are normalised per channel", () => {
    const { images, labelValues, shape } = engine.scope(() => {
      const batch = new Batcher(engine, data).batch("train", [1, 0]);
      return { images: engine.download(batch.images).slice(), labelValues: batch.labelValues, shape: batch.images.shape };
    });
    expect(shape).toEqual([2, 3, 4, 2]);
    expect([...labelValues]).toEqual([0, 1]);
    expect(images[0]).toBeCloseTo((1 - 10) / 2, 6);
    expect(images[1]).toBeCloseTo((101 - 20) / 4, 6);
  });

  it("are shifted and flipped within bounds, black coming in, and each way occurs", () => {
    const ramp = Array.from({ length: 12 }, (_, i) => i + 1);
    const moved = (flip: boolean, down: number, right: number): string => Array.from({ length: 12 }, (_, i) => {
      const y = Math.floor(i / 4) - down;
      const x = (i % 4) - right;
      return y < 0 || y > 2 || x < 0 || x > 3 ? 0 : ramp[y * 4 + (flip ? 3 - x : x)]!;
    }).join();
    const allowed = new Map([false, true].flatMap((flip) => [-1, 0, 1].flatMap((down) => [-1, 0, 1].map((right): [string, number] => [moved(flip, down, right), 0]))));
    for (let seed = 0; seed < 600; seed++) {
      const found = pixels({ flip: true, shift: 1 }, seed).join();
      expect(allowed.has(found)).toBe(true);
      allowed.set(found, allowed.get(found)! + 1);
    }
    for (const count of allowed.values()) expect(count).toBeGreaterThan(10);
    expect(pixels({ flip: false, shift: 0 })).toEqual(ramp);
    expect(pixels()).toEqual(ramp);
  });

  it("visit every example once per epoch, in another order each epoch", () => {
    const first = epochOrder(1000, 1, 0);
    expect([...first].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect(epochOrder(1000, 1, 0)).toEqual(first);
    expect(epochOrder(1000, 1, 1)).not.toEqual(first);
    expect(epochOrder(1000, 2, 0)).not.toEqual(first);
  });

  it("choose examples by seed and purpose, without repetition", () => {
    const chosen = chooseExamples(100, 30, 1, "judge");
    expect(new Set(chosen).size).toBe(30);
    expect(chooseExamples(100, 30, 1, "judge")).toEqual(chosen);
    expect(chooseExamples(100, 30, 1, "recalibration")).not.toEqual(chosen);
    expect([...chooseExamples(3, undefined, 1, "judge")]).toEqual([0, 1, 2]);
    expect([...chooseExamples(3, 9, 1, "judge")]).toEqual([0, 1, 2]);
  });

  it("count the rows whose highest score is the label", () => {
    expect(countCorrect(Float32Array.from([0, 1, 1, 0, 5, 5]), [1, 1, 0])).toBe(2);
  });
});

describe("the learning rate", () => {
  const at = (plan: Parameters<typeof optimizer>[0], step: number): number => rateAt(optimizer({ rate: 0.4, ...plan }), step, 10, 40);
  it("stands still, falls along half a cosine, or along a line", () => {
    expect([0, 20, 39].map((step) => at({ schedule: "constant" }, step))).toEqual([0.4, 0.4, 0.4]);
    expect(at({ schedule: "cosine" }, 0)).toBeCloseTo(0.4, 12);
    expect(at({ schedule: "cosine" }, 20)).toBeCloseTo(0.2, 12);
    expect(at({ schedule: "cosine" }, 40)).toBeCloseTo(0, 12);
    expect(at({ schedule: "linear" }, 10)).toBeCloseTo(0.3, 12);
  });
  it("warms up along a line first", () => {
    const plan = { schedule: "cosine" as const, warmup: 0.5 };
    expect([0, 1, 4].map((step) => at(plan, step))).toEqual([0.4 / 5, 0.8 / 5, 0.4]);
    expect(at(plan, 5)).toBeCloseTo(0.4, 12);
    expect(at(plan, 40)).toBeCloseTo(0, 12);
  });
});
