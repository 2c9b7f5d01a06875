/**
 * Drawing and varying architectures so that every result is a canonical member of the space. Explorers see only this interface;
 * `candidateSpace` builds it on a Space IR, tests build it on tabular benchmarks.
 */
import type { SpaceQueries } from "../ir/space-queries.js";
import type { Architecture, Space } from "../ir/space.js";
import type { RandomStream } from "../random/stream.js";
import { activeGenes, decisionsOf } from "./decisions.js";

export interface CandidateSpace {
  /** Number of distinct architectures; undefined where it is not known. */
  readonly count: bigint | undefined;
  /** Every active decision uniform over its options. */
  sample(random: RandomStream): Architecture;
  /** Uniform over distinct architectures: reaches the corners that `sample` seldom draws. */
  sampleUniform(random: RandomStream): Architecture;
  /** Redraws each active gene with this probability; undefined where no member came out. */
  mutate(parent: Architecture, probability: number, random: RandomStream): Architecture | undefined;
  /** Each gene from either parent; undefined where no member came out. */
  crossover(first: Architecture, second: Architecture, random: RandomStream): Architecture | undefined;
}

/** Variations tried before giving up on one pair of parents. */
const ATTEMPTS = 8;

export function candidateSpace(space: Space, queries: SpaceQueries): CandidateSpace {
  const decisions = decisionsOf(space);
  const active = activeGenes(space, queries);

  /** Random options everywhere: what inactive genes are filled with, so that a variation that wakes them up does not favour option 0. */
  const randomGenes = (random: RandomStream): number[] => decisions.map((decision) => random.integer(decision.domain.length));

  const settle = (genes: readonly number[]): Architecture | undefined => {
    const canonical = queries.canonicalize(genes);
    return queries.isMember(canonical) ? canonical : undefined;
  };

  const attempt = (draw: () => readonly number[]): Architecture | undefined => {
    for (let i = 0; i < ATTEMPTS; i++) {
      const member = settle(draw());
      if (member !== undefined) return member;
    }
    return undefined;
  };

  return {
    count: queries.count(),
    sample: (random) => queries.samplePath(random),
    sampleUniform: (random) => queries.sampleUniform(random),
    mutate(parent, probability, random) {
      const isActive = active(parent);
      return attempt(() => {
        const fresh = randomGenes(random);
        return parent.map((option, gene) => (!isActive[gene] || random.uniform() < probability ? fresh[gene]! : option));
      });
    },
    crossover(first, second, random) {
      const firstActive = active(first);
      const secondActive = active(second);
      return attempt(() => {
        const fresh = randomGenes(random);
        return first.map((option, gene) => {
          if (firstActive[gene] && secondActive[gene]) return random.uniform() < 0.5 ? option : second[gene]!;
          return firstActive[gene] ? option : secondActive[gene] ? second[gene]! : fresh[gene]!;
        });
      });
    },
  };
}
