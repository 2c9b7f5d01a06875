/**
 * Where the channels of a smaller candidate start in the tensor of the largest, by the way of sharing. The leading part wears the first
 * channels most; other starts wear all channels (nearly) alike: both ends in turn (Su et al., BCNet, CVPR 2021), or a ring of channels
 * (ViTAS, ECCV 2022), from every start or each size from where the next smaller ends. A start follows from the sizes that an axis takes
 * alone, so that layers which hand channels on agree about them.
 */
import type { SharingStrategy } from "../ir/space.js";

/** The sizes that an axis takes among all candidates, ascending; the last is that of the tensor. */
export type AxisSizes = readonly number[];

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** How many starts a candidate of any size has. */
export function turnsOf(sharing: SharingStrategy, sizes: AxisSizes): number {
  switch (sharing) {
    case "slice": case "separate": case "chained": return 1;
    case "both_ends": return sizes.length > 1 ? 2 : 1;
    // Groups of channels that all sizes are multiples of.
    case "cyclic": return sizes.at(-1)! / sizes.reduce(divisor);
  }
}

/** The first channel of a candidate of `size` in its `turn`. From there it goes on at the front where the tensor ends. */
export function startOf(sharing: SharingStrategy, sizes: AxisSizes, size: number, turn: number): number {
  const whole = sizes.at(-1)!;
  switch (sharing) {
    case "slice": case "separate": return 0;
    case "both_ends": return turn % 2 === 0 ? 0 : whole - size;
    case "cyclic": { const turns = turnsOf(sharing, sizes); return ((turn % turns) * whole) / turns; }
    case "chained": return sizes.filter((smaller) => smaller < size).reduce((start, smaller) => (start + smaller) % whole, 0);
  }
}
