/**
 * A loop nest in the form the counting rules work on: dimensions by number, tensors as index expressions, and the extents of
 * a tile. Built once per layer; everything after it is arithmetic on small arrays.
 */
import type { LoopNest, TensorAccess } from "../../ops/workload.js";

export interface IndexTerm { readonly dimension: number; readonly coefficient: number }

export interface ProblemTensor {
  readonly name: string;
  readonly role: TensorAccess["role"];
  readonly expressions: readonly (readonly IndexTerm[])[];
  /** Whether the tensor's index changes with a dimension, by dimension number. */
  readonly relevant: readonly boolean[];
  readonly bits: number;
  /** Outputs: the width of a word once nothing is left to add to it. Absent: as a partial sum. */
  readonly finalBits?: number;
  /** The outermost memory it is in (by number), whole: an activation that stays on the chip between two layers. Absent: the outermost of all. */
  readonly top?: number;
}

export interface Problem {
  readonly dimensions: readonly string[];
  readonly bounds: readonly number[];
  readonly tensors: readonly ProblemTensor[];
  readonly points: number;
}

/** Storage width of each tensor in bits; a width the operator itself fixes wins. */
export type TensorBits = (tensor: TensorAccess) => number;

/** What the circumstances of a layer say about a tensor. */
export type TensorPlace = (tensor: TensorAccess) => Pick<ProblemTensor, "finalBits" | "top">;

export function problemOf(nest: LoopNest, bits: TensorBits = () => 16, place: TensorPlace = () => ({})): Problem {
  const dimensions = nest.dimensions.map((dimension) => dimension.name);
  const tensors = nest.tensors.map((tensor): ProblemTensor => {
    const expressions = tensor.indices.map((index) => index.terms.map((term) => ({ dimension: dimensions.indexOf(term.dimension), coefficient: term.coefficient })));
    const relevant = dimensions.map((_, number) => expressions.some((terms) => terms.some((term) => term.dimension === number)));
    return { name: tensor.name, role: tensor.role, expressions, relevant, bits: tensor.bits ?? bits(tensor), ...place(tensor) };
  });
  return { dimensions, bounds: nest.dimensions.map((dimension) => dimension.bound), tensors, points: nest.points };
}

/** Values an index expression takes while its dimensions run over `block`: sum of coefficient * (block - 1), plus one. */
export function extent(terms: readonly IndexTerm[], block: ArrayLike<number>): number {
  let last = 0;
  for (const term of terms) last += term.coefficient * (block[term.dimension]! - 1);
  return last + 1;
}

/**
 * At least how many different values an index expression takes over a block (exact for one term, and for two whose coefficients divide):
 * `extent` counts the gaps a stride leaves as well, which a lower bound must not.
 */
export function leastValuesOf(terms: readonly IndexTerm[]): (block: ArrayLike<number>) => number {
  const ascending = terms.filter(({ coefficient }) => coefficient > 0).sort((a, b) => a.coefficient - b.coefficient);
  return (block) => {
    let unit = 0;
    let values = 1;
    let evenlySpaced = true;
    for (const { dimension, coefficient } of ascending) {
      const steps = block[dimension]!;
      if (steps <= 1) continue;
      if (unit === 0) unit = coefficient;
      const ratio = coefficient / unit;
      if (!evenlySpaced || !Number.isInteger(ratio)) { evenlySpaced = false; values += steps - 1; }
      else if (ratio <= values) values += ratio * (steps - 1);
      else { values *= steps; evenlySpaced = false; }
    }
    return values;
  };
}

/** `tileWords` without the gaps: a lower bound on the different words of a tensor. */
export function leastWordsOf({ expressions }: ProblemTensor): (block: ArrayLike<number>) => number {
  const counters = expressions.map(leastValuesOf);
  return (block) => {
    let words = 1;
    for (const count of counters) words *= count(block);
    return words;
  };
}

/** Words of the bounding box a tensor touches while the dimensions run over `block`. */
export function tileWords(tensor: ProblemTensor, block: ArrayLike<number>): number {
  let words = 1;
  for (const terms of tensor.expressions) words *= extent(terms, block);
  return words;
}
