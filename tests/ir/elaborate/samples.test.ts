/** The programs of the repository elaborate without a finding, and have as many networks as can be counted on paper. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { countOf, elaborate, operatorsOf, pathsOf, sound } from "./program.js";

const sample = (name: string): ReturnType<typeof elaborate> => elaborate(readFileSync(`samples/${name}.nas`, "utf8"));

describe("samples", () => {
  it("elaborates the quickstart: 3 widths, 6 candidates in each of 2 or 3 rounds", () => {
    const space = sound(sample("quickstart"));
    expect(pathsOf(space)).toEqual([
      "width", "depth", "mix[1]", "mix[1].kernel", "mix[1].heads", "mix[2]", "mix[2].kernel", "mix[2].heads", "mix[3]", "mix[3].kernel", "mix[3].heads",
    ]);
    expect(countOf(space)).toBe(3n * (6n ** 2n + 6n ** 3n));
  });

  it("elaborates the rank check: 3 candidates in 4 rounds", () => {
    expect(countOf(sound(sample("rank-check")))).toBe(81n);
  });

  it("elaborates the hybrid space: 6 candidates per block on 14x14, 10 on 7x7, where attention may stand", () => {
    const space = sound(sample("hybrid-fashion"));
    const first = 6n + 6n ** 2n + 6n ** 3n;
    const second = 10n + 10n ** 2n + 10n ** 3n;
    expect(countOf(space)).toBe(2n * 3n * first * 2n * second);
    expect(operatorsOf(space).filter((name) => name === "attention")).toHaveLength(3);
    expect(pathsOf(space)).toContain("mix#2[1].kind");
  });
});
