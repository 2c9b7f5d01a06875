/**
 * Batch normalization over all axes but the last. Training uses the statistics of the batch and hands them to the runtime, which
 * keeps the running ones; inference uses those. Its cost is zero: at inference it folds into the layer before it (hardware.md 2.1).
 */
import { numberOf } from "./attributes.js";
import { channelWeight } from "./initializers.js";
import type { Operator } from "./operator.js";
import { noWork } from "./workload.js";

export const batchNorm: Operator = {
  name: "batch_norm",
  summary: "Normalizes every channel by the mean and variance of the batch; running statistics at inference.",
  source: "Ioffe and Szegedy, ICML 2015; scale_init = 0 on the last one of a residual branch: Goyal et al. 2017, section 5.1.",
  example: "x -> conv(32) -> batch_norm(scale_init = 0)",
  category: "normalization",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [
    { name: "epsilon", summary: "Added to the variance.", type: { kind: "number", minimum: 1e-12 }, defaultValue: 1e-5 },
    { name: "scale_init", summary: "Where the learned scale starts; 0 makes a residual branch start as nothing.", type: { kind: "number" }, defaultValue: 1 },
  ],
  shape([input]) {
    if (input!.length === 0) return { problem: "`batch_norm` needs a channel axis", detail: "its input is a single number" };
    return { shape: input! };
  },
  weights([input], attributes) {
    const channels = input!.at(-1)!;
    return [
      channelWeight("scale", channels, numberOf(attributes, "scale_init")),
      channelWeight("offset", channels, 0),
      channelWeight("mean", channels, 0, "statistic"),
      channelWeight("variance", channels, 1, "statistic"),
    ];
  },
  forward({ library, inputs, attributes, weights, training, observe }) {
    const { scale, offset, mean, variance } = weights;
    const epsilon = numberOf(attributes, "epsilon");
    if (!training) return library.batchNormInference(inputs[0]!, mean!, variance!, scale!, offset!, epsilon);
    const normalized = library.batchNormTrain(inputs[0]!, scale!, offset!, epsilon);
    observe("mean", normalized.mean);
    observe("variance", normalized.variance);
    return normalized.output;
  },
  workload: () => noWork,
};
