/** Units: every suffix parses, writes back and says what it measures. */
import { describe, expect, it } from "vitest";
import { unitSuffixes as lexedSuffixes } from "../../../src/parser/units.js";
import { dimensionWithUnits, formatQuantity, nearUnits, parseUnit, unitSuffixes } from "../../../src/ir/units.js";

describe("units", () => {
  it("resolves suffixes to base units", () => {
    expect(parseUnit("ms")).toEqual({ dimension: "time", factor: 1e-3 });
    expect(parseUnit("KB")).toEqual({ dimension: "bytes", factor: 1024 });
    expect(parseUnit("K")).toEqual({ dimension: "count", factor: 1000 });
    expect(parseUnit("")).toEqual({ dimension: "count", factor: 1 });
    expect(parseUnit("GBps")).toEqual({ dimension: "bandwidth", factor: 1e9 });
  });

  it("knows every suffix that the lexer accepts", () => {
    expect([...lexedSuffixes].filter((suffix) => parseUnit(suffix) === undefined)).toEqual([]);
  });

  it("knows nothing of other suffixes, inherited names included", () => {
    for (const suffix of ["kb", "sec", "constructor", "toString", "__proto__"]) expect(parseUnit(suffix)).toBeUndefined();
  });

  it("finds units that were meant", () => {
    expect(nearUnits("kb")[0]).toBe("KB");
    expect(nearUnits("mhz")[0]).toBe("MHz");
  });

  it("writes one of each unit as that unit", () => {
    for (const suffix of unitSuffixes) {
      const { dimension, factor } = parseUnit(suffix)!;
      expect(formatQuantity(factor, dimension)).toBe(`1${suffix}`);
    }
  });

  it("writes values for people", () => {
    expect(formatQuantity(0.002, "time")).toBe("2ms");
    expect(formatQuantity(108 * 1024, "bytes")).toBe("108KB");
    expect(formatQuantity(0, "energy")).toBe("0J");
    expect(formatQuantity(12, "count")).toBe("12");
    expect(dimensionWithUnits("bytes")).toBe("a size in bytes (B, KB, MB, GB, TB)");
  });
});
