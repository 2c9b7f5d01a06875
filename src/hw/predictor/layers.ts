/**
 * Loop nests as layers of the predictor: a convolution keeps its rows, columns and taps, everything else is a fully connected layer whose
 * batch is its positions, as in the published scripts (attention: heads times rows).
 */
import type { PredictorPlan } from "../../ir/plan.js";
import type { IndexExpression, LoopNest } from "../../ops/workload.js";
import { roleOf } from "../dataflows.js";
import type { PredictorLayer } from "../reference-models/rice-eic.js";

export interface PredictedLayer {
  readonly layer: PredictorLayer;
  /** Times that the layer runs, one after the other. */
  readonly repeats: number;
}

const dimensionsOf = (indices: readonly IndexExpression[]): ReadonlySet<string> => new Set(indices.flatMap(({ terms }) => terms.map(({ dimension }) => dimension)));

/** A window that slides over an input: stride * position + dilation * tap. */
interface Sliding { readonly position: string; readonly tap: string; readonly stride: number }

function slidingOf(indices: readonly IndexExpression[]): readonly Sliding[] {
  return indices.flatMap(({ terms: [position, tap] }) => (position === undefined || tap === undefined ? [] : [{ position: position.dimension, tap: tap.dimension, stride: position.coefficient }]));
}

/** Undefined where no template has the form of the nest (a reduction of everything, without weights). */
export function predictedLayer(nest: LoopNest, { groups: grouped }: Pick<PredictorPlan, "groups">): PredictedLayer | undefined {
  const input = nest.tensors.find((tensor) => roleOf(nest, tensor) === "inputs");
  const weight = nest.tensors.find((tensor) => roleOf(nest, tensor) === "weights");
  const output = nest.tensors.find((tensor) => roleOf(nest, tensor) === "outputs");
  if (input === undefined || output === undefined) return undefined;
  const bound = (name: string): number => nest.dimensions.find((dimension) => dimension.name === name)?.bound ?? 1;
  const product = (test: (name: string) => boolean): number => nest.dimensions.reduce((size, { name, bound: of }) => (test(name) ? size * of : size), 1);
  const [inInput, inWeight, inOutput] = [dimensionsOf(input.indices), dimensionsOf(weight?.indices ?? []), dimensionsOf(output.indices)];
  const [rows, columns] = slidingOf(input.indices);

  if (rows !== undefined && columns !== undefined && input.extent !== undefined) {
    const windows = new Set([rows.position, rows.tap, columns.position, columns.tap]);
    const groups = product((name) => !windows.has(name) && inInput.has(name) && inOutput.has(name));
    const channels = product((name) => !windows.has(name) && inInput.has(name) && !inOutput.has(name));
    const filters = product((name) => !windows.has(name) && !inInput.has(name) && inOutput.has(name));
    const dense = weight === undefined || grouped === "dense";
    const across = dense ? groups : 1;
    const size = [bound(rows.position), bound(columns.position)] as const;
    return {
      repeats: dense ? 1 : groups,
      layer: {
        // The template of rows needs two of them on the array; a single row is what it calls a fully connected layer.
        kind: size[0] === 1 ? "fully_connected" : "convolution", batch: 1, inputChannels: channels * across, outputChannels: filters * across,
        input: input.extent, output: size, kernel: [bound(rows.tap), bound(columns.tap)], stride: Math.max(rows.stride, columns.stride),
      },
    };
  }

  if (weight === undefined) return undefined;
  const reduced = product((name) => !inOutput.has(name) && inInput.has(name) && inWeight.has(name));
  const filters = product((name) => inOutput.has(name) && inWeight.has(name) && !inInput.has(name));
  return { repeats: 1, layer: { kind: "fully_connected", batch: nest.points / reduced / filters, inputChannels: reduced, outputChannels: filters, input: [1, 1], output: [1, 1], kernel: [1, 1], stride: 1 } };
}
