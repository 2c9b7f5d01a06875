/** Group normalization: every example over groups of channels and all positions. No running statistics; it may follow an adder layer. */
import { numberOf } from "./attributes.js";
import { writtenShape } from "./guard.js";
import { channelWeight } from "./initializers.js";
import { elements } from "./nests.js";
import type { Operator } from "./operator.js";

export const groupNorm: Operator = {
  name: "group_norm",
  summary: "Normalizes every example over groups of channels and all positions.",
  source: "Wu and He, ECCV 2018.",
  example: "x -> add(32) -> group_norm(groups = 8)",
  category: "normalization",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [
    { name: "groups", summary: "Channels are cut into this many groups.", type: { kind: "integer", minimum: 1 } },
    { name: "epsilon", summary: "Added to the variance.", type: { kind: "number", minimum: 1e-12 }, defaultValue: 1e-5 },
  ],
  shape([input], attributes) {
    if (input!.length < 2) return { problem: "`group_norm` needs positions and channels", detail: `its input is ${writtenShape(input!)}` };
    const [channels, groups] = [input!.at(-1)!, numberOf(attributes, "groups")];
    if (channels % groups !== 0) {
      return { problem: "channels are not divisible by `groups`", detail: `${channels} / ${groups} = ${Number((channels / groups).toFixed(3))}`, help: `use a divisor of ${channels}`, parameter: "groups" };
    }
    return { shape: input! };
  },
  weights: ([input]) => [channelWeight("scale", input!.at(-1)!, 1), channelWeight("offset", input!.at(-1)!, 0)],
  forward({ library, inputs, inputShapes, attributes, weights }) {
    const shape = inputShapes[0]!;
    const [channels, groups] = [shape.at(-1)!, numberOf(attributes, "groups")];
    const x = library.reshape(inputs[0]!, [-1, elements(shape) / channels, groups, channels / groups]);
    const centred = library.subtract(x, library.mean(x, [1, 3], true));
    const variance = library.mean(library.square(centred), [1, 3], true);
    const deviation = library.reciprocalSqrt(library.add(variance, library.scalar(numberOf(attributes, "epsilon"))));
    const normalized = library.reshape(library.multiply(centred, deviation), [-1, ...shape]);
    return library.add(library.multiply(normalized, weights.scale!), weights.offset!);
  },
  workload([input], attributes) {
    const count = elements(input!);
    const channels = input!.at(-1)!;
    // As layer_norm, with one rsqrt a group.
    return { nests: [], vectors: [{ name: "group_norm", adds: 5 * count, multiplies: 3 * count, specials: numberOf(attributes, "groups"), readWords: count + 2 * channels, writeWords: count, fusible: false }] };
  },
};
