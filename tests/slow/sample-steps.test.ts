/** One step of the samples whose networks stay large at every size that their constants allow: a hundred layers of many widths. */
import { describe, expect, it } from "vitest";
import { oneStep } from "../samples/one-step.js";

describe("one step at a reduced size", () => {
  it("19-zendet", async () => {
    expect(await oneStep("19-zendet", "Detector", { HEIGHT: "32", WIDTH: "32", SHRINK: "4", MACS: "10M" }, 2)).toEqual([]);
  }, 300_000);

  it.each(["RevCol", "Supervised"])("20-revcol, %s", async (space) => {
    expect(await oneStep("20-revcol", space, { SIDE: "32", CLASSES: "10", UNIT: "1" }, 2)).toEqual([]);
  }, 300_000);
});
