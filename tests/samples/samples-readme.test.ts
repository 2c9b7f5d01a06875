/** samples/README.md is what its generator gives; `UPDATE_SAMPLES_README=1` writes it anew, to be read before it is committed. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inDigitsOf, publishedSamples, reducedSize, reportOf, samplesReadme, sizeText, stillToCome, type SampleReport } from "./samples-table.js";
import { stated } from "./stated.js";

const PATH = "samples/README.md";
const updating = process.env["UPDATE_SAMPLES_README"] !== undefined;
const committed = existsSync(PATH) ? readFileSync(PATH, "utf8") : "";
const reports: SampleReport[] = [];

describe("samples/README.md", () => {
  it.each(publishedSamples())("has the row and the figures of %s", (sample) => {
    const report = reportOf(sample);
    reports.push(report);
    if (updating) return;
    expect(committed.split("\n")).toContain(report.row);
    expect(committed).toContain(report.details);
  });

  it("is the whole of what the generator gives", () => {
    const text = samplesReadme(reports);
    if (updating) writeFileSync(PATH, text);
    expect(readFileSync(PATH, "utf8")).toBe(text);
  });

  it("misses no figure silently", () => {
    expect(reports.filter(({ details }) => details.includes("(missed)")).map(({ sample }) => sample)).toEqual([]);
  });

  it("states nothing of a system without a sample", () => {
    const numbers = publishedSamples().map((sample) => sample.slice(0, 2));
    expect(Object.keys(stated).filter((number) => !numbers.includes(number))).toEqual([]);
  });

  it("writes figures in the digits of the stated one", () => {
    expect([inDigitsOf(3_679_478, "1,000"), inDigitsOf(322_918_600, "322.919 M"), inDigitsOf(4_622_500_000, "4.6 G"), inDigitsOf(167_048_288, "167 M")]).toEqual(["3,679,478", "322.919 M", "4.6 G", "167 M"]);
    expect([sizeText(15_625n), sizeText(5_726_623_061n), sizeText(428_402_028_846_790_283_203_125n)]).toEqual(["15,625", "5,726,623,061", "4.284e23"]);
  });

  it("reads a header for what is missing and for the reduced size", () => {
    expect(stillToCome("A system. Still to come: masks, and training. More.")).toBe("masks, and training");
    expect(stillToCome("A system. Not here yet: the score (0.5 of it). nasc search -D A=1 runs quickly.")).toBe("the score (0.5 of it)");
    expect(stillToCome("As published. Mixed precision is still to come. -D A=1")).toBe("Mixed precision");
    expect(stillToCome("A system.")).toBeUndefined();
    expect(reducedSize("-D WHOLE=true everything -D SIDE=32 -D WIDTH=8 is small enough to train in passing.")).toBe("-D SIDE=32 -D WIDTH=8");
    expect(reducedSize("nasc search -D SIDE=28 runs on images.")).toBe("-D SIDE=28");
  });
});
