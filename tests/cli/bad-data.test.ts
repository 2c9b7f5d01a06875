/** Bad data through the real command line: a code, the documented exit code, and nothing written over. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inTemporaryFolder, nasc, TINY, writeProgram } from "./run-cli.js";

/** An IDX file: magic 00 00 08 rank, big-endian sizes, bytes. */
function idx(sizes: readonly number[], values: Uint8Array, magic = 0x0800): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(magic + sizes.length, 0);
  sizes.forEach((size, index) => header.writeUInt32BE(size, 4 + 4 * index));
  return Buffer.concat([header, values]);
}

const COUNT = 200;
const labels = (highest = 9): Uint8Array => Uint8Array.from({ length: COUNT }, (_, row) => (row === 7 ? highest : row % 10));
const images = new Uint8Array(COUNT * 28 * 28).map((_, at) => at % 251);

function writeSet(folder: string, files: { readonly images?: Buffer; readonly labels?: Buffer }): string {
  const data = join(folder, "data");
  mkdirSync(data);
  for (const part of ["train", "t10k"]) {
    writeFileSync(join(data, `${part}-images-idx3-ubyte`), files.images ?? idx([COUNT, 28, 28], images));
    writeFileSync(join(data, `${part}-labels-idx1-ubyte`), files.labels ?? idx([COUNT], labels()));
  }
  return data;
}

const cases: readonly { readonly name: string; readonly code: string; readonly files: { readonly images?: Buffer; readonly labels?: Buffer } }[] = [
  { name: "a truncated image file", code: "NAS6005", files: { images: idx([COUNT, 28, 28], images.subarray(0, 1000)) } },
  { name: "a wrong magic number", code: "NAS6004", files: { images: idx([COUNT, 28, 28], images, 0x1200) } },
  { name: "fewer labels than images", code: "NAS6006", files: { labels: idx([COUNT - 1], labels().subarray(1)) } },
  { name: "a label out of range", code: "NAS6007", files: { labels: idx([COUNT], labels(12)) } },
  { name: "images of another size", code: "NAS6015", files: { images: idx([COUNT, 14, 56], images) } },
];

describe("bad data", () => {
  for (const { name, code, files } of cases) {
    it(`${name} is ${code}`, () => inTemporaryFolder(async (folder) => {
      const out = join(folder, "run");
      const result = await nasc("search", writeProgram(folder, TINY.replace("limit 400  validation 100", "validation 100")), "--data", writeSet(folder, files), "--out", out);
      expect([result.code, result.stdout]).toEqual([4, ""]);
      expect(result.stderr).toContain(code);
      expect(result.stderr).not.toMatch(/\n\s+at /);
      expect(existsSync(join(out, "study.sqlite"))).toBe(false);
    }));
  }

  it("good data of the same make is searched", () => inTemporaryFolder(async (folder) => {
    const program = writeProgram(folder, TINY.replace("limit 400  validation 100", "validation 100").replace("population 6  generations 3", "population 4  generations 1"));
    expect((await nasc("search", program, "--data", writeSet(folder, {}), "--out", join(folder, "run"), "--quiet")).code).toBe(0);
  }), 60_000);

  it("a missing folder names what lies near", () => inTemporaryFolder(async (folder) => {
    writeSet(folder, {});
    const result = await nasc("search", writeProgram(folder), "--data", join(folder, "dta"), "--out", join(folder, "run"));
    expect(result.code).toBe(4);
    expect(result.stderr).toContain("NAS6001");
    expect(result.stderr).toContain("data");
  }));
});
