import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { drawGlyphs } from "../../src/data/glyphs.js";
import { loadDataset } from "../../src/data/load.js";
import { plan } from "./files.js";

const digest = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

describe("the built-in glyphs", () => {
  it("are a pure function of the seed, in time for an embedded default", () => {
    const started = performance.now();
    const first = drawGlyphs(6000, 7, "train");
    expect(performance.now() - started).toBeLessThan(5000);
    const again = drawGlyphs(6000, 7, "train");
    expect(digest(again.images)).toBe(digest(first.images));
    expect(digest(again.labels)).toBe(digest(first.labels));
    expect(digest(drawGlyphs(6000, 8, "train").images)).not.toBe(digest(first.images));
  });

  it("differ between train and test", () => {
    expect(digest(drawGlyphs(50, 7, "test").images)).not.toBe(digest(drawGlyphs(50, 7, "train").images));
  });

  it("hold every class equally often in every part", async () => {
    const result = await loadDataset(plan("glyphs", { validation: 1000 }), { seed: 3 });
    if (!result.ok) throw new Error("refused");
    const { train, validation, test, classes } = result.value;
    const counts = (labels: Uint8Array): number[] => Array.from({ length: classes }, (_, label) => labels.filter((other) => other === label).length);
    expect([train, validation, test].map(({ labels }) => counts(labels))).toEqual([new Array(10).fill(500), new Array(10).fill(100), new Array(10).fill(100)]);
  });

  it("never repeat an image", () => {
    const { images, count } = drawGlyphs(3000, 7, "train");
    expect(new Set(Array.from({ length: count }, (_, row) => digest(images.subarray(row * 784, (row + 1) * 784)))).size).toBe(count);
  });

  it("differ more between classes than chance, less than a template would", () => {
    // Nearest class mean: far above one in ten (there is something to learn), far below what a network reaches (it is not trivial).
    const train = drawGlyphs(3000, 7, "train");
    const test = drawGlyphs(1000, 7, "test");
    const means = Array.from({ length: 10 }, () => new Float64Array(784));
    train.labels.forEach((label, row) => means[label]!.forEach((_, i) => (means[label]![i]! += train.images[row * 784 + i]! / 300)));
    let correct = 0;
    test.labels.forEach((label, row) => {
      const distances = means.map((mean) => mean.reduce((sum, value, i) => sum + (value - test.images[row * 784 + i]!) ** 2, 0));
      if (distances.indexOf(Math.min(...distances)) === label) correct++;
    });
    expect(correct / 1000).toBeGreaterThan(0.25);
    expect(correct / 1000).toBeLessThan(0.75);
  });
});
