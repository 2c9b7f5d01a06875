/**
 * What few bits and zeros change about a loop nest on a chunk: the words stored, the energy of a multiplier, the cycles of an array.
 * Without chosen bits and zeros everything here is what the chunk's number format says.
 */
import type { Chunk, NumberFormat } from "../ir/plan.js";
import type { LoopNest, TensorAccess } from "../ops/workload.js";
import { formatBits } from "./unit-costs.js";

/** Bits of one stored weight: sparse storage is the non-zero words and one bit per word that says which they are, where that is less. */
export function storedBits(bits: number, density = 1): number {
  return density < 1 ? Math.min(bits, bits * density + 1) : bits;
}

/** Bits of a word of a tensor as the arithmetic sees it: the operator's own, else those that the chunk says, else of the `format` of its unit. */
export function operandBits(tensor: TensorAccess, chunk: Chunk | undefined, format: NumberFormat): number {
  return tensor.bits ?? (tensor.role === "weight" ? chunk?.widths?.weights : chunk?.widths?.activations) ?? formatBits[format];
}

/** Both factors of a product. */
const factorsOf = (nest: LoopNest): readonly TensorAccess[] => nest.tensors.filter(({ role }) => role !== "output").slice(0, 2);

/** Share of the points that multiply by something other than a known zero. */
export function densityOf(nest: LoopNest): number {
  return nest.tensors.reduce((share, { density = 1 }) => share * density, 1);
}

/** Points of `nest` that are computed. */
export const workingPoints = (nest: LoopNest): number => Math.round(nest.points * densityOf(nest));

/** Bit operations of a multiply-accumulate: the product of the widths of its factors. */
export function bitProduct(nest: LoopNest, chunk: Chunk | undefined, format: NumberFormat): number {
  return factorsOf(nest).reduce((product, tensor) => product * operandBits(tensor, chunk, format), 1);
}

/** Operand widths, chosen by the network, relative to those of an integer chunk; one for floating point, which gains nothing from them. */
function relativeWidths(nest: LoopNest, chunk: Chunk | undefined): readonly { readonly bits: number; readonly format: number }[] {
  if (nest.operation !== "multiply_accumulate" || chunk === undefined || chunk.precision.startsWith("fp")) return [];
  return factorsOf(nest).flatMap(({ bits }) => (bits === undefined ? [] : [{ bits, format: formatBits[chunk.precision] }]));
}

/** A multiplier's energy grows with the product of the widths of its operands (the rule that prices int16 from int8, too). */
export function multiplierScale(nest: LoopNest, chunk: Chunk | undefined): number {
  return relativeWidths(nest, chunk).reduce((scale, { bits, format }) => (scale * bits) / format, 1);
}

/**
 * Cycles relative to those at the chunk's own format: operands wider than it take several passes; narrower ones take fewer only where
 * its multipliers divide into bricks that work side by side (Bit Fusion, Sharma et al., ISCA 2018), zeros only where it skips them.
 */
export function cycleScale(nest: LoopNest, chunk: Chunk | undefined): number {
  const { brick, skipsZeros = false } = chunk ?? {};
  const passes = relativeWidths(nest, chunk).reduce((scale, { bits, format }) => {
    const part = Math.min(brick ?? format, format);
    return scale * (Math.ceil(bits / part) / Math.ceil(format / part));
  }, 1);
  return passes * (skipsZeros ? densityOf(nest) : 1);
}

/** The nest with sparse tensors as wide as their stored words are on average. */
export function asStored(nest: LoopNest, chunk: Chunk | undefined, format: NumberFormat): LoopNest {
  if (nest.tensors.every(({ density }) => density === undefined)) return nest;
  return { ...nest, tensors: nest.tensors.map((tensor) => (tensor.density === undefined ? tensor : { ...tensor, bits: storedBits(operandBits(tensor, chunk, format), tensor.density) })) };
}
