/** A list that grows in elastic loops has as many alternatives as decisions leave, and not twice as many with every round. */
import { expect, it } from "vitest";
import { bind } from "../../../src/ir/bind.js";
import { spaceQueries } from "../../../src/ir/space-queries.js";
import { programOf } from "../check/programs.js";

const PROGRAM = `space Growing {
  input image: f32[8, 8, 2]
  depth = choose 1..6
  x = image
  memory = [image]
  for i in 1..6 { for j in 1..depth {
    x = x -> conv(2)
    memory = memory + [x]
  } }
  output classes = (x + memory[5]) -> global_pool -> dense(3)
}`;

it("is checked, counted and bound", () => {
  const space = programOf(PROGRAM).spaces.get("Growing")!;
  expect(spaceQueries(space).count()).toBe(6n);
  for (let depth = 1; depth <= 6; depth++) {
    const { nodes } = bind(space, [depth - 1]);
    const convolutions = nodes.flatMap((node) => (node.kind === "operator" && node.operator === "conv" ? [node.id] : []));
    expect(convolutions).toHaveLength(6 * depth);
    const sum = nodes.find((node) => node.kind === "operator" && node.operator === "plus");
    // The sixth element, the image counted, is what the fifth convolution gives.
    expect(sum?.kind === "operator" ? sum.inputs : []).toEqual([convolutions.at(-1), convolutions[4]]);
  }
});
