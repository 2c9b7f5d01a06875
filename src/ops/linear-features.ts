/**
 * Feature maps of linear attention. Those with cosines weigh a pair of tokens by how far apart they stand, which the cosine of a
 * difference splits into features of one token each: every feature is the rectified vector times a wave over the positions.
 */
import type { EnumerationMember } from "./operator.js";
import type { Tensor, TensorLibrary } from "./tensor-library.js";
import type { VectorWork } from "./workload.js";

export type Feature = "elu" | "relu" | "cos" | "cos_sum" | "cos_product";

export const featureMembers: readonly (EnumerationMember & { readonly name: Feature })[] = [
  { name: "elu", summary: "elu(x) + 1, positive everywhere (Katharopoulos et al., ICML 2020)." },
  { name: "relu", summary: "max(x, 0), no position in the weights." },
  { name: "cos", summary: "max(x, 0), pairs weighted by the cosine of their distance (cosFormer, Qin et al., ICLR 2022)." },
  { name: "cos_sum", summary: "As cos, on a map: the cosine down plus the cosine across." },
  { name: "cos_product", summary: "As cos, on a map: the cosine down times the cosine across." },
];

/** Whether the positions of a feature are those of a map. */
export const needsMap = (feature: Feature): boolean => feature === "cos_sum" || feature === "cos_product";

/** Where the tokens of a feature stand. */
export interface Positions {
  readonly tokens: number;
  /** The length that a quarter of a turn spans: the longer of queries and keys. */
  readonly longest: number;
  readonly map: readonly [number, number] | undefined;
}

const QUARTER = Math.PI / 2;

type Wave = (token: number) => number;

/** One wave per feature of a channel; none where a feature does not know positions. Sequences count from 1, maps from 0, as published. */
function wavesOf(feature: Feature, { longest, map }: Positions): readonly Wave[] {
  const [height, width] = map ?? [longest, 1];
  const [sin, cos] = [Math.sin, Math.cos];
  const along = (token: number): number => QUARTER * ((token + 1) / longest);
  const down = (token: number): number => QUARTER * (Math.floor(token / width) / height);
  const across = (token: number): number => QUARTER * ((token % width) / width);
  switch (feature) {
    case "elu": case "relu": return [];
    case "cos": return [(t) => sin(along(t)), (t) => cos(along(t))];
    case "cos_sum": return [(t) => cos(down(t)), (t) => sin(down(t)), (t) => cos(across(t)), (t) => sin(across(t))];
    case "cos_product": return [cos, sin].flatMap((first) => [cos, sin].map((second): Wave => (t) => first(down(t)) * second(across(t))));
    default: { const never: never = feature; return never; }
  }
}

/** How many features there are per channel. */
export function featuresPerChannel(feature: Feature): number {
  return Math.max(1, wavesOf(feature, { tokens: 1, longest: 1, map: undefined }).length);
}

/** phi of [n, h, tokens, d]: [n, h, tokens, d * featuresPerChannel]. */
export function applyFeature<T extends Tensor>(library: TensorLibrary<T>, feature: Feature, x: T, positions: Positions): T {
  if (feature === "elu") return library.add(library.elu(x), library.scalar(1));
  const positive = library.relu(x);
  const waves = wavesOf(feature, positions);
  if (waves.length === 0) return positive;
  const values = (wave: Wave): T => library.constant(Array.from({ length: positions.tokens }, (_, token) => wave(token)), [1, 1, positions.tokens, 1]);
  return library.concat(waves.map((wave) => library.multiply(positive, values(wave))), 3);
}

/** Computing phi of all queries and keys, on their way out of the projection. */
export function featureWork(feature: Feature, numbers: number): VectorWork {
  const base = { name: "features", readWords: numbers, writeWords: featuresPerChannel(feature) * numbers, fusible: true };
  if (feature === "elu") return { ...base, specials: numbers, adds: numbers, compares: numbers };
  return feature === "relu" ? { ...base, compares: numbers } : { ...base, compares: numbers, multiplies: featuresPerChannel(feature) * numbers };
}
