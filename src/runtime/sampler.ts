/**
 * Which network a training step of a supernet uses. Uniform single path (Guo et al. 2020): every active decision uniformly over its
 * allowed options, keyed by (seed, step). Bound networks are remembered, because small spaces draw the same ones again.
 */
import { settingsChosen } from "../ir/adapted.js";
import { binder } from "../ir/bind.js";
import type { Net } from "../ir/net.js";
import { spaceQueries } from "../ir/space-queries.js";
import type { Architecture, Space } from "../ir/space.js";
import { randomStream } from "../random/stream.js";

/**
 * Nodes of remembered networks in all. A network with what stores know about it takes about a kilobyte per node; remembering a fixed
 * number of networks would hold hundreds of megabytes for large ones, which hardly ever come up again.
 */
const REMEMBERED_NODES = 4096;

/** Binds architectures of a space, keeping the most recent ones. */
export function boundNets(space: Space): (architecture: Architecture) => Net {
  const bind = binder(space);
  const known = new Map<string, Net>();
  let nodes = 0;
  return (architecture) => {
    const key = architecture.join();
    const found = known.get(key);
    const net = found ?? bind(architecture);
    // Re-inserting moves the key to the end: the first key is the one unused for longest.
    known.delete(key);
    known.set(key, net);
    if (found === undefined) nodes += net.nodes.length;
    for (const [oldest, { nodes: { length } }] of known) {
      if (nodes <= REMEMBERED_NODES || oldest === key) break;
      known.delete(oldest);
      nodes -= length;
    }
    return net;
  };
}

/** The network of each step, at a setting of what is adapted per input; a pure function of (space, seed, step). */
export function pathSampler(space: Space, seed: number): (step: number) => Net {
  const settings = settingsChosen(space);
  const queries = spaceQueries(settings);
  const netOf = boundNets(settings);
  return (step) => netOf(queries.samplePath(randomStream(seed, "path", step)));
}
