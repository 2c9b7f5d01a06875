/** Whether the tiles a mapping keeps fit their memories. A double-buffered memory has half its size for the tiles in use. */
import type { Conventions } from "./conventions.js";
import type { TensorCounts } from "./counts.js";
import type { Hardware } from "./hardware.js";
import type { Problem } from "./problem.js";

export interface Occupancy { readonly level: number; readonly usedBits: number; readonly availableBits: number; readonly fits: boolean }

export function occupancies(problem: Problem, hardware: Hardware, counts: readonly TensorCounts[], conventions: Conventions): readonly Occupancy[] {
  return hardware.levels.map((memory, level) => {
    const usedBits = counts.reduce((bits, count) => (count.level === level ? bits + count.tile * problem.tensors[count.tensor]!.bits : bits), 0);
    const availableBits = memory.sizeBits === undefined ? Infinity : memory.doubleBuffered && conventions.doubleBufferHalves ? memory.sizeBits / 2 : memory.sizeBits;
    return { level, usedBits, availableBits, fits: usedBits <= availableBits };
  });
}
