/**
 * Runs of linear nodes, each read by the next alone, as layers: a convolution or dense layer together with the batch norms, factors and
 * border biases behind it. What `foldBatchNorm` and `mergeChains` work on.
 */
import type { NetOperator } from "../net.js";
import { compose, type LinearWindow } from "./linear-window.js";
import { isLayer, isPassive, linearOf, withEdge } from "./recognize.js";
import { readersOf, replaceNodes, type Replacement, type WeightedNet } from "./weighted-net.js";

/** One layer: its nodes in order, and what they do together. */
export interface Layer { readonly nodes: readonly NetOperator[]; readonly window: LinearWindow }

/** Takes out what does nothing at inference. */
export function withoutPassive(weighted: WeightedNet): WeightedNet {
  const gone = weighted.net.nodes.flatMap((node): [number, Replacement][] => (node.kind === "operator" && isPassive(node) ? [[node.id, { kind: "node", node: node.inputs[0]! }]] : []));
  return gone.length === 0 ? weighted : replaceNodes(weighted, new Map(gone));
}

/** The only reader of a node, where it is an operator of one input. */
export function onlyReader({ net }: WeightedNet, readers: readonly (readonly number[])[], id: number): NetOperator | undefined {
  const [reader, ...others] = readers[id]!;
  const node = reader === undefined || others.length > 0 || reader < 0 ? undefined : net.nodes[reader];
  return node?.kind === "operator" && node.inputs.length === 1 ? node : undefined;
}

/** A node behind a layer, taken into it; undefined where it does not belong there. */
export function joined(weighted: WeightedNet, layer: Layer, node: NetOperator): Layer | undefined {
  const window = node.operator === "edge_bias" ? withEdge(weighted, layer.window, node) : isLayer(node) ? undefined : follow(weighted, layer.window, node);
  return window === undefined ? undefined : { nodes: [...layer.nodes, node], window };
}

function follow(weighted: WeightedNet, window: LinearWindow, node: NetOperator): LinearWindow | undefined {
  const next = linearOf(weighted, node);
  return next === undefined ? undefined : compose(window, next);
}

/** All layers, and where the layer begins that reads the last node of another and of nothing else. */
export interface Layers { readonly layers: readonly Layer[]; readonly next: ReadonlyMap<Layer, Layer> }

export function layersOf(weighted: WeightedNet, takes: (node: NetOperator) => boolean = () => true): Layers {
  const readers = readersOf(weighted.net);
  const byFirst = new Map<number, Layer>();
  for (const node of weighted.net.nodes) {
    if (node.kind !== "operator" || !isLayer(node)) continue;
    const window = linearOf(weighted, node);
    if (window === undefined) continue;
    let layer: Layer = { nodes: [node], window };
    for (let reader = onlyReader(weighted, readers, node.id); reader !== undefined && takes(reader); reader = onlyReader(weighted, readers, reader.id)) {
      const more = joined(weighted, layer, reader);
      if (more === undefined) break;
      layer = more;
    }
    byFirst.set(node.id, layer);
  }
  const next = new Map<Layer, Layer>();
  for (const layer of byFirst.values()) {
    const reader = onlyReader(weighted, readers, layer.nodes.at(-1)!.id);
    const follower = reader === undefined ? undefined : byFirst.get(reader.id);
    if (follower !== undefined) next.set(layer, follower);
  }
  return { layers: [...byFirst.values()], next };
}
