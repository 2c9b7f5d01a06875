/** Whether the tiles a mapping keeps fit their memories. A double-buffered memory has half its size for the tiles in use. */
import type { Conventions } from "./conventions.js";
import type { TensorCounts } from "./counts.js";
import type { Hardware } from "./hardware.js";
import type { Problem, ProblemTensor } from "./problem.js";

export interface Occupancy { readonly level: number; readonly usedBits: number; readonly availableBits: number; readonly fits: boolean }

export function occupancies(problem: Problem, hardware: Hardware, counts: readonly TensorCounts[], conventions: Conventions): readonly Occupancy[] {
  return hardware.levels.map((_, level) => {
    const here = counts.filter((count) => count.level === level);
    const stay = here.filter((count) => problem.tensors[count.tensor]!.top === level).reduce((bits, count) => bits + residentBits(problem.tensors[count.tensor]!, count.tile), 0);
    const usedBits = here.reduce((bits, count) => (problem.tensors[count.tensor]!.top === level ? bits : bits + count.tile * problem.tensors[count.tensor]!.bits), stay);
    const availableBits = roomFor(hardware, level, stay, conventions);
    return { level, usedBits, availableBits, fits: usedBits <= availableBits };
  });
}

/** A tensor that stays as a whole is there at its final width, and needs no second buffer. */
export const residentBits = (tensor: ProblemTensor, words: number): number => words * (tensor.finalBits ?? tensor.bits);

/** Bits for what stays and for tiles in use. */
export function roomFor({ levels }: Hardware, level: number, stay: number, conventions: Conventions): number {
  const { sizeBits, doubleBuffered } = levels[level]!;
  if (sizeBits === undefined) return Infinity;
  return doubleBuffered && conventions.doubleBufferHalves ? stay + (sizeBits - stay) / 2 : sizeBits;
}
