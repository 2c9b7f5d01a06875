/**
 * Counter-based random streams: every draw is a pure function of (seed, purpose, step, index), so results do not depend on
 * the order in which processes ask. Mixing is the SplitMix64 finaliser (Steele, Lea, Flood 2014) on two 32-bit halves.
 */

export interface RandomStream {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Uniform integer in [0, bound). */
  integer(bound: number): number;
  /** Uniform integer in [0, bound) for any positive bound. */
  bigInteger(bound: bigint): bigint;
  /** Standard normal. */
  normal(): number;
  /** Shuffles in place (Fisher-Yates) and returns the same array. */
  shuffle<T>(items: T[]): T[];
  /** An independent stream below this one. */
  child(purpose: string, step?: number): RandomStream;
}

const MASK = (1n << 64n) - 1n;

function mix64(state: bigint): bigint {
  let z = state & MASK;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
  return z ^ (z >> 31n);
}

function hashText(text: string, seed: bigint): bigint {
  let state = mix64(seed + 0x9e3779b97f4a7c15n);
  for (let i = 0; i < text.length; i++) state = mix64(state ^ (BigInt(text.charCodeAt(i)) + 0x9e3779b97f4a7c15n * BigInt(i + 1)));
  return state;
}

/** Mixes one 32-bit word; the fast path of the stream (murmur3 finaliser constants, two rounds over key and counter). */
function mix32(key: number, counter: number): number {
  let h = Math.imul(key ^ Math.imul(counter + 0x9e3779b9, 0x85ebca6b), 0xc2b2ae35);
  h ^= h >>> 16; h = Math.imul(h, 0x7feb352d); h ^= h >>> 15; h = Math.imul(h, 0x846ca68b); h ^= h >>> 16;
  return h >>> 0;
}

/** A stream keyed by seed and purpose; `step` distinguishes training steps, trials, generations. */
export function randomStream(seed: number, purpose: string, step = 0): RandomStream {
  return streamOf(mix64(hashText(purpose, BigInt(Math.trunc(seed))) ^ BigInt(step)));
}

function streamOf(key: bigint): RandomStream {
  const low = Number(key & 0xffffffffn) | 0;
  const high = Number((key >> 32n) & 0xffffffffn) | 0;
  let counter = 0;
  const word = (): number => { const c = counter++; return (mix32(low, c) ^ mix32(high, Math.imul(c, 0x2545f491) + 1)) >>> 0; };
  const uniform = (): number => (word() * 2097152 + (word() >>> 11)) / 9007199254740992;
  const stream: RandomStream = {
    uniform,
    integer: (bound) => Math.floor(uniform() * bound),
    bigInteger(bound) {
      if (bound <= 0n) throw new RangeError("bound must be positive");
      const bits = bound.toString(2).length;
      for (;;) {
        let value = 0n;
        for (let have = 0; have < bits; have += 32) value = (value << 32n) | BigInt(word());
        value &= (1n << BigInt(bits)) - 1n;
        if (value < bound) return value;
      }
    },
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    shuffle(items) {
      for (let i = items.length - 1; i > 0; i--) {
        const j = Math.floor(uniform() * (i + 1));
        const a = items[i]!; items[i] = items[j]!; items[j] = a;
      }
      return items;
    },
    child: (purpose, step = 0) => streamOf(mix64(hashText(purpose, key) ^ BigInt(step))),
  };
  return stream;
}
