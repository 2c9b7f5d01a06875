import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Dataset } from "../../src/data/dataset.js";
import { loadDataset } from "../../src/data/load.js";
import type { DataPlan } from "../../src/ir/plan.js";
import { cifarBatch, freshFolder, gzip, idxFolder, idxPair, plan } from "./files.js";

async function loaded(path: string, dataPlan: DataPlan = plan("idx")): Promise<Dataset> {
  const result = await loadDataset(dataPlan, { override: path, seed: 1 });
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.value;
}

const size = (data: Dataset): readonly number[] => [data.height, data.width, data.channels, data.classes, data.train.count, data.validation.count, data.test.count];

describe("IDX", () => {
  it("is read, plain or gzip, as folder or by one of its files, to the same bytes", async () => {
    const train = idxPair(30);
    const test = idxPair(12);
    const packed = freshFolder({
      "train-images-idx3-ubyte.gz": gzip(train.images), "train-labels-idx1-ubyte.gz": gzip(train.labels),
      "t10k-images-idx3-ubyte.gz": gzip(test.images), "t10k-labels-idx1-ubyte.gz": gzip(test.labels),
    });
    const plain = idxFolder();
    const a = await loaded(plain);
    expect(size(a)).toEqual([4, 4, 1, 3, 24, 6, 12]);
    expect(await loaded(packed)).toEqual(a);
    expect(await loaded(join(plain, "train-images-idx3-ubyte"))).toEqual(a);
  });

  it("keeps every image with its label and no image in two parts", async () => {
    const data = await loaded(idxFolder());
    const row = (part: "train" | "validation", index: number): string => `${data[part].labels[index]!}:${[...data[part].images.subarray(index * 16, index * 16 + 16)].join()}`;
    const seen = [...Array.from({ length: 24 }, (_, i) => row("train", i)), ...Array.from({ length: 6 }, (_, i) => row("validation", i))];
    const expected = Array.from({ length: 30 }, (_, i) => `${i % 3}:${Array.from({ length: 16 }, (_, pixel) => (i * 7 + pixel) % 256).join()}`);
    expect(seen.sort()).toEqual(expected.sort());
    expect([0, 1, 2].map((label) => data.validation.labels.filter((other) => other === label).length)).toEqual([2, 2, 2]);
  });

  it("holds out the same examples for one seed and others for another", async () => {
    const folder = idxFolder();
    const again = await loaded(folder);
    expect(again).toEqual(await loaded(folder));
    const other = await loadDataset(plan("idx"), { override: folder, seed: 2 });
    expect(other.ok && Buffer.from(other.value.validation.images).equals(Buffer.from(again.validation.images))).toBe(false);
  });

  it("limits the training part and the test part in proportion", async () => {
    expect(size(await loaded(idxFolder(), plan("idx", { limit: 15, validation: 5 })))).toEqual([4, 4, 1, 3, 10, 5, 6]);
  });

  it("computes mean and deviation over the training part alone", async () => {
    const data = await loaded(idxFolder());
    const pixels = [...data.train.images];
    const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
    expect(data.mean[0]).toBeCloseTo(mean, 9);
    expect(data.deviation[0]).toBeCloseTo(Math.sqrt(pixels.reduce((sum, value) => sum + (value - mean) ** 2, 0) / pixels.length), 9);
  });
});

describe("CIFAR-10", () => {
  it("interleaves the planes and joins the batches", async () => {
    const data = await loaded(freshFolder({ "data_batch_1.bin": cifarBatch(20), "data_batch_2.bin.gz": gzip(cifarBatch(20)), "test_batch.bin": cifarBatch(10) }), plan("cifar", { validation: 10 }));
    expect(size(data)).toEqual([32, 32, 3, 10, 30, 10, 10]);
    expect([...data.test.images.subarray(4 * 3072, 4 * 3072 + 6)]).toEqual([4, 5, 6, 4, 5, 6]);
    expect([...data.test.labels]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

describe("CSV", () => {
  const rows = (count: number, cell: (row: number) => string): string => Array.from({ length: count }, (_, row) => cell(row)).join("\n");

  it("finds the label by header, at the end or in front", async () => {
    const body = (row: number): string => `${row % 2},0,${row},9,0`;
    const front = await loaded(freshFolder({ "train.csv": rows(10, body), "test.csv": rows(4, body) }), plan("csv"));
    const headed = await loaded(freshFolder({ "train.csv": `a,b,class,c,d\n${rows(10, (row) => `0,${row},${row % 2},9,0`)}\n`, "test.csv": `a,b,class,c,d\n${rows(4, (row) => `0,${row},${row % 2},9,0`)}` }), plan("csv"));
    const end = await loaded(freshFolder({ "train.csv": rows(10, (row) => `0,${row},9,0,${row % 2}`), "test.csv": rows(4, (row) => `0,${row},9,0,${row % 2}`) }), plan("csv"));
    expect(headed).toEqual(front);
    expect(end).toEqual(front);
    expect(size(front)).toEqual([2, 2, 1, 2, 8, 2, 4]);
  });

  it("stretches pixels up to 16 to the whole range", async () => {
    const data = await loaded(freshFolder({ "train.csv": rows(10, (row) => `0,16,8,${row},${row % 2}`), "test.csv": rows(4, (row) => `0,16,8,1,${row % 2}`) }), plan("csv"));
    expect([...data.test.images.subarray(0, 4)]).toEqual([0, 255, 128, 16]);
  });

  it("sets a test part aside where there is none, and says so", async () => {
    const result = await loadDataset(plan("csv"), { override: join(freshFolder({ "all.csv": rows(60, (row) => `0,${row},9,0,${row % 2}`) }), "all.csv"), seed: 1 });
    expect(result.ok && size(result.value)).toEqual([2, 2, 1, 2, 40, 10, 10]);
    expect(result.ok && result.warnings.map(({ code, severity }) => [code, severity])).toEqual([["NAS6014", "warning"]]);
  });
});

describe("real data", () => {
  const shared = resolve(process.env["NASC_SHARED"] ?? "../shared", "data");
  const present = existsSync(join(shared, "fashion-mnist"));
  beforeAll(() => { if (!present) console.warn(`SKIPPED: no real data at ${shared}; set NASC_SHARED`); });

  it.skipIf(!present)("Fashion-MNIST is read bit for bit", async () => {
    const data = await loaded(join(shared, "fashion-mnist"), plan("fashion_mnist", { validation: 5000 }));
    expect(size(data)).toEqual([28, 28, 1, 10, 55000, 5000, 10000]);
    const header = Uint8Array.from([0, 0, 8, 3, 0, 0, 0x27, 0x10, 0, 0, 0, 28, 0, 0, 0, 28]);
    expect(createHash("md5").update(header).update(data.test.images).digest("hex")).toBe("8181f5470baa50b63fa0f6fddb340f0a");
    expect(createHash("md5").update(Uint8Array.from([0, 0, 8, 1, 0, 0, 0x27, 0x10])).update(data.test.labels).digest("hex")).toBe("15d484375f8d13e6eb1aabb0c3f46965");
    expect([...new Set(data.validation.labels)].map((label) => data.validation.labels.filter((other) => other === label).length)).toEqual(new Array(10).fill(500));
  });

  it.skipIf(!present)("CIFAR-10 has the published channel means", async () => {
    const data = await loaded(join(shared, "cifar-10"), plan("cifar10", { validation: 0.1 }));
    expect(size(data)).toEqual([32, 32, 3, 10, 9000, 1000, 2000]);
    [0.4918, 0.4825, 0.4478].forEach((mean, channel) => expect(Math.abs(data.mean[channel]! / 255 - mean)).toBeLessThan(0.002));
    [0.2470, 0.2436, 0.2615].forEach((deviation, channel) => expect(Math.abs(data.deviation[channel]! / 255 - deviation)).toBeLessThan(0.002));
  });

  it.skipIf(!present)("the digits have the published class counts", async () => {
    const data = await loaded(join(shared, "digits"), plan("digits", { validation: 0.1 }));
    expect(size(data)).toEqual([8, 8, 1, 10, 3441, 382, 1797]);
    expect(Array.from({ length: 10 }, (_, label) => data.test.labels.filter((other) => other === label).length)).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
  });
});
