/**
 * The blocks that a stage can hold: how much of every dimension lies at or inside it. Blocks whose tiles do not fit are left out while
 * they are built, since a larger block never has smaller tiles.
 */
import { residentBits, roomFor } from "./capacity.js";
import type { Conventions } from "./conventions.js";
import type { Hardware } from "./hardware.js";
import { tileWords, type Problem } from "./problem.js";
import { divisorsOf } from "./spatial.js";

export interface Blocks {
  readonly count: number;
  /** `count` rows, one entry per dimension. */
  readonly extents: Float64Array;
  /** `count` rows, one entry per tensor: words of its tile. */
  readonly tiles: Float64Array;
}

/** What a level keeps beside whole tensors, and how many bits there are for it. */
interface Room { readonly tensors: readonly number[]; readonly bits: number }

function roomsOf(problem: Problem, hardware: Hardware, keep: readonly (readonly string[])[], levels: readonly number[], bounds: readonly number[], conventions: Conventions): readonly Room[] {
  return levels.map((level) => {
    const stay = problem.tensors.reduce((bits, tensor) => (tensor.top === level ? bits + residentBits(tensor, tileWords(tensor, bounds)) : bits), 0);
    const tensors = problem.tensors.flatMap((tensor, number) => (keep[level]!.includes(tensor.name) && (tensor.top === undefined || level < tensor.top) ? [number] : []));
    return { tensors, bits: roomFor(hardware, level, stay, conventions) - stay };
  });
}

/** `inside`: dimensions that may lie in a block at all; absent: every one. */
export function blocksOf(problem: Problem, hardware: Hardware, keep: readonly (readonly string[])[], levels: readonly number[], bounds: readonly number[], conventions: Conventions, inside: readonly boolean[] | undefined): Blocks {
  const rooms = roomsOf(problem, hardware, keep, levels, bounds, conventions);
  const options = bounds.map((bound, dimension) => (inside?.[dimension] === false ? [1] : divisorsOf(bound)));
  const block = bounds.map(() => 1);
  const extents: number[] = [];
  const tiles: number[] = [];
  const fits = (): boolean => rooms.every(({ tensors, bits }) => {
    let left = bits;
    for (const number of tensors) left -= tileWords(problem.tensors[number]!, block) * problem.tensors[number]!.bits;
    return left >= 0;
  });
  const fill = (dimension: number): void => {
    if (dimension === bounds.length) {
      extents.push(...block);
      for (const tensor of problem.tensors) tiles.push(tileWords(tensor, block));
      return;
    }
    for (const option of options[dimension]!) {
      block[dimension] = option;
      if (!fits()) break;
      fill(dimension + 1);
    }
    block[dimension] = 1;
  };
  if (fits()) fill(0);
  return { count: extents.length / Math.max(1, bounds.length), extents: Float64Array.from(extents), tiles: Float64Array.from(tiles) };
}
