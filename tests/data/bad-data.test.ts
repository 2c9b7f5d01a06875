import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadDataset } from "../../src/data/load.js";
import type { Diagnostic } from "../../src/diagnostics/model.js";
import type { DataPlan } from "../../src/ir/plan.js";
import { cifarBatch, freshFolder, gzip, idx, idxFolder, idxPair, plan } from "./files.js";

async function problem(path: string | undefined, dataPlan: DataPlan = plan("pictures")): Promise<Diagnostic> {
  const result = await loadDataset(dataPlan, { ...(path === undefined ? {} : { override: path }), seed: 1 });
  if (result.ok) throw new Error("accepted");
  expect(result.diagnostics.length).toBe(1);
  const found = result.diagnostics[0]!;
  expect(found.title.length).toBeLessThanOrEqual(70);
  return found;
}

/** The code, and facts that the explanation must state. */
async function expectProblem(path: string | undefined, code: string, facts: readonly string[], dataPlan?: DataPlan): Promise<void> {
  const found = await problem(path, dataPlan);
  expect(`${found.code} ${found.title}`).toContain(code);
  for (const fact of facts) expect(`${found.title}\n${found.why}\n${found.help}`).toContain(fact);
}

const csv = (...lines: readonly string[]): string => join(freshFolder({ "train.csv": lines.join("\n") }), "train.csv");
const pixels = (label: number | string): string => `0,1,2,3,${label}`;

describe("what is wrong with data is told with its code, file and numbers", () => {
  it("a missing path, with names nearby", async () => {
    const folder = freshFolder({ "fashion-mnist": "x" });
    await expectProblem(join(folder, "fashion-mnits"), "NAS6001", ["`fashion-mnits` does not exist", "`fashion-mnist`"]);
    await expectProblem(join(folder, "no", "such"), "NAS6001", ["does not exist"]);
  });

  it("a path below a file", async () => {
    await expectProblem(join(freshFolder({ a: "x" }), "a", "b"), "NAS6001", ["does not exist"]);
  });

  it("a file that cannot be read", async () => {
    const folder = freshFolder();
    mkdirSync(join(folder, "train.csv"));
    await expectProblem(folder, "NAS6002", ["`train.csv` cannot be read", "EISDIR"]);
    symlinkSync("loop.csv", join(folder, "loop.csv"));
    await expectProblem(join(folder, "loop.csv"), "NAS6002", ["ELOOP"]);
  });

  it.skipIf(process.getuid?.() === 0)("a file without permission", async () => {
    const path = csv(pixels(0), pixels(1));
    chmodSync(path, 0o000);
    await expectProblem(path, "NAS6002", ["EACCES"]);
  });

  it("an unknown format", async () => {
    await expectProblem(freshFolder({ "notes.md": "hello", "a.png": "x" }), "NAS6003", ["notes.md", "known are IDX"]);
    await expectProblem(join(freshFolder({ "data.xyz": "abcd" }), "data.xyz"), "NAS6003", ["61 62 63 64"]);
  });

  it("a declared format that is not there", async () => {
    await expectProblem(undefined, "NAS6003", ["holds no cifar data"], plan("cifar", { path: idxFolder() }));
  });

  it("a wrong magic number", async () => {
    await expectProblem(idxFolder({ "train-images-idx3-ubyte": idx(1234, [30, 4, 4], new Uint8Array(480)) }), "NAS6004", ["expected the number 2051", "found 1234", "train-images-idx3-ubyte"]);
  });

  it("images and labels swapped", async () => {
    const { images, labels } = idxPair(30);
    await expectProblem(idxFolder({ "train-images-idx3-ubyte": labels, "train-labels-idx1-ubyte": images }), "NAS6004", ["2049 marks labels"]);
  });

  it("a truncated IDX file, in its data and in its header", async () => {
    const { images } = idxPair(30);
    await expectProblem(idxFolder({ "train-images-idx3-ubyte": images.subarray(0, 400) }), "NAS6005", ["30 x 4 x 4", "496", "found 400"]);
    await expectProblem(idxFolder({ "train-images-idx3-ubyte": images.subarray(0, 10) }), "NAS6005", ["header of 16 bytes", "found 10"]);
    await expectProblem(idxFolder({ "train-images-idx3-ubyte": images.subarray(0, 2) }), "NAS6005", ["found 2"]);
  });

  it("a test file that is truncated", async () => {
    await expectProblem(idxFolder({ "t10k-labels-idx1-ubyte": idxPair(12).labels.subarray(0, 15) }), "NAS6005", ["t10k-labels-idx1-ubyte", "found 15"]);
  });

  it("a truncated and a damaged gzip file", async () => {
    const packed = gzip(idxPair(30).images);
    const folder = (bytes: Uint8Array): string => freshFolder({ "train-images-idx3-ubyte.gz": bytes, "train-labels-idx1-ubyte": idxPair(30).labels });
    await expectProblem(folder(packed.subarray(0, packed.length - 20)), "NAS6005", ["gzip stream ends"]);
    const damaged = packed.slice();
    damaged.fill(0xff, 12, 60);
    await expectProblem(folder(damaged), "NAS6010", ["damaged gzip"]);
  });

  it("bytes left over", async () => {
    const { labels } = idxPair(30);
    await expectProblem(idxFolder({ "train-labels-idx1-ubyte": Uint8Array.from([...labels, 1, 2]) }), "NAS6009", ["38 bytes", "found 40"]);
  });

  it("images and labels that differ in number", async () => {
    await expectProblem(idxFolder({ "train-labels-idx1-ubyte": idxPair(29).labels }), "NAS6006", ["30 images", "29 labels"]);
  });

  it("labels out of range", async () => {
    const wild = Array.from({ length: 30 }, (_, row) => (row === 17 ? 200 : row % 3));
    await expectProblem(idxFolder({ "train-labels-idx1-ubyte": idx(2049, [30], wild) }), "NAS6007", ["record 17 has label 200", "0..2"]);
    await expectProblem(idxFolder({ "train-labels-idx1-ubyte": idx(2049, [30], wild.map((label) => (label % 3) + 1)) }), "NAS6007", ["labels start at 0"]);
    await expectProblem(idxFolder({ "t10k-labels-idx1-ubyte": idxPair(12, 4).labels }), "NAS6007", ["record 3 has label 3", "0..2"]);
    const batch = cifarBatch(10);
    batch[3 * 3073] = 11;
    await expectProblem(freshFolder({ "data_batch_1.bin": batch }), "NAS6007", ["record 3 has label 11", "0..9"]);
    await expectProblem(csv(pixels(0), pixels(1), pixels(300)), "NAS6007", ["line 3", "300"]);
    await expectProblem(csv(pixels(0), pixels(0)), "NAS6007", ["single class"]);
  });

  it("empty files, folders and parts", async () => {
    await expectProblem(freshFolder(), "NAS6008", ["empty folder"]);
    await expectProblem(idxFolder({ "train-images-idx3-ubyte": "" }), "NAS6008", ["0 bytes"]);
    await expectProblem(idxFolder({ "train-images-idx3-ubyte": idx(2051, [0, 4, 4], []) }), "NAS6008", ["0 x 4 x 4"]);
    await expectProblem(csv("a,b,c,d,label"), "NAS6008", ["header and no row"]);
    await expectProblem(idxFolder(), "NAS6008", ["empty validation"], plan("idx", { validation: 0 }));
    await expectProblem(undefined, "NAS6008", ["limit 5"], plan("glyphs", { limit: 5 }));
  });

  it("wrong sizes", async () => {
    await expectProblem(idxFolder({ "t10k-images-idx3-ubyte": idx(2051, [12, 2, 8], new Uint8Array(192)) }), "NAS6009", ["expected 4x4x1", "found 2x8x1"]);
    await expectProblem(freshFolder({ "data_batch_1.bin": cifarBatch(3).subarray(0, 5000) }), "NAS6005", ["3,073", "5,000"]);
    await expectProblem(csv(pixels(0), "1,2,3"), "NAS6009", ["line 2 has 3 columns; expected 5"]);
    await expectProblem(csv("1,2,3,4,5,0", "1,2,3,4,5,1"), "NAS6009", ["5 pixels"]);
  });

  it("cells that are no numbers, or outside the range", async () => {
    await expectProblem(csv(pixels(0), pixels("cat")), "NAS6011", ["line 2, column 5", "cat"]);
    await expectProblem(csv(pixels(0), "0,1,,3,1"), "NAS6011", ["line 2, column 3"]);
    await expectProblem(csv(pixels(0), "0,1,999,3,1"), "NAS6011", ["line 2, column 3: found 999"]);
    await expectProblem(csv(pixels(0), "0,1,-2,3,1"), "NAS6011", ["found -2"]);
    await expectProblem(csv(pixels(0), pixels(0.5)), "NAS6011", ["not whole"]);
  });

  it("a named data set without a path", async () => {
    await expectProblem(undefined, "NAS6012", ["`fashion_mnist` needs a path", "--data"], plan("fashion_mnist"));
  });

  it("a validation part that takes everything", async () => {
    await expectProblem(idxFolder(), "NAS6013", ["30 examples", "30 training"], plan("idx", { validation: 30 }));
  });

  it("half a pair, or no training part", async () => {
    const { images } = idxPair(30);
    await expectProblem(freshFolder({ "train-images-idx3-ubyte": images, "train-lables-idx1-ubyte": "x" }), "NAS6016", ["`train-labels-idx1-ubyte` is missing", "train-lables-idx1-ubyte"]);
    await expectProblem(freshFolder({ "t10k-images-idx3-ubyte": images, "t10k-labels-idx1-ubyte": idxPair(30).labels }), "NAS6016", ["no training part"]);
    await expectProblem(freshFolder({ "test_batch.bin": cifarBatch(10) }), "NAS6016", ["no training batch"]);
  });

  it("random bytes under every name are refused, never thrown at", async () => {
    let state = 12345;
    const noise = (length: number): Uint8Array => Uint8Array.from({ length }, () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 24);
    for (let round = 0; round < 150; round++) {
      const bytes = noise(1 + (round * 37) % 3000);
      if (round % 3 === 0) bytes.set([0, 0, 8, 3].slice(0, bytes.length));
      const result = await loadDataset(plan("any"), { override: freshFolder({ [["train-images-idx3-ubyte", "a.bin", "train.csv"][round % 3]!]: bytes, "train-labels-idx1-ubyte": noise(40) }), seed: 1 });
      expect(result.ok).toBe(false);
    }
  });
});
