/**
 * Which network a training step of a supernet uses. Uniform single path (Guo et al. 2020): every active decision uniformly over its
 * allowed options, keyed by (seed, step). Bound networks are remembered, because small spaces draw the same ones again.
 */
import { bind } from "../ir/bind.js";
import type { Net } from "../ir/net.js";
import { spaceQueries } from "../ir/space-queries.js";
import type { Architecture, Space } from "../ir/space.js";
import { randomStream } from "../random/stream.js";

const REMEMBERED = 1024;

/** Binds architectures of a space, keeping the most recent ones. */
export function boundNets(space: Space): (architecture: Architecture) => Net {
  const known = new Map<string, Net>();
  return (architecture) => {
    const key = architecture.join();
    const net = known.get(key) ?? bind(space, architecture);
    // Re-inserting moves the key to the end: the first key is the one unused for longest.
    known.delete(key);
    known.set(key, net);
    if (known.size > REMEMBERED) known.delete(known.keys().next().value!);
    return net;
  };
}

/** The network of each step; a pure function of (space, seed, step). */
export function pathSampler(space: Space, seed: number): (step: number) => Net {
  const queries = spaceQueries(space);
  const netOf = boundNets(space);
  return (step) => netOf(queries.samplePath(randomStream(seed, "path", step)));
}
