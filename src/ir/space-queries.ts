/**
 * Exact answers about all architectures of a space at once: membership, canonical form, count, uniform samples, extremes of additive
 * costs. Everything is one elimination over the space's factor graph (`factor/`).
 */
import type { RandomStream } from "../random/stream.js";
import type { Architecture, Space, VariableId } from "./space.js";

/** A number for every combination of the variables in `scope` (mixed radix, last fastest). */
export interface CostTerm { readonly scope: readonly VariableId[]; readonly cells: ArrayLike<number> }

export interface SpaceQueries {
  /** A domain index for every variable of the space, derived ones included. */
  assignment(architecture: Architecture): number[];
  /** Inactive decisions become option 0. The result may still break a constraint or take a forbidden option. */
  canonicalize(genes: readonly number[]): Architecture;
  /** Canonical, every option allowed, every constraint met. */
  isMember(architecture: Architecture): boolean;
  /** Number of distinct architectures; undefined where the graph is too wide to eliminate. */
  count(): bigint | undefined;
  /** Every active decision uniform over its allowed options, in order; draws again where a constraint fails. */
  samplePath(random: RandomStream): Architecture;
  /** Uniform over distinct architectures; falls back on `samplePath` where the graph is too wide. */
  sampleUniform(random: RandomStream): Architecture;
  /** The least or greatest sum of the terms and an architecture that has it; undefined where the graph is too wide. */
  extreme(terms: readonly CostTerm[], direction: "minimum" | "maximum"): { readonly value: number; readonly architecture: Architecture } | undefined;
}

export function spaceQueries(space: Space): SpaceQueries {
  throw new Error(`queries of ${space.name} are not here yet`);
}
