/** The timeline of chunks: as a picture of its own and in a page, to scale, with nothing unescaped. */
import { describe, expect, it } from "vitest";
import { createCostModel } from "../../src/hw/cost-model.js";
import { pipelineOf } from "../../src/hw/pipeline/pipeline.js";
import { bind } from "../../src/ir/bind.js";
import { timelineFigure, timelinePicture } from "../../src/report/timeline-figure.js";
import { programOf } from "../ir/check/programs.js";

const plan = programOf(`
import { NasaLike } from "std/accelerators"
space S { input x: f32[16, 16, 8]  y = x -> conv(16, kernel = 3) -> shift(16, kernel = 3) -> add(16, kernel = 3) -> conv(32, kernel = 3)  output z = y -> global_pool -> dense(10) }
search Main { space S on NasaLike  minimize energy }`).searches.get("Main")!;
const model = createCostModel(plan.accelerator);
const cost = model.netCost(bind(plan.space, []));
const pipeline = pipelineOf(model, cost)!;

const numbers = (picture: string, pattern: RegExp): number[] => [...picture.matchAll(pattern)].map((match) => Number(match[1]));

describe("the timeline", () => {
  const picture = timelinePicture(pipeline, cost.rows, "S & <Chip>");

  it("is a document whose layers are as long as they take", () => {
    expect(picture.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg"')).toBe(true);
    expect(picture).toContain("<title>S &amp; &lt;Chip&gt;</title>");
    expect(picture).not.toContain("class=");
    expect(picture).not.toContain("NaN");
    // Blue are the multiplying ones: two convolutions and the classifier.
    const widths = numbers(picture, /fill="#0072b2" fill-opacity="0.55" x="[\d.]+" y="[\d.]+" width="([\d.]+)"/g);
    const latencies = cost.rows.filter(({ chunk }) => chunk === "mac").map(({ latency }) => latency);
    expect(widths.length).toBe(latencies.length);
    const scale = widths[0]! / latencies[0]!;
    widths.forEach((width, index) => { if (width > 5) expect(Math.abs(width / scale / latencies[index]! - 1)).toBeLessThan(0.05); });
    expect(picture).toContain(`limited by ${pipeline.limitedBy}`);
  });

  it("has a lane for every chunk, what else is busy, and the external memory", () => {
    for (const name of ["mac", "shift", "adder", "vector unit", "input, output", "external memory"]) expect(picture).toContain(`>${name}</text>`);
    const ends = numbers(picture, /text-anchor="end">(\d+) × \d+/g);
    expect(ends).toEqual([8, 8, 8]);
  });

  it("is a figure of the page, described, in the page's colours", () => {
    const { markup } = timelineFigure(pipeline, cost.rows);
    expect(markup).toContain('class="family shift"');
    expect(markup).toContain("A result comes every");
    expect(markup).not.toContain('fill="#');
  });

  it("is none where one chunk runs everything", () => {
    const single = { ...plan.accelerator, chunks: plan.accelerator.chunks.slice(0, 1) };
    const alone = createCostModel(single);
    expect(pipelineOf(alone, alone.netCost(bind(plan.space, [])))).toBeUndefined();
  });
});
