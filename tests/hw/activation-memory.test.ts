/** Peak activation memory by hand: who lives how long, what is written in place, and how wide an element is. */
import { describe, expect, it } from "vitest";
import { peakActivations } from "../../src/hw/activation-memory.js";
import { bind } from "../../src/ir/bind.js";
import type { Net } from "../../src/ir/net.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { randomStream } from "../../src/random/stream.js";
import { programOf } from "../ir/check/programs.js";

function netOf(body: string): Net {
  const space = programOf(`space Small {\n  input image: f32[4, 4, 2]\n${body}\n}`).spaces.get("Small")!;
  return bind(space, spaceQueries(space).sampleUniform(randomStream(0, "memory")));
}

/** Elements of a map of 4 x 4 with so many channels. */
const map = (channels: number): number => 16 * channels;

describe("peak activation memory", () => {
  it("of a chain is the greatest pair of neighbours; normalization and activation lie where the layer wrote", () => {
    expect(peakActivations(netOf("  output y = image -> conv(6) -> batch_norm -> relu -> conv(3)"), 8)).toBe(map(6) + map(3));
    expect(peakActivations(netOf("  output y = image -> conv(3) -> conv(6)"), 8)).toBe(map(3) + map(6));
  });

  it("of two branches keeps the input until the second has read it, and the sum lies over a branch", () => {
    // image 2; a 5 while the image lives; b: the image's last reader writes 5 beside a.
    expect(peakActivations(netOf("  a = image -> conv(5)\n  b = image -> conv(5)\n  output y = a + b"), 8)).toBe(map(2) + map(5) + map(5));
    // The wide way (image 2, w 8, then b 2 with both), with a concatenation that needs room of its own: 2 + 2 + 4 less.
    expect(peakActivations(netOf("  b = image -> conv(8) -> conv(2)\n  output y = concat(image, b)"), 8)).toBe(map(2) + map(8) + map(2));
  });

  it("does not write over what somebody reads later", () => {
    // relu(image) needs its own room, for the sum reads the image after it.
    expect(peakActivations(netOf("  a = image -> relu -> conv(2)\n  output y = a + image"), 8)).toBe(map(2) + map(2) + map(2));
  });

  it("holds a tensor at the bits of the layers that read it", () => {
    const narrow = "precision = quantized(activations = 4)";
    expect(peakActivations(netOf(`  output y = image -> conv(6) -> relu -> conv(3, ${narrow})`), 8)).toBe(map(6) / 2 + map(3));
    // Another reader wants all eight.
    expect(peakActivations(netOf(`  a = image -> conv(6)\n  output y = (a -> conv(6, ${narrow})) + (a -> conv(6))`), 8)).toBe(map(6) + map(6) + map(6));
  });
});
