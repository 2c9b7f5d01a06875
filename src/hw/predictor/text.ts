/**
 * A predicted tiling as nested loops. The template says which memory a loop belongs to and how often words cross; within one memory its
 * counts know no order, so loops stand there in the order of the dimensions.
 */
import type { PredictedNest } from "./predictor.js";

interface Loop { readonly dimension: string; readonly bound: number; readonly parallel: boolean }

interface Place { readonly heading: string; readonly flat: string; readonly loops: readonly Loop[] }

/** From the outside in: n batch, m filters, c channels, e and f output rows and columns, r and s taps. */
function places({ dataflow, layer: { kernel: [r, s] }, tiling: t, memories: names }: PredictedNest): readonly Place[] {
  const loops = (bounds: readonly (readonly [string, number])[], parallel = false): readonly Loop[] => bounds.filter(([, bound]) => bound > 1).map(([dimension, bound]) => ({ dimension, bound, parallel }));
  const across: readonly (readonly [string, number])[] = dataflow === "row_stationary" ? [["r", r]] : dataflow === "weight_stationary" ? [["r", r], ["s", s]] : [];
  const taps: readonly (readonly [string, number])[] = dataflow === "row_stationary" ? [["s", s]] : dataflow === "weight_stationary" ? [] : [["r", r], ["s", s]];
  return [
    { heading: `${names.dram} keeps everything`, flat: names.dram, loops: loops([["n", t.n3], ["m", t.m3], ["c", t.c3], ["e", t.e3], ["f", t.f3]]) },
    { heading: `${names.buffer} keeps inputs and partial sums; weights pass it by`, flat: names.buffer, loops: loops([["m", t.m2], ["c", t.c2]]) },
    { heading: "array", flat: "array", loops: loops([["m", t.m1], ["c", t.c1], ["e", t.e1], ["f", t.f1], ...across], true) },
    { heading: `${[names.inputs, names.weights, names.sums].join(", ")} beside each element`, flat: "element", loops: loops([["n", t.n0], ["m", t.m0], ["c", t.c0], ["e", t.e0], ["f", t.f0], ...taps]) },
  ];
}

export function printTilingFlat(predicted: PredictedNest): string {
  return places(predicted).flatMap(({ flat, loops }) => (loops.length === 0 ? [] : [`${flat}: ${loops.map(({ dimension, bound }) => `${dimension} ${bound}`).join(", ")}`])).join(" | ");
}

export function printTiling(predicted: PredictedNest): readonly string[] {
  const lines: string[] = [];
  let depth = 0;
  const put = (text: string): void => { lines.push(`${"  ".repeat(depth)}${text}`); };
  if (predicted.repeats > 1) {
    put(`for group in 0..${predicted.repeats}`);
    depth++;
  }
  for (const { heading, loops } of places(predicted)) {
    put(`-- ${heading}`);
    for (const { dimension, bound, parallel } of loops) {
      put(`${parallel ? "parallel for" : "for"} ${dimension} in 0..${bound}`);
      depth++;
    }
  }
  put("compute");
  return lines;
}
