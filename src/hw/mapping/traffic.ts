/**
 * Words as a memory counts them: of its own width where it has one. An output is as wide as its partial sums until its last visit, then as
 * wide as a result: of the words that come up from inside, each different one is final once.
 */
import type { TensorCounts } from "./counts.js";
import type { AccessKind, MemoryLevel } from "./hardware.js";
import type { ProblemTensor } from "./problem.js";

/** What one word of a tensor takes of an access, and what an access has: in bits, or in words. */
export function unitOf({ wordBits }: Pick<MemoryLevel, "wordBits">, tensor: ProblemTensor): number {
  return wordBits === undefined ? 1 : tensor.bits;
}

export function finalUnitOf({ wordBits }: Pick<MemoryLevel, "wordBits">, tensor: ProblemTensor): number {
  return wordBits === undefined ? 1 : tensor.finalBits ?? tensor.bits;
}

/** The same unit, for one access of the memory. */
export const accessUnits = ({ wordBits, wordsPerAccess }: MemoryLevel): number => (wordBits ?? 1) * wordsPerAccess;

/** What crosses a memory instance over the whole layer, in units. */
export function unitsOf(memory: MemoryLevel, tensor: ProblemTensor, count: TensorCounts, kind: AccessKind): number {
  const unit = unitOf(memory, tensor);
  const leaving = (words: number): number => (words === 0 ? 0 : (words - count.distinct) * unit + count.distinct * finalUnitOf(memory, tensor));
  switch (kind) {
    case "read": return count.reads * unit;
    case "fill": return count.fills * unit;
    case "update": return leaving(count.updates);
    case "drain": return leaving(count.drains);
  }
}
