/** The T0 networks of ShiftAddNAS as its energy script lists them: positional convolutions billed dense, squeeze layers as classifiers (dossier 01). */
import type { ShiftAddOperator } from "../../../src/hw/reference-models/rice-eic-presets.js";
import type { PredictorLayer } from "../../../src/hw/reference-models/rice-eic.js";

/** The record file a layer is listed in. */
export type RecordKind = "conv" | "shift" | "add" | "linear" | "matmul";
export interface RecordedLayer { readonly record: RecordKind; readonly operator: ShiftAddOperator; readonly layer: PredictorLayer }

/** By stage: 0 attention, 1 convolution, 2 adder, 3 shift. */
export const mixV3 = [[1, 1], [1, 1, 1, 1], [3, 1, 0, 2, 2], [0, 0, 1, 0, 0]];
export const mixV4 = [[1, 1], [1, 3, 1, 1], [3, 1, 0, 3, 3], [0, 0, 1, 0, 0]];

const widths = [256, 512, 1024, 2048];

const convolution = (inputChannels: number, outputChannels: number, kernel: number, input: number, stride = 1): PredictorLayer =>
  ({ kind: "convolution", batch: 1, inputChannels, outputChannels, input: [input, input], output: [input / stride, input / stride], kernel: [kernel, kernel], stride });
const connected = (batch: number, inputChannels: number, outputChannels: number): PredictorLayer =>
  ({ kind: "fully_connected", batch, inputChannels, outputChannels, input: [1, 1], output: [1, 1], kernel: [1, 1], stride: 1 });
const multiplying = (record: RecordKind, layer: PredictorLayer): RecordedLayer => ({ record, operator: "multiply", layer });

/** A bottleneck: shortcut where shapes change, 1x1, positional 3x3 (with the stride), then 3x3 or attention, then 1x1. */
function block(kind: number, from: number, to: number, size: number, stride: number): RecordedLayer[] {
  const [record, operator] = ([["conv", "multiply"], ["conv", "multiply"], ["add", "add"], ["shift", "shift"]] as const)[kind]!;
  const own = (layer: PredictorLayer): RecordedLayer => ({ record, operator, layer });
  const mid = to / 4;
  const out = size / stride;
  const head = [...(from === to ? [] : [own(convolution(from, to, 1, out))]), own(convolution(from, mid, 1, size)), own(convolution(mid, mid, 3, size, stride))];
  const tail = own(convolution(mid, to, 1, out));
  if (kind !== 0) return [...head, own(convolution(mid, mid, 3, out)), tail, multiplying("conv", connected(1, to, to / 16)), multiplying("conv", connected(1, to / 16, to))];
  // Values times attention is listed transposed: rows are the heads' channels.
  const tokens = out ** 2;
  const heads = mid / 64;
  return [...head, own(convolution(mid, 3 * mid, 1, out)), multiplying("matmul", connected(heads * tokens, 64, tokens)), multiplying("matmul", connected(heads * 64, tokens, tokens)), tail];
}

export function t0Layers(network: readonly (readonly number[])[], resolution: number): RecordedLayer[] {
  let from = 64;
  let size = resolution / 4;
  const stem: PredictorLayer = { ...convolution(3, 64, 7, resolution, 2) };
  const body = network.flatMap((stage, number) => stage.flatMap((kind, position) => {
    const stride = number > 0 && position === 0 ? 2 : 1;
    const layers = block(kind, from, widths[number]!, size, stride);
    from = widths[number]!;
    size /= stride;
    return layers;
  }));
  return [multiplying("conv", stem), ...body, multiplying("linear", connected(1, 2048, 1000)), multiplying("linear", connected(1, 2048, 1000))];
}
