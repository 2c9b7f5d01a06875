/**
 * ViTCoD against dossier 06, "Search space" and the counts of check 06.5; DeiT-Tiny and -Small as counted in dossier 07. Parameters:
 * everything that is trained. Masks (checks 06.1, 06.2, 06.6) cannot be said yet.
 */
import { describe, expect, it } from "vitest";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { oneStep } from "./one-step.js";
import { countsOf, netNamed, readSample } from "./sample.js";

const NAME = "06-vitcod";

describe("06 vitcod", () => {
  it("counts four settings of each of twelve blocks", () => {
    expect(spaceQueries(readSample(NAME).spaces.get("ViTCoD")!).count()).toBe(4n ** 12n);
  });

  // Parameters per block: dossier 06, check 5.
  it.each([[3, 34], [6, 90], [12, 324]])("learns, with %d heads, %d numbers per block to compress queries and keys (06, check 5)", (heads, numbers) => {
    const program = readSample(NAME, { HEADS: String(heads) });
    const plain = countsOf(program, netNamed(program, "DeiT")).params;
    expect(countsOf(program, netNamed(program, "Compress")).params - plain).toBe(12 * numbers);
    expect(countsOf(program, netNamed(program, "Compress_Queries")).params - plain).toBe(6 * numbers);
  });

  it.each([[3, 5_717_416, 1_253_683_200], [6, 22_050_664, 4_598_882_304]])("is DeiT of %d heads with %d parameters and %d MACs where nothing is compressed (07, table)", (heads, params, macs) => {
    const program = readSample(NAME, { HEADS: String(heads) });
    const counts = countsOf(program, netNamed(program, "DeiT"));
    expect([counts.params, counts.macs]).toEqual([params, macs]);
  });

  it("runs one step of 20 networks at a reduced size", async () => {
    expect(await oneStep(NAME, "ViTCoD", { SIDE: "32", HEAD: "8" }, 20)).toEqual([]);
  }, 60_000);
});
