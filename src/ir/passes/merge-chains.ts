/**
 * Merges layers that follow each other without an activation between them (Fu et al., DepthShrinker, ICML 2022; the algebra with its
 * border in `linear-window.ts`). Of all ways to cut a chain into merged runs the one of the fewest multiply-accumulates is taken, and of
 * equal ones that of the fewest layers.
 */
import { layersOf, withoutPassive, type Layer } from "./chains.js";
import { compose, pointsOf, withoutBorder, type LinearWindow } from "./linear-window.js";
import { isWritable, writeWindow } from "./recognize.js";
import { replaceNodes, type Replacement, type WeightedNet } from "./weighted-net.js";

export interface MergeOptions {
  /** `constant`: the merged bias as if there were no border, which is wrong there (and what a bare convolution can say). */
  readonly border?: "exact" | "constant";
  /** `longest`: as few layers as can be, at whatever cost. */
  readonly prefer?: "cheapest" | "longest";
}

interface Run { readonly layers: readonly Layer[]; readonly window: LinearWindow }
interface Cut { readonly points: number; readonly runs: readonly Run[] }

/** Maximal chains of two layers and more. */
function chainsOf(weighted: WeightedNet): readonly (readonly Layer[])[] {
  const { layers, next } = layersOf(weighted);
  const inside = new Set(next.values());
  return layers.filter((layer) => !inside.has(layer) && next.has(layer)).map((first) => {
    const chain = [first];
    for (let layer = next.get(first); layer !== undefined; layer = next.get(layer)) chain.push(layer);
    return chain;
  });
}

function better(a: Cut, b: Cut | undefined, prefer: MergeOptions["prefer"]): boolean {
  if (b === undefined) return true;
  const order = prefer === "longest" ? [a.runs.length - b.runs.length, a.points - b.points] : [a.points - b.points, a.runs.length - b.runs.length];
  return (order.find((difference) => difference !== 0) ?? 0) < 0;
}

/** The best cut of the first n layers, for all n in turn. */
function cut(chain: readonly Layer[], prefer: MergeOptions["prefer"]): readonly Run[] {
  const best: (Cut | undefined)[] = [{ points: 0, runs: [] }];
  for (let begin = 0; begin < chain.length; begin++) {
    const before = best[begin];
    let window: LinearWindow | undefined;
    for (let end = begin; end < chain.length && before !== undefined; end++) {
      const layer = chain[end]!.window;
      window = end === begin ? layer : window && compose(window, layer);
      if (window === undefined) break;
      if (end > begin && !isWritable(window)) continue;
      const extended: Cut = { points: before.points + pointsOf(window), runs: [...before.runs, { layers: chain.slice(begin, end + 1), window }] };
      if (better(extended, best[end + 1], prefer)) best[end + 1] = extended;
    }
  }
  return best[chain.length]?.runs ?? [];
}

export function mergeChains(weighted: WeightedNet, { border = "exact", prefer = "cheapest" }: MergeOptions = {}): WeightedNet {
  const active = withoutPassive(weighted);
  const replacements = new Map<number, Replacement>();
  for (const chain of chainsOf(active)) {
    for (const { layers, window } of cut(chain, prefer)) {
      if (layers.length === 1) continue;
      const last = layers.at(-1)!.nodes.at(-1)!;
      replacements.set(last.id, { kind: "drafts", drafts: writeWindow(border === "exact" ? window : withoutBorder(window), layers[0]!.nodes[0]!.inputs[0]!, last.path) });
    }
  }
  return replacements.size === 0 ? active : replaceNodes(active, replacements);
}
