/** The arrays and prices three papers used with the RICE-EIC predictor: HW-NAS-Bench, ShiftAddNAS and NASA, as coded there. */
import type { PredictorPrices, TensorPrices } from "./rice-eic.js";
import type { PredictorArray } from "./rice-eic-search.js";

const same = (price: number): TensorPrices => ({ input: price, weight: price, output: price });

/** All three run at 250 MHz. */
export const predictorClockHz = 250e6;

/** HW-NAS-Bench's Eyeriss: 14 x 12 array, 16-bit words. External words of inputs and outputs also pay the way to the buffer. */
export const hwNasBenchEyeriss: PredictorArray = { elements: 168, inputRegisters: 12, weightRegisters: 192, outputRegisters: 16, bufferWords: 65536 };

/** Pooling is billed as a dense convolution whose arithmetic is free. */
export function hwNasBenchPrices(operation: "multiply_accumulate" | "pooling"): PredictorPrices {
  const dram = 0.3;
  const toBuffer = 0.5;
  return {
    operation: operation === "pooling" ? 0 : 1, dram: { input: dram + toBuffer, weight: dram, output: dram + toBuffer },
    buffer: same(0.5), network: same(2), registers: same(2),
  };
}

/** Its records mix two arrays: 168 elements or 192 (dossier 01). */
export const shiftAddNasArray = (elements: 168 | 192): PredictorArray => ({ elements, inputRegisters: 12, weightRegisters: 960, outputRegisters: 16, bufferWords: 65536 });

export type ShiftAddOperator = "multiply" | "shift" | "add";

/**
 * ShiftAddNAS at 32 bits: on-chip prices are multiplied by the 3.7 pJ of a multiplication ("normalised to a MAC"), shift layers
 * move 10 bits, adder layers pay nothing outside the registers but partial sums (`freeAdders`, a premise of that paper).
 */
export function shiftAddNasPrices(operator: ShiftAddOperator, freeAdders = true): PredictorPrices {
  const multiply = 3.7;
  const scale = (operator === "shift" ? 10 : 32) / 16;
  const free = operator === "add" && freeAdders ? 0 : 1;
  const word = multiply * scale;
  return {
    operation: { multiply, shift: 0.13, add: 0.9 }[operator],
    dram: same(200 * scale * free), buffer: same(6 * word * free), network: { input: 2 * word * free, weight: 2 * word * free, output: word },
    registers: { input: word, weight: 2 * word, output: word },
  };
}

/** Seconds per cycle: a shift layer's cycle is 10/32 of a multiplier's. */
export const shiftAddNasCycle = (operator: ShiftAddOperator): number => (operator === "shift" ? (4e-9 * 10) / 32 : 4e-9);

/** NASA's sub-processor of a chunk: registers as coded; the buffer is what the other chunks leave of 131070 words. */
export const nasaArray = (elements: number, bufferWords = 131070): PredictorArray => ({ elements, inputRegisters: 48, weightRegisters: 112, outputRegisters: 16, bufferWords });

/** pJ of a multiplication, an addition and a shift at a bit width, as coded by NASA. */
const nasaOperations: Readonly<Record<6 | 8 | 16 | 32, Readonly<Record<ShiftAddOperator, number>>>> = {
  6: { multiply: 0.2, add: 0.022, shift: 0.018 }, 8: { multiply: 0.2, add: 0.03, shift: 0.024 }, 16: { multiply: 1, add: 0.03, shift: 0.103 }, 32: { multiply: 3.7, add: 0.9, shift: 0.13 },
};

/** `billed: "as_coded"` prices every operator as a multiplication, as the released simulator does; `by_operator` does not. */
export function nasaPrices(operator: ShiftAddOperator, bits: 6 | 8 | 16 | 32, billed: "as_coded" | "by_operator" = "as_coded"): PredictorPrices {
  const scale = bits / 16;
  return {
    operation: nasaOperations[bits][billed === "as_coded" ? "multiply" : operator],
    dram: same(200 * scale), buffer: same(6 * scale), network: same(2 * scale), registers: same(scale),
  };
}
