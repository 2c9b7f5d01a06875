/**
 * When each chunk runs which layer of a pipeline of inputs (NASA; hardware.md 4): all start a period together, every chunk runs its own layers
 * in the order of the network, each for another input, and whoever has the least accumulated time issues next. A layer holds a part of the
 * memories of the chip while it runs. Taking all that is free at the moment, as NASA's code does, starves whoever comes next: here a layer
 * leaves what the layers that will start beside it need.
 */

export interface ScheduledLayer {
  /** Who runs it; undefined: nobody. */
  readonly unit: string | undefined;
  /** Part of the memories of the chip without which it does not start. The most of each unit together are at most all. */
  readonly least: number;
  /** Seconds that it takes with a fixed part: tells who will start beside whom. */
  readonly expected: number;
}

/** What a layer takes with a part of the memories at hand: seconds, and the part that it holds. */
export interface IssuedLayer { readonly latency: number; readonly held: number }

export interface Issue {
  /** Number of the layer in the network. */
  readonly layer: number;
  readonly unit: string;
  /** Seconds from the start of a period. */
  readonly start: number;
  readonly end: number;
  /** Parts of the memories of the chip: at hand, and held. */
  readonly room: number;
  readonly held: number;
}

export interface Schedule {
  /** In the order of their issue. */
  readonly issues: readonly Issue[];
  /** When the last layer is done. */
  readonly end: number;
  /** Seconds that units waited for memory. */
  readonly waited: Readonly<Record<string, number>>;
}

/** Rooms are cut to so many parts, so that layers meet few different ones and their mappings are known. */
export const ROOM_STEPS = 16;

/** Rounded times and parts agree to this. */
const ROUNDING = 1e-9;

interface Lane { readonly unit: string; readonly queue: readonly number[]; next: number; ready: number; end: number; held: number }

/** `price` says what a layer takes with a room of at least its `least`. */
export function scheduleLayers(layers: readonly ScheduledLayer[], price: (layer: number, room: number) => IssuedLayer): Schedule {
  const units = [...new Set(layers.flatMap(({ unit }) => (unit === undefined ? [] : [unit])))];
  const lanes = units.map((unit): Lane => ({ unit, queue: layers.flatMap((own, layer) => (own.unit === unit ? [layer] : [])), next: 0, ready: 0, end: 0, held: 0 }));
  const issues: Issue[] = [];
  const waited: Record<string, number> = {};

  /** The most that layers of a lane which start before `until` need. */
  const claimed = ({ queue, next, ready }: Lane, until: number): number => {
    let most = 0;
    for (let at = next, start = ready; at < queue.length && start < until * (1 - ROUNDING); at++) {
      const { least, expected } = layers[queue[at]!]!;
      most = Math.max(most, least);
      start += expected;
    }
    return most;
  };

  for (;;) {
    const waiting = lanes.filter(({ next, queue }) => next < queue.length);
    if (waiting.length === 0) break;
    const lane = waiting.reduce((first, other) => (other.ready < first.ready ? other : first));
    const now = lane.ready;
    const layer = lane.queue[lane.next]!;
    const { least, expected } = layers[layer]!;
    const others = lanes.filter((other) => other !== lane);
    const holds = (other: Lane): number => (other.end > now * (1 + ROUNDING) ? other.held : 0);
    const free = 1 - others.reduce((sum, other) => sum + Math.max(holds(other), claimed(other, now + expected)), 0);
    const holding = others.filter((other) => holds(other) > 0);
    if (free < least - ROUNDING && holding.length > 0) {
      lane.ready = Math.min(...holding.map(({ end }) => end));
      waited[lane.unit] = (waited[lane.unit] ?? 0) + lane.ready - now;
      continue;
    }
    const room = Math.max(least, Math.floor(free * ROOM_STEPS + ROUNDING) / ROOM_STEPS);
    const { latency, held } = price(layer, room);
    Object.assign(lane, { next: lane.next + 1, ready: now + latency, end: now + latency, held });
    issues.push({ layer, unit: lane.unit, start: now, end: now + latency, room, held });
  }
  return { issues, end: Math.max(0, ...issues.map(({ end }) => end)), waited };
}
