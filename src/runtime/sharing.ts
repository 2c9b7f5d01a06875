/**
 * How candidates of different size share weights: a strategy decides which tensors stand for one named weight and which region of
 * them a candidate uses. Slice (Single Path One-Shot, Once-for-All): one tensor of the largest size, smaller candidates take the
 * leading channels and the centre taps. Separate: one tensor for every size.
 */
import type { SharingStrategy as SharingName } from "../ir/space.js";
import type { Shape, SharedAxis, WeightSpecification } from "../ops/operator.js";

/** A box inside a stored tensor. */
export interface Region { readonly begin: readonly number[]; readonly size: readonly number[] }

/** Where a candidate's weight lies: a tensor of its group, told by suffix, and a region of that. */
export interface Location { readonly suffix: string; readonly region: Region }

export interface Sharing {
  readonly name: SharingName;
  /** The tensors (suffix -> shape) that serve all `requests`, the reachable sizes of one named weight. */
  allocate(requests: readonly Shape[]): ReadonlyMap<string, Shape>;
  /** Where a candidate of this specification lies in what `allocate` gave. */
  locate(specification: WeightSpecification, allocated: ReadonlyMap<string, Shape>): Location;
}

/** The region of size `shape` in a tensor of size `whole`: leading part, centre or whole along each axis. */
export function sliceRegion(axes: readonly SharedAxis[], shape: Shape, whole: Shape): Region {
  const begin = shape.map((size, axis) => ((axes[axis] ?? "leading") === "centre" ? Math.floor((whole[axis]! - size) / 2) : 0));
  return { begin, size: shape };
}

const zeros = (rank: number): number[] => new Array<number>(rank).fill(0);

const slice: Sharing = {
  name: "slice",
  allocate(requests) {
    const byRank = new Map<number, number[]>();
    for (const shape of requests) {
      const largest = byRank.get(shape.length);
      byRank.set(shape.length, largest === undefined ? [...shape] : largest.map((size, axis) => Math.max(size, shape[axis]!)));
    }
    // Operators of different kind under one name (a `weights` clause) may disagree in rank; each rank then has its own tensor.
    return new Map([...byRank].map(([rank, shape]) => [byRank.size === 1 ? "" : `#${rank}`, shape]));
  },
  locate({ axes, shape }, allocated) {
    const suffix = allocated.has("") ? "" : `#${shape.length}`;
    const whole = allocated.get(suffix);
    if (whole === undefined) throw new Error(`no shared tensor of rank ${shape.length}`);
    return { suffix, region: sliceRegion(axes, shape, whole) };
  },
};

const separate: Sharing = {
  name: "separate",
  allocate: (requests) => new Map(requests.map((shape) => [`@${shape.join("x")}`, shape])),
  locate: ({ shape }) => ({ suffix: `@${shape.join("x")}`, region: { begin: zeros(shape.length), size: shape } }),
};

const strategies = { slice, separate } as const satisfies Record<SharingName, Sharing>;

export function sharingStrategy(name: SharingName): Sharing {
  return strategies[name];
}

/** The smallest box around two boxes. */
export function enclose(a: Region, b: Region): Region {
  const begin = a.begin.map((start, axis) => Math.min(start, b.begin[axis]!));
  const size = begin.map((start, axis) => Math.max(a.begin[axis]! + a.size[axis]!, b.begin[axis]! + b.size[axis]!) - start);
  return { begin, size };
}

export function isWhole(region: Region, shape: Shape): boolean {
  return region.size.every((size, axis) => size === shape[axis]);
}
