/**
 * How candidates of different size share weights: a strategy decides which tensors stand for one named weight and which region of
 * them a candidate uses. Slice (Single Path One-Shot, Once-for-All): one tensor of the largest size, smaller candidates take the
 * leading channels and the centre taps. Separate: one tensor for every size. The others (`channel-starts.ts`) take other channels
 * of one tensor; a region may go over the end of an axis, and goes on at its front.
 */
import type { SharingStrategy as SharingName } from "../ir/space.js";
import type { Shape, SharedAxis, WeightSpecification } from "../ops/operator.js";
import { startOf, turnsOf, type AxisSizes } from "./channel-starts.js";

/** A box inside a stored tensor. Where `begin + size` exceeds an axis, the rest lies at its front. */
export interface Region { readonly begin: readonly number[]; readonly size: readonly number[] }

/** Where a candidate's weight lies: a tensor of its group, told by suffix, and a region of that. */
export interface Location { readonly suffix: string; readonly region: Region }

/** All candidates of a named weight: the sizes of each of its axes, and which of its starts a candidate takes. */
export interface Among { readonly sizes: readonly AxisSizes[]; readonly turn: number }

export interface Sharing {
  readonly name: SharingName;
  /** The tensors (suffix -> shape) that serve all `requests`, the reachable sizes of one named weight. */
  allocate(requests: readonly Shape[]): ReadonlyMap<string, Shape>;
  /** Where a candidate of this specification lies in what `allocate` gave; in its leading part where `among` is absent. */
  locate(specification: WeightSpecification, allocated: ReadonlyMap<string, Shape>, among?: Among): Location;
}

/** The region of size `shape` in a tensor of size `whole`: leading part, centre or whole along each axis. */
export function sliceRegion(axes: readonly SharedAxis[], shape: Shape, whole: Shape): Region {
  const begin = shape.map((size, axis) => ((axes[axis] ?? "leading") === "centre" ? Math.floor((whole[axis]! - size) / 2) : 0));
  return { begin, size: shape };
}

const zeros = (rank: number): number[] => new Array<number>(rank).fill(0);

/** One tensor of the largest size, whose channels begin where the strategy says. */
function oneTensor(name: SharingName): Sharing {
  return {
    name,
    allocate(requests) {
      const byRank = new Map<number, number[]>();
      for (const shape of requests) {
        const largest = byRank.get(shape.length);
        byRank.set(shape.length, largest === undefined ? [...shape] : largest.map((size, axis) => Math.max(size, shape[axis]!)));
      }
      // Operators of different kind under one name (a `weights` clause) may disagree in rank; each rank then has its own tensor.
      return new Map([...byRank].map(([rank, shape]) => [byRank.size === 1 ? "" : `#${rank}`, shape]));
    },
    locate({ axes, shape }, allocated, among) {
      const suffix = allocated.has("") ? "" : `#${shape.length}`;
      const whole = allocated.get(suffix);
      if (whole === undefined) throw new Error(`no shared tensor of rank ${shape.length}`);
      const { begin, size } = sliceRegion(axes, shape, whole);
      const start = (first: number, axis: number): number => (among === undefined || (axes[axis] ?? "leading") !== "leading" ? first : startOf(name, among.sizes[axis]!, size[axis]!, among.turn));
      return { suffix, region: { begin: begin.map(start), size } };
    },
  };
}

const separate: Sharing = {
  name: "separate",
  allocate: (requests) => new Map(requests.map((shape) => [`@${shape.join("x")}`, shape])),
  locate: ({ shape }) => ({ suffix: `@${shape.join("x")}`, region: { begin: zeros(shape.length), size: shape } }),
};

const strategies = { slice: oneTensor("slice"), separate, both_ends: oneTensor("both_ends"), cyclic: oneTensor("cyclic"), chained: oneTensor("chained") } as const satisfies Record<SharingName, Sharing>;

export function sharingStrategy(name: SharingName): Sharing {
  return strategies[name];
}

/** The sizes of each axis among requests of one rank; undefined where nothing but the leading part can be meant. */
export function sizesAmong(name: SharingName, requests: readonly WeightSpecification[]): readonly AxisSizes[] | undefined {
  const [first] = requests;
  if (name === "slice" || name === "separate" || first === undefined || first.role === "statistic" || requests.some(({ shape }) => shape.length !== first.shape.length)) return undefined;
  return first.shape.map((_, axis) => [...new Set(requests.map(({ shape }) => shape[axis]!))].sort((a, b) => a - b));
}

/** How many starts the channels of a weight have. */
export function turnsAmong(name: SharingName, { axes }: WeightSpecification, sizes: readonly AxisSizes[]): number {
  return sizes.reduce((most, of, axis) => Math.max(most, (axes[axis] ?? "leading") === "leading" ? turnsOf(name, of) : 1), 1);
}

/** The smallest box around two boxes. */
export function enclose(a: Region, b: Region): Region {
  const begin = a.begin.map((start, axis) => Math.min(start, b.begin[axis]!));
  const size = begin.map((start, axis) => Math.max(a.begin[axis]! + a.size[axis]!, b.begin[axis]! + b.size[axis]!) - start);
  return { begin, size };
}

export function isWhole(region: Region, shape: Shape): boolean {
  return region.size.every((size, axis) => size === shape[axis] && region.begin[axis] === 0);
}

/** A region of a tensor of `shape` in boxes that go over no end, in order along each axis. */
export function unwrapped(region: Region, shape: Shape): readonly Region[] {
  return region.begin.reduce<readonly Region[]>((boxes, begin, axis) => {
    const over = begin + region.size[axis]! - shape[axis]!;
    const pieces = over <= 0 ? [[begin, region.size[axis]!]] : [[begin, region.size[axis]! - over], [0, over]];
    return boxes.flatMap((box) => pieces.map(([start, size]): Region => ({ begin: [...box.begin, start!], size: [...box.size, size!] })));
  }, [{ begin: [], size: [] }]);
}

/** The smallest box that goes over no end around a region. */
export function hull(region: Region, shape: Shape): Region {
  const over = region.begin.map((begin, axis) => begin + region.size[axis]! > shape[axis]!);
  return { begin: region.begin.map((begin, axis) => (over[axis] ? 0 : begin)), size: region.size.map((size, axis) => (over[axis] ? shape[axis]! : size)) };
}

/** What of box `a` lies outside box `b`, in disjoint boxes. */
export function outside(a: Region, b: Region): readonly Region[] {
  const from = a.begin.map((begin, axis) => Math.max(begin, b.begin[axis]!));
  const to = a.begin.map((begin, axis) => Math.min(begin + a.size[axis]!, b.begin[axis]! + b.size[axis]!));
  if (from.some((start, axis) => start >= to[axis]!)) return [a];
  const rest: Region[] = [];
  // Axis by axis: what lies before and behind b, between b's bounds on the axes before.
  for (const [axis, begin] of a.begin.entries()) {
    const box = (start: number, end: number): Region => ({
      begin: a.begin.map((first, at) => (at < axis ? from[at]! : at === axis ? start : first)),
      size: a.size.map((extent, at) => (at < axis ? to[at]! - from[at]! : at === axis ? end - start : extent)),
    });
    if (begin < from[axis]!) rest.push(box(begin, from[axis]!));
    if (to[axis]! < begin + a.size[axis]!) rest.push(box(to[axis]!, begin + a.size[axis]!));
  }
  return rest;
}
