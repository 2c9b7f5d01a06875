/**
 * Settings of `convention rice_eic`: the predictor of HW-NAS-Bench, ShiftAddNAS and NASA. The three bill differently what it has no
 * template for; each difference is a named switch.
 */
import type { PredictorPlan } from "../plan.js";
import { word } from "./setting-makers.js";
import type { SettingDescription, Word } from "./setting-types.js";

type Switch = Exclude<keyof PredictorPlan, "minimize">;
type Options<S extends Switch> = readonly (Word & { readonly name: PredictorPlan[S] })[];

/** The first of each is the default. */
export const predictorSwitches: { readonly [S in Switch]: Options<S> } = {
  places: [
    { name: "count", summary: "used elements are fewer than the array has, as published" },
    { name: "sides", summary: "they fit its sides besides: reductions across rows, positions across columns, filters across both" },
  ],
  groups: [
    { name: "each", summary: "one convolution for each group, one after the other, as NASA" },
    { name: "dense", summary: "as if there were no groups, as ShiftAddNAS" },
  ],
  pooling: [
    { name: "free", summary: "costs nothing, as ShiftAddNAS and NASA" },
    { name: "dense", summary: "a convolution of all channels without arithmetic, as HW-NAS-Bench" },
  ],
  adders: [
    { name: "billed", summary: "adder layers pay as others do" },
    { name: "free", summary: "their inputs and weights cost nothing outside the registers, as ShiftAddNAS" },
  ],
  buffer: [
    { name: "whole", summary: "a layer may fill it, as published" },
    { name: "parts", summary: "a layer may fill the `share` of its chunk" },
  ],
  others: [
    { name: "free", summary: "vector work, copies and pooling on no chunk cost nothing, as published" },
    { name: "compulsory", summary: "they cost their work and compulsory traffic on the vector unit" },
  ],
};

const questions: Readonly<Record<Switch, string>> = {
  places: "which elements a tiling may use", groups: "how convolutions in groups are billed", pooling: "how pooling is billed that a chunk runs", adders: "what adder layers pay",
  buffer: "how much of the buffer a layer has", others: "what costs that no template covers",
};

export const switchNames = Object.keys(questions) as readonly Switch[];

const settings: readonly SettingDescription[] = switchNames.map((name) => word(name, questions[name], predictorSwitches[name], predictorSwitches[name][0]!.name));

export const PREDICTOR = "rice_eic";

export const predictorWord: Word = { name: PREDICTOR, summary: "as the closed-form predictor behind HW-NAS-Bench, ShiftAddNAS and NASA: a template per dataflow, all its tilings tried", settings };

export const predictorObjective: Word & { readonly name: "normalised_sum" } = { name: "normalised_sum", summary: "relative energy plus relative latency over all tilings, of `rice_eic`" };
