/** The predictor's convention in words, for every document that shows its figures. */
import type { Accelerator, PredictorPlan } from "../../ir/plan.js";
import { vectorConvention } from "../vector-unit.js";

const goals: Readonly<Record<PredictorPlan["minimize"], string>> = {
  energy: "the least energy", latency: "the fewest cycles, and of those the least energy", edp: "the least energy times latency", normalised_sum: "the least (E - Emin) / Emax + (L - Lmin) / Lmax over all of them",
};

export function predictedConvention({ minimize, places, groups, pooling, adders, buffer, others }: PredictorPlan, accelerator: Accelerator): readonly string[] {
  const { chunks } = accelerator;
  return [
    `Every layer is predicted by the closed form of DNN-Chip Predictor (RICE-EIC), with which HW-NAS-Bench, ShiftAddNAS and NASA made their figures: for each dataflow a fixed template of loops, all of whose tilings by whole factors are tried; the one with ${goals[minimize]} counts.`,
    "Limits count words of a memory's `width`, whatever the number format: inputs and weights beside an element fill less than their memory, partial sums at most theirs, inputs and partial sums less than the buffer. Energies of accesses go with the bits of a word; a width that a chunk's `precision` states holds for all its layers.",
    places === "count" ? "Used elements are fewer than the array has, whatever its sides; a full array is never used (as published)." : "Used elements are fewer than the array has and fit its sides: reductions across rows, positions across columns, filters across both.",
    "Inputs and weights come from external memory for every layer, inputs and results through the buffer, weights past it; dilation is not seen, and a product of activations moves its second factor once for all heads.",
    groups === "each" ? "Convolutions in groups run one group after the other." : "Convolutions in groups are billed as if there were none (as ShiftAddNAS).",
    pooling === "dense" ? "Pooling that a chunk runs is billed as a dense convolution without arithmetic (as HW-NAS-Bench)." : "Pooling in windows costs nothing on a chunk.",
    ...(adders === "free" ? ["Adder layers pay for nothing outside the registers but partial sums on the array (a premise of ShiftAddNAS)."] : []),
    ...(chunks.length < 2 ? [] : [buffer === "whole" ? "Every layer may fill the whole buffer, also beside layers of other chunks." : "Every layer may fill the part of the buffer that its chunk has."]),
    ...(chunks.some(({ networkEnergy }) => networkEnergy === undefined) ? ["Words on the links of an array without a `network` price cost nothing."] : []),
    others === "free" ? "Vector work, copies and whatever no template covers cost nothing." : "Vector work, copies and whatever no template covers cost their compulsory traffic; activations go to external memory.",
    ...(others === "free" || accelerator.vector === undefined ? [] : [`${vectorConvention(accelerator)}.`]),
    "Latency is that of computing alone; no bandwidth bounds a layer. The way into the buffer is shown with external memory.",
  ];
}
