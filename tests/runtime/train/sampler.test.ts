/** The sampler of training steps: settings of what is adapted per input are drawn like choices, and every draw follows from seed and step. */
import { expect, it } from "vitest";
import { pathSampler } from "../../../src/runtime/sampler.js";
import { programOf } from "../../ir/check/programs.js";

const space = programOf(`space S {
  input image: f32[8, 8, 1]
  width = choose { 4, 8 }
  x = image -> conv(width)
  run = adapt { false, true }
  x = if run { x -> conv(width, kernel = adapt { 1, 3, 5 }) } else { x }
  output classes = x -> global_pool -> dense(3)
}`).spaces.get("S")!;

it("draws widths, and settings with and without the second layer, in all its sizes", () => {
  const drawn = (seed: number): readonly string[] => {
    const netAt = pathSampler(space, seed);
    return Array.from({ length: 80 }, (_, step) => netAt(step).nodes.flatMap((node) => (node.kind === "operator" && node.operator === "conv" ? [`${String(node.shape.at(-1))}/${JSON.stringify(node.attributes.kernel)}`] : [])).join(" "));
  };
  expect([...new Set(drawn(1))].sort()).toEqual([4, 8].flatMap((width) => [`${width}/3`, ...[1, 3, 5].map((kernel) => `${width}/3 ${width}/${kernel}`)]).sort());
  expect(drawn(1)).toEqual(drawn(1));
  expect(drawn(2)).not.toEqual(drawn(1));
});
