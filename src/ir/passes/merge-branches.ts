/**
 * Merges linear branches that are added: re-parameterised convolutions (Ding et al., RepVGG, CVPR 2021), a residual around a linear
 * layer, two classifiers that are averaged. Branches begin at the nearest node that both read, which may be one of them; they are merged
 * where that takes no more multiply-accumulates.
 */
import type { NetOperator } from "../net.js";
import { withoutPassive } from "./chains.js";
import { add, compose, pointsOf, type LinearWindow } from "./linear-window.js";
import { isLayer, isWritable, linearOf, unchanged, withEdge, writeWindow } from "./recognize.js";
import { readersOf, replaceNodes, type WeightedNet } from "./weighted-net.js";

/** A branch from `source` on: what it does, and its multiply-accumulates as it stands. */
interface Branch { readonly source: number; readonly window: LinearWindow; readonly points: number; readonly layers: number }

/** The window of a node, or of an `edge_bias` and the layer before it. */
function stepAt(weighted: WeightedNet, readers: readonly (readonly number[])[], node: NetOperator): { readonly window: LinearWindow; readonly source: number; readonly points: number } | undefined {
  const { net } = weighted;
  const before = net.nodes[node.inputs[0]!]!;
  const layer = node.operator === "edge_bias" && before.kind === "operator" && readers[before.id]!.length === 1 ? before : node;
  const plain = linearOf(weighted, layer);
  const window = plain === undefined || layer === node ? plain : withEdge(weighted, plain, node);
  return window === undefined ? undefined : { window, source: layer.inputs[0]!, points: isLayer(layer) ? pointsOf(window) : 0 };
}

/** All branches that end at `id`, the shortest (nothing at all) first; nodes in between are read by the branch alone. */
function branchesTo(weighted: WeightedNet, readers: readonly (readonly number[])[], id: number): readonly Branch[] {
  const branches: Branch[] = [{ source: id, window: unchanged(weighted.net.nodes[id]!.shape), points: 0, layers: 0 }];
  for (let last = branches[0]!; ;) {
    const node = weighted.net.nodes[last.source]!;
    if (node.kind !== "operator" || readers[node.id]!.length > 1) return branches;
    const step = stepAt(weighted, readers, node);
    const window = step === undefined ? undefined : last.layers === 0 ? step.window : compose(step.window, last.window);
    if (step === undefined || window === undefined) return branches;
    last = { source: step.source, window, points: last.points + step.points, layers: last.layers + 1 };
    branches.push(last);
  }
}

/** The sum of two branches from one source, the nearest that allows it. */
function merged(weighted: WeightedNet, readers: readonly (readonly number[])[], sum: NetOperator): { readonly source: number; readonly window: LinearWindow } | undefined {
  const [left, right] = sum.inputs.map((id) => branchesTo(weighted, readers, id));
  const pairs = left!.flatMap((a) => right!.filter((b) => b.source === a.source && a.layers + b.layers > 0).map((b) => ({ a, b }))).sort((one, other) => other.a.source - one.a.source);
  for (const { a, b } of pairs) {
    const window = add(a.window, b.window);
    if (window !== undefined && isWritable(window) && pointsOf(window) <= a.points + b.points) return { source: a.source, window };
  }
  return undefined;
}

export function mergeBranches(weighted: WeightedNet): WeightedNet {
  const active = withoutPassive(weighted);
  const readers = readersOf(active.net);
  for (const sum of active.net.nodes) {
    if (sum.kind !== "operator" || sum.operator !== "plus" || sum.inputs[0] === sum.inputs[1]) continue;
    if (sum.inputs.some((input) => active.net.nodes[input]!.shape.join() !== sum.shape.join())) continue;
    const found = merged(active, readers, sum);
    if (found === undefined) continue;
    return mergeBranches(replaceNodes(active, new Map([[sum.id, { kind: "drafts", drafts: writeWindow(found.window, found.source, sum.path) } as const]])));
  }
  return active;
}
