/** NumPy files byte by byte (format 1.0 and 2.0 of numpy.lib.format), and files that are none. */
import { describe, expect, it } from "vitest";
import { readArray } from "../../src/data/npy.js";
import { npy } from "./npy-file.js";

const floats = new Uint8Array(Float32Array.of(0.5, -1, 2, 0.25).buffer);

describe("a NumPy file", () => {
  it.each([1, 2])("is read in format %d", (version) => {
    expect(readArray(npy("<f4", [2, 2], floats, version))).toMatchObject({ ok: true, value: { shape: [2, 2], boolean: false, values: Float32Array.of(0.5, -1, 2, 0.25) } });
  });

  it("may hold booleans or doubles", () => {
    expect(readArray(npy("|b1", [3], Uint8Array.of(1, 0, 1)))).toMatchObject({ ok: true, value: { shape: [3], boolean: true, values: Uint8Array.of(1, 0, 1) } });
    expect(readArray(npy("<f8", [1], new Uint8Array(Float64Array.of(0.1).buffer)))).toMatchObject({ ok: true, value: { shape: [1], boolean: false, values: Float64Array.of(0.1) } });
  });

  it.each([
    ["it does not begin", new Uint8Array(0)], ["it does not begin", Uint8Array.from(Buffer.from("PK\u0003\u0004 something else"))], ["names no type", Uint8Array.from([0x93, ...Buffer.from("NUMPY"), 1, 0, 9, 0])],
    ["`|O`", npy("|O", [1], floats)], ["`>f4`", npy(">f4", [2, 2], floats)], ["Fortran", npy("<f4", [2, 2], floats, 1, true)], ["16 bytes for 5", npy("<f4", [5], floats)], ["names no type", npy("<f4", [2, 2], floats, 2).subarray(0, 11)],
  ] as const)("is refused: %s", (why, bytes) => {
    const read = readArray(bytes);
    expect(read.ok ? "" : read.diagnostics[0]!.why).toContain(why);
  });
});
