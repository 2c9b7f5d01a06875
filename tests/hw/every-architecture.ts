/** Small spaces by looking at all of them: every architecture of a space whose decisions are always active, and what each costs by itself. */
import type { CostModel, Totals } from "../../src/hw/cost-model.js";
import { decisionsIn } from "../../src/ir/assignment.js";
import { bind } from "../../src/ir/bind.js";
import type { Architecture, Space } from "../../src/ir/space.js";

/** Every choice of one option each, by counting. */
export const everyCombination = (sizes: readonly number[]): Architecture[] =>
  sizes.reduce<number[][]>((rows, size) => rows.flatMap((row) => Array.from({ length: size }, (_, option) => [...row, option])), [[]]);

export const everyArchitecture = (space: Space): Architecture[] => everyCombination(decisionsIn(space).map(({ labels }) => labels.length));

export interface Priced { readonly architecture: Architecture; readonly totals: Totals }

export const pricedApart = (space: Space, model: CostModel): Priced[] =>
  everyArchitecture(space).map((architecture) => ({ architecture, totals: model.forArchitecture(space, architecture).netCost(bind(space, architecture)).totals }));
