/** Networks of NASA-F (shihuihong214/NASA-F, search.py) as layers: inverted residuals whose blocks multiply or add (dossier 02). */
import type { NasaLayer, PerOperator } from "../../../src/hw/reference-models/nasa.js";
import type { PredictorLayer } from "../../../src/hw/reference-models/rice-eic.js";

export interface NasaNet {
  readonly widths: readonly number[]; readonly kernels: readonly number[]; readonly expansions: readonly number[]; readonly types: string;
  readonly flops: number; readonly energy: number; readonly latency: number;
}

export const nasaNets: Readonly<Record<string, NasaNet>> = {
  "#0": { widths: [24, 24, 32, 40, 64, 120, 192, 224], kernels: [3, 5, 5, 3, 5, 5, 3], expansions: [1, 5, 6, 4, 4, 6, 6], types: "c|ccccc|cccca|cccaa|caac|cca|ca", flops: 4.83, energy: 0.193, latency: 2.471 },
  "#11": { widths: [24, 16, 24, 40, 64, 120, 192, 216], kernels: [3, 5, 5, 3, 3, 5, 3], expansions: [1, 4, 6, 4, 4, 6, 6], types: "c|ccccc|ccc|ccaaa|caaca|caa|c", flops: 3.133, energy: 0.135, latency: 1.541 },
  "#12": { widths: [24, 16, 24, 40, 64, 120, 192, 216], kernels: [3, 5, 5, 3, 5, 3, 5], expansions: [1, 4, 6, 6, 4, 6, 6], types: "c|ccc|ccc|ccaac|ccaca|caa|c", flops: 3.034, energy: 0.134, latency: 1.447 },
};

const strides = [1, 2, 2, 2, 1, 2, 1];
const squeezes = [false, false, true, false, true, true, true];

function divisible(value: number): number {
  const rounded = Math.max(8, Math.floor((value + 4) / 8) * 8);
  return rounded < 0.9 * value ? rounded + 8 : rounded;
}

interface Block { readonly operator: "multiply" | "add"; readonly from: number; readonly mid: number; readonly to: number; readonly kernel: number; readonly stride: number; readonly size: number; readonly squeeze: number; readonly expands: boolean }

export function blocksOf(net: NasaNet): Block[] {
  let from = net.widths[0]!;
  let size = 32;
  return net.types.split("|").flatMap((types, stage) => [...types].map((type, position): Block => {
    const stride = position === 0 ? strides[stage]! : 1;
    const mid = divisible(Math.round(from * net.expansions[stage]!));
    const block: Block = { operator: type === "a" ? "add" : "multiply", from, mid, to: net.widths[stage + 1]!, kernel: net.kernels[stage]!, stride, size,
      squeeze: squeezes[stage]! ? divisible(Math.floor(mid / 4)) : 0, expands: net.expansions[stage] !== 1 };
    from = block.to;
    size /= stride;
    return block;
  }));
}

/** Multiply-accumulates, two per normalised element, and the squeeze with its biases. */
export function flopsOf(net: NasaNet): PerOperator {
  const total = { multiply: 0, shift: 0, add: 0 };
  for (const { operator, from, mid, to, kernel, stride, size, squeeze, expands } of blocksOf(net)) {
    const out = (size / stride) ** 2;
    total[operator] += (expands ? (from + 2) * mid * size ** 2 : 0) + (kernel ** 2 + 2) * mid * out + (squeeze === 0 ? 0 : 2 * mid * squeeze + squeeze + mid) + (mid + 2) * to * out;
  }
  return total;
}

const convolution = (inputChannels: number, outputChannels: number, kernel: number, size: number, stride: number): PredictorLayer =>
  ({ kind: "convolution", batch: 1, inputChannels, outputChannels, input: [size, size], output: [size / stride, size / stride], kernel: [kernel, kernel], stride });

/** As its simulator bills them: depthwise as one 1-to-1 convolution per channel, the squeeze at full map size. */
export function layersOf(net: NasaNet): NasaLayer[] {
  return blocksOf(net).flatMap(({ operator, from, mid, to, kernel, stride, size, squeeze, expands }): NasaLayer[] => {
    const out = size / stride;
    const layer = (given: PredictorLayer, repeat = 1): NasaLayer => ({ operator, layer: given, repeat });
    return [
      ...(expands ? [layer(convolution(from, mid, 1, size, 1))] : []),
      layer(convolution(1, 1, kernel, size, stride), mid),
      ...(squeeze === 0 ? [] : [layer(convolution(mid, squeeze, 1, out, 1)), layer(convolution(squeeze, mid, 1, out, 1))]),
      layer(convolution(mid, to, 1, out, 1)),
    ];
  });
}
