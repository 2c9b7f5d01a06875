/**
 * The image space of ShiftAddNAS (You et al., ICML 2022) as a program: a resolution carried through sixteen layers, candidates that
 * depend on it, and a list of layer counts. The authors' enumeration gives 198,955,008 networks.
 */
import { describe, expect, it } from "vitest";
import { countOf, decisionsOf, elaborate } from "../ir/elaborate/program.js";

const PATTERNS = `1-1-5-9 1-1-6-8 1-2-4-9 1-2-5-8 1-3-3-9 1-3-4-8 1-4-4-7 1-4-5-6 1-5-5-5 2-2-3-9 2-2-4-8 2-3-3-8 2-3-4-7 2-4-4-6 2-4-5-5
3-3-3-7 3-3-4-6 3-4-4-5 4-4-4-4`.split(/\s+/);

const PROGRAM = `
const PATTERNS = [${PATTERNS.map((pattern) => `[${pattern.replaceAll("-", ", ")}]`).join(", ")}]
space Resolutions {
  input image: f32[56, 56, 3]
  x = image
  level = 3
  for k in 1..16 {
    down  = if k == 1 { choose { 0, 1, 2, 3 } } else { choose { 0, 1 } if level > 0 }
    level = level - down
    width = [1024, 512, 256, 128][level]
    x     = x -> choose kind {
      attention: conv(width, kernel = 1, stride = 2 ^ down) -> attention(heads = 8) if level <= 1
      conv:      conv(width, stride = 2 ^ down)
      shift:     shift(width, stride = 2 ^ down) if level > 0
      add:       add(width, stride = 2 ^ down) if level > 0
    }
  }
  require [count(level == 3), count(level == 2), count(level == 1), count(level == 0)] in PATTERNS
  output y = x
}`;

describe("a resolution carried through sixteen layers", () => {
  it("is proven and has as many networks as the authors enumerate", () => {
    const { space, diagnostics } = elaborate(PROGRAM);
    // Every pattern starts with a layer at 56 pixels, so the first layer never halves.
    expect(diagnostics.map(({ title }) => title)).toEqual(["no architecture takes `1`, `2`, `3` of `down[1]`"]);
    expect(decisionsOf(space!)).toHaveLength(32);
    expect(countOf(space!)).toBe(198_955_008n);
  });
});
