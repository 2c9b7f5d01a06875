/**
 * Folds batch norm at inference, and numbers that are not trained, into the layer before them; where there is none, into the layers
 * behind, through a mean pooling too (Jacob et al., CVPR 2018, section 3.2). Outputs stay the same up to rounding.
 */
import { withoutPassive, layersOf, onlyReader } from "./chains.js";
import { compose } from "./linear-window.js";
import { isFixedFactor, isLayer, isMeanPool, isWritable, linearOf, writeWindow } from "./recognize.js";
import { readersOf, replaceNodes, type NodeDraft, type Replacement, type WeightedNet } from "./weighted-net.js";
import type { NetOperator } from "../net.js";

const isFolded = (node: NetOperator): boolean => node.operator === "batch_norm" || isFixedFactor(node);

/** Into the layer before. */
function foldBack(weighted: WeightedNet): WeightedNet {
  const replacements = new Map<number, Replacement>();
  for (const { nodes, window } of layersOf(weighted, (node) => isFolded(node) || node.operator === "edge_bias").layers) {
    if (!nodes.some(isFolded) || !isWritable(window)) continue;
    replacements.set(nodes.at(-1)!.id, { kind: "drafts", drafts: writeWindow(window, nodes[0]!.inputs[0]!, nodes.at(-1)!.path) });
  }
  return replacements.size === 0 ? weighted : replaceNodes(weighted, replacements);
}

/** Behind the mean, where that is all that reads it: one number per channel passes through. */
function swapWithMean(weighted: WeightedNet): WeightedNet {
  const readers = readersOf(weighted.net);
  for (const norm of weighted.net.nodes) {
    if (norm.kind !== "operator" || !isFolded(norm)) continue;
    const pool = onlyReader(weighted, readers, norm.id);
    if (pool === undefined || !isMeanPool(pool)) continue;
    const { weight } = weighted;
    const names = norm.operator === "batch_norm" ? ["scale", "offset", "mean", "variance"] : [];
    const drafts: NodeDraft[] = [
      { operator: pool.operator, inputs: [norm.inputs[0]!], attributes: pool.attributes, shape: pool.shape, path: norm.path, weights: {} },
      { operator: norm.operator, inputs: ["previous"], attributes: norm.attributes, shape: pool.shape, path: pool.path, weights: Object.fromEntries(names.map((name) => [name, () => weight(norm, name)])) },
    ];
    return swapWithMean(replaceNodes(weighted, new Map<number, Replacement>([[pool.id, { kind: "drafts", drafts }]])));
  }
  return weighted;
}

/** Into all layers behind, where nothing else reads it and no zeros come between. */
function foldForward(weighted: WeightedNet): WeightedNet {
  const readers = readersOf(weighted.net);
  for (const norm of weighted.net.nodes) {
    if (norm.kind !== "operator" || !isFolded(norm)) continue;
    const window = linearOf(weighted, norm);
    const behind = readers[norm.id]!.map((id) => weighted.net.nodes[id]);
    const folded = behind.map((node) => {
      const next = node?.kind === "operator" && isLayer(node) ? linearOf(weighted, node) : undefined;
      const merged = window === undefined || next === undefined ? undefined : compose(window, next);
      return node === undefined || merged === undefined || merged.hasTaps || !isWritable(merged) ? undefined : { node, merged };
    });
    if (folded.length === 0 || folded.includes(undefined)) continue;
    const replacements = folded.flatMap((each): [number, Replacement][] => (each === undefined ? [] : [[each.node.id, { kind: "drafts", drafts: writeWindow(each.merged, norm.inputs[0]!, each.node.path) }]]));
    return foldForward(replaceNodes(weighted, new Map(replacements)));
  }
  return weighted;
}

export function foldBatchNorm(weighted: WeightedNet): WeightedNet {
  return foldForward(swapWithMean(foldBack(withoutPassive(weighted))));
}
