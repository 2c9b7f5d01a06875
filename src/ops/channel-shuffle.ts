/**
 * Mixes channel groups: channels written as [groups, c / groups] are read as [c / groups, groups], so that the next grouped layer
 * sees channels of every group.
 */
import { numberOf } from "./attributes.js";
import { elements } from "./nests.js";
import type { Operator } from "./operator.js";

export const channelShuffle: Operator = {
  name: "channel_shuffle",
  summary: "Interleaves the channels of `groups` groups.",
  source: "Zhang et al., ShuffleNet, CVPR 2018, section 3.1",
  example: "x -> conv(64, kernel = 1, groups = 4) -> channel_shuffle(4)",
  category: "shape",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [{ name: "groups", summary: "Number of groups; divides the channels.", type: { kind: "integer", minimum: 1 } }],
  shape([input], attributes) {
    if (input!.length === 0) return { problem: "`channel_shuffle` needs a channel axis", detail: "its input is a single number" };
    const channels = input!.at(-1)!;
    const groups = numberOf(attributes, "groups");
    if (channels % groups !== 0) return { problem: `${groups} groups cannot share ${channels} channels`, detail: `channels ${channels} % groups ${groups} = ${channels % groups}`, parameter: "groups" };
    return { shape: input! };
  },
  weights: () => [],
  forward({ library, inputs, outputShape, attributes }) {
    const channels = outputShape.at(-1)!;
    const groups = numberOf(attributes, "groups");
    const grouped = library.reshape(inputs[0]!, [-1, elements(outputShape) / channels, groups, channels / groups]);
    return library.reshape(library.transpose(grouped, [0, 1, 3, 2]), [-1, ...outputShape]);
  },
  workload: ([input]) => ({ nests: [], vectors: [{ name: "copy", readWords: elements(input!), writeWords: elements(input!), fusible: true }] }),
};
