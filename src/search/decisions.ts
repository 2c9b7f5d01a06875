/** The decisions of a space as a search sees them: genes that are active or not, and numbers that a ranker can learn from. */
import type { SpaceQueries } from "../ir/space-queries.js";
import type { Architecture, Decision, Space } from "../ir/space.js";
import { evaluateValue } from "../ir/values.js";
import type { FeatureMap } from "./features.js";

export function decisionsOf(space: Space): Decision[] {
  return space.variables.filter((variable): variable is Decision => variable.kind === "decision");
}

/** Per gene: can it matter in this architecture? */
export function activeGenes(space: Space, queries: SpaceQueries): (architecture: Architecture) => boolean[] {
  const decisions = decisionsOf(space);
  return (architecture) => {
    const assignment = queries.assignment(architecture);
    return decisions.map((decision) => evaluateValue(space, decision.guard, assignment) === true);
  };
}

/**
 * One-hot options of the active decisions (all zero where a decision is inactive), and beside them the place of the option, -1 to 1,
 * among three or more numbers.
 */
export function decisionFeatures(space: Space, queries: SpaceQueries): FeatureMap {
  const decisions = decisionsOf(space);
  const isActive = activeGenes(space, queries);
  const ordered = decisions.map(({ domain }) => domain.length > 2 && domain.every((option) => typeof option === "number"));
  const offsets: number[] = [];
  let size = 0;
  decisions.forEach(({ domain }, gene) => {
    offsets.push(size);
    size += domain.length + (ordered[gene] ? 1 : 0);
  });
  return {
    size,
    fill(architectures, into, stride) {
      architectures.forEach((architecture, k) => {
        const active = isActive(architecture);
        decisions.forEach(({ domain }, gene) => {
          if (!active[gene]) return;
          const option = architecture[gene]!;
          const offset = k * stride + offsets[gene]!;
          into[offset + option] = 1;
          if (ordered[gene]) into[offset + domain.length] = (2 * option) / (domain.length - 1) - 1;
        });
      });
    },
  };
}
