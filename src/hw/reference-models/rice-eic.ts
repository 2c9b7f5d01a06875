/**
 * The closed-form predictor of the RICE-EIC/GATECH-EIC line (DNN-Chip Predictor), with which HW-NAS-Bench, ShiftAddNAS and NASA
 * numbers were made: a fixed loop template per dataflow, factors as small integers. Formulas of our hardware notes 2.7. M output
 * and C input channels, E x F output, R x S kernel, N batch; subscript 3 is external memory, 2 buffer, 1 array, 0 register file.
 */

export interface PredictorLayer {
  readonly kind: "convolution" | "fully_connected";
  readonly batch: number;
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Unpadded input height and width. */
  readonly input: readonly [number, number];
  readonly output: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly stride: number;
}

export type PredictorDataflow = "row_stationary" | "input_stationary" | "weight_stationary" | "output_stationary";

export interface Tiling {
  readonly m0: number; readonly m1: number; readonly m2: number; readonly m3: number;
  readonly c0: number; readonly c1: number; readonly c2: number; readonly c3: number;
  readonly e0: number; readonly e1: number; readonly e3: number;
  readonly f0: number; readonly f1: number; readonly f3: number;
  readonly n0: number; readonly n3: number;
}

/** pJ per word of each tensor: input, weight, output. */
export interface TensorPrices { readonly input: number; readonly weight: number; readonly output: number }

export interface PredictorPrices {
  /** pJ of one innermost point. */
  readonly operation: number;
  readonly dram: TensorPrices;
  readonly buffer: TensorPrices;
  readonly network: TensorPrices;
  readonly registers: TensorPrices;
}

/** Words moved, by level and tensor. */
export interface PredictorWords { readonly dram: TensorPrices; readonly buffer: TensorPrices; readonly network: TensorPrices; readonly registers: TensorPrices }

export const layerPoints = (layer: PredictorLayer): number =>
  layer.batch * layer.inputChannels * layer.outputChannels * layer.output[0] * layer.output[1] * layer.kernel[0] * layer.kernel[1];

/** Copies of the arithmetic a tiling occupies. */
export function usedElements(layer: PredictorLayer, dataflow: PredictorDataflow, t: Tiling): number {
  const [r, s] = layer.kernel;
  switch (dataflow) {
    case "row_stationary": return t.m1 * t.c1 * t.e1 * r;
    case "weight_stationary": return t.c1 * r * s * t.m1 * t.e1 * t.f1;
    case "input_stationary":
    case "output_stationary": return t.m1 * t.c1 * t.e1 * t.f1;
  }
}

export function tilingCycles(layer: PredictorLayer, dataflow: PredictorDataflow, t: Tiling): number {
  const [r, s] = layer.kernel;
  const batch = t.n3 * t.n0;
  switch (dataflow) {
    case "row_stationary": return batch * t.m3 * t.m2 * t.m0 * t.c3 * t.c2 * t.c0 * t.e3 * layer.output[1] * s;
    case "input_stationary": return batch * t.m0 * t.c3 * t.c2 * t.c0 * t.e3 * t.e0 * t.f3 * t.f0 * r * s;
    case "weight_stationary": return batch * t.m3 * t.m2 * t.m0 * t.c3 * t.c2 * t.c0 * t.e0 * t.f0;
    case "output_stationary": return batch * t.m3 * t.m2 * t.m0 * t.c0 * t.e3 * t.e0 * t.f3 * t.f0 * r * s;
  }
}

/** How often each tensor crosses each boundary. The max(..., 1) are the predictor's: an output is billed at least once everywhere. */
export function tilingWords(layer: PredictorLayer, dataflow: PredictorDataflow, t: Tiling): PredictorWords {
  const [h, w] = layer.input;
  const [e, f] = layer.output;
  const [r, s] = layer.kernel;
  const input = layer.batch * h * w * layer.inputChannels;
  const weight = r * s * layer.inputChannels * layer.outputChannels;
  const output = layer.batch * e * f * layer.outputChannels;
  const words = (i: number, k: number, o: number): TensorPrices => ({ input: i * input, weight: k * weight, output: o * output });
  const outer = t.m3 * t.m2;
  const sums = Math.max(2 * t.c3 - 1, 1);
  const buffered = Math.max(2 * t.c3 * (t.c2 - 1), 1);
  const overlapped = (r * s * e * f) / (h * w);
  const U = layer.stride;
  const halo = (t.e3 * ((t.e0 * t.e1 - 1) * U + r) * t.f3 * ((t.f0 * t.f1 - 1) * U + s)) / (h * w);
  switch (dataflow) {
    case "row_stationary": return {
      dram: words(t.m3, t.n3 * t.e3, sums),
      buffer: words(outer, 0, buffered),
      network: words((outer * t.m1 * r * e) / h, t.n3 * t.e3 * t.e1, Math.max(t.c3 * t.c2 * (t.c1 * r - 1), 1)),
      registers: words(outer * t.m1 * t.m0 * overlapped, t.n3 * t.e3 * t.e1 * f * t.n0, Math.max(2 * t.c3 * t.c2 * t.c1 * r * (t.c0 * s - 1), 1)),
    };
    case "input_stationary": return {
      dram: words(1, t.n3 * t.e3 * t.f3, sums),
      buffer: words(1, 0, buffered),
      network: words(t.m1 * halo, t.n3 * t.e3 * t.f3 * t.e1 * t.f1, Math.max(t.c3 * t.c2 * (t.c1 - 1), 1)),
      registers: words(t.m1 * t.m0, layer.batch * e * f, Math.max(2 * t.c3 * t.c2 * t.c1 * (t.c0 * r * s - 1), 1)),
    };
    case "weight_stationary": return {
      dram: words(t.m3, 1, sums),
      buffer: words(outer, 0, buffered),
      network: words(outer * t.m1 * overlapped, t.e1 * t.f1, Math.max(t.c3 * t.c2 * (t.c1 * r * s - 1), 1)),
      registers: words(outer * t.m1 * t.m0 * overlapped, t.e1 * t.f1 * t.e0 * t.f0 * layer.batch, Math.max(2 * t.c3 * t.c2 * t.c1 * r * s * (t.c0 - 1), 1)),
    };
    case "output_stationary": return {
      dram: words(t.m3, t.n3 * t.e3 * t.f3, 1),
      buffer: words(outer, 0, 1),
      network: words(outer * t.m1 * halo, t.n3 * t.e3 * t.f3 * t.e1 * t.f1, Math.max(t.c1 - 1, 1)),
      registers: words(outer * t.m1 * t.m0 * overlapped, layer.batch * e * f, Math.max(2 * t.c1 * (t.c0 * r * s - 1), 1)),
    };
  }
}

const weighed = (words: TensorPrices, prices: TensorPrices): number => words.input * prices.input + words.weight * prices.weight + words.output * prices.output;

/** pJ, by where they are spent. */
export interface PredictorEnergy { readonly operation: number; readonly dram: number; readonly buffer: number; readonly network: number; readonly registers: number }

export const tilingEnergyParts = (layer: PredictorLayer, words: PredictorWords, prices: PredictorPrices): PredictorEnergy => ({
  operation: layerPoints(layer) * prices.operation, dram: weighed(words.dram, prices.dram), buffer: weighed(words.buffer, prices.buffer), network: weighed(words.network, prices.network), registers: weighed(words.registers, prices.registers),
});

/** pJ, without external memory where `withDram` is false (NASA-F records both ways). */
export function tilingEnergy(layer: PredictorLayer, words: PredictorWords, prices: PredictorPrices, withDram = true): number {
  const { operation, dram, buffer, network, registers } = tilingEnergyParts(layer, words, prices);
  return operation + (withDram ? dram : 0) + buffer + network + registers;
}
