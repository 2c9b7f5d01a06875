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
  /** By dimension, the extents that occur; and in rows as above, which of them it is. */
  readonly options: readonly (readonly number[])[];
  readonly codes: Uint16Array;
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

/** Tile sizes of all tensors, on flat arrays. */
function tileSizes({ tensors }: Problem): (tensor: number, block: Float64Array) => number {
  const expressions = tensors.map(({ expressions: own }) => own.map((terms) => ({ dimensions: Int32Array.from(terms, ({ dimension }) => dimension), coefficients: Float64Array.from(terms, ({ coefficient }) => coefficient) })));
  return (tensor, block) => {
    const own = expressions[tensor]!;
    let words = 1;
    for (let e = 0; e < own.length; e++) {
      const { dimensions, coefficients } = own[e]!;
      let last = 1;
      for (let t = 0; t < dimensions.length; t++) last += coefficients[t]! * (block[dimensions[t]!]! - 1);
      words *= last;
    }
    return words;
  };
}

/** A list of numbers that grows by doubling. */
class Rows {
  data = new Float64Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.data.length) {
      const larger = new Float64Array(2 * this.length);
      larger.set(this.data);
      this.data = larger;
    }
    this.data[this.length++] = value;
  }

  get used(): Float64Array {
    return this.data.subarray(0, this.length);
  }
}

/** `inside`: dimensions that may lie in a block at all; absent: every one. */
export function blocksOf(problem: Problem, hardware: Hardware, keep: readonly (readonly string[])[], levels: readonly number[], bounds: readonly number[], conventions: Conventions, inside: readonly boolean[] | undefined): Blocks {
  const rooms = roomsOf(problem, hardware, keep, levels, bounds, conventions);
  const options = bounds.map((bound, dimension) => (inside?.[dimension] === false ? [1] : divisorsOf(bound)));
  const block = new Float64Array(bounds.length).fill(1);
  const tileOf = tileSizes(problem);
  const extents = new Rows();
  const codes = new Rows();
  const code = new Int32Array(bounds.length);
  const tiles = new Rows();
  let count = 0;
  const fits = (): boolean => {
    for (let room = 0; room < rooms.length; room++) {
      const { tensors, bits } = rooms[room]!;
      let left = bits;
      for (let index = 0; index < tensors.length; index++) left -= tileOf(tensors[index]!, block) * problem.tensors[tensors[index]!]!.bits;
      if (left < 0) return false;
    }
    return true;
  };
  const fill = (dimension: number): void => {
    if (dimension === bounds.length) {
      count++;
      for (let d = 0; d < block.length; d++) { extents.push(block[d]!); codes.push(code[d]!); }
      for (let tensor = 0; tensor < problem.tensors.length; tensor++) tiles.push(tileOf(tensor, block));
      return;
    }
    const own = options[dimension]!;
    for (let option = 0; option < own.length; option++) {
      block[dimension] = own[option]!;
      code[dimension] = option;
      if (option > 0 && !fits()) break;
      fill(dimension + 1);
    }
    block[dimension] = 1;
    code[dimension] = 0;
  };
  if (fits()) fill(0);
  return { count, extents: extents.used, options, codes: Uint16Array.from(codes.used), tiles: tiles.used };
}
