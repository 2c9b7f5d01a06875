/**
 * A candidate space without any Space IR: a product of options, for testing explorers and rankers on tables and formulas.
 */
import type { Architecture } from "../../src/ir/space.js";
import type { CandidateSpace } from "../../src/search/candidates.js";

export function productSpace(options: readonly number[]): CandidateSpace {
  const draw: CandidateSpace["sample"] = (random) => options.map((count) => random.integer(count));
  return {
    count: options.reduce((product, count) => product * BigInt(count), 1n),
    sample: draw,
    sampleUniform: draw,
    mutate: (parent, probability, random) => parent.map((option, gene) => (random.uniform() < probability ? random.integer(options[gene]!) : option)),
    crossover: (first, second, random) => first.map((option, gene) => (random.uniform() < 0.5 ? option : second[gene]!)),
  };
}

/** Every architecture of a product. */
export function everyArchitecture(options: readonly number[]): Architecture[] {
  return options.reduce<number[][]>((all, count) => all.flatMap((prefix) => Array.from({ length: count }, (_, option) => [...prefix, option])), [[]]);
}
