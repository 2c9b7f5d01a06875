/** One step of the detection backbones of samples/19-zendet.nas: a hundred layers of many widths take a minute. */
import { expect, it } from "vitest";
import { oneStep } from "../samples/one-step.js";

it("19-zendet runs one step at a reduced size", async () => {
  expect(await oneStep("19-zendet", "Detector", { HEIGHT: "32", WIDTH: "32", SHRINK: "4", MACS: "10M" }, 2)).toEqual([]);
}, 300_000);
