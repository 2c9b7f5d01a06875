/**
 * A network with its weights at hand, which is what passes turn into another one that gives the same outputs. Weights are functions:
 * a pass that only counts never computes any. Replacing nodes, dropping what no output needs and numbering anew stand here.
 */
import type { Attributes, Shape } from "../../ops/operator.js";
import type { Net, NetNode, NetOperator } from "../net.js";

/** The values of a node's weight. Nodes are known by their path, so a node that a pass leaves alone keeps its weights. */
export type WeightReader = (node: NetOperator, weight: string) => ArrayLike<number>;

export interface WeightedNet { readonly net: Net; readonly weight: WeightReader }

/** A network whose weights nobody will ask for. */
export function withoutWeights(net: Net): WeightedNet {
  return { net, weight: (node) => { throw new Error(`no weights are known of \`${node.path}\``); } };
}

/** A node in the place of others; its inputs are old nodes, or the draft before it. */
export interface NodeDraft {
  readonly operator: string;
  readonly inputs: readonly (number | "previous")[];
  readonly attributes: Attributes;
  readonly shape: Shape;
  readonly path: string;
  /** By name; empty for an operator without weights. */
  readonly weights: Readonly<Record<string, () => ArrayLike<number>>>;
}

/** What becomes of an old node: another old node stands for it, or new nodes, the last of which gives its value. */
export type Replacement = { readonly kind: "node"; readonly node: number } | { readonly kind: "drafts"; readonly drafts: readonly NodeDraft[] };

function once(compute: () => ArrayLike<number>): () => ArrayLike<number> {
  let known: ArrayLike<number> | undefined;
  return () => (known ??= compute());
}

/** Puts `replacements` (by old id) in place; a replacement may name old nodes before it only. */
export function replaceNodes({ net, weight }: WeightedNet, replacements: ReadonlyMap<number, Replacement>): WeightedNet {
  const nodes: NetNode[] = [];
  const made = new Map<string, Readonly<Record<string, () => ArrayLike<number>>>>();
  const place: number[] = [];
  for (const old of net.nodes) {
    const replacement = replacements.get(old.id);
    if (replacement?.kind === "node") {
      place[old.id] = place[replacement.node]!;
    } else if (replacement?.kind === "drafts") {
      for (const { weights, inputs, ...draft } of replacement.drafts) {
        const from = inputs.map((input) => (input === "previous" ? nodes.length - 1 : place[input]!));
        made.set(draft.path, Object.fromEntries(Object.entries(weights).map(([name, compute]) => [name, once(compute)])));
        nodes.push({ kind: "operator", id: nodes.length, ...draft, inputs: from, weightKey: `merged ${draft.path}` });
      }
      place[old.id] = nodes.length - 1;
    } else {
      place[old.id] = nodes.length;
      nodes.push(old.kind === "input" ? { ...old, id: nodes.length } : { ...old, id: nodes.length, inputs: old.inputs.map((input) => place[input]!) });
    }
  }
  const outputs = net.outputs.map(({ name, node }) => ({ name, node: place[node]! }));
  return {
    net: withoutDead({ name: net.name, nodes, outputs }),
    weight: (node, name) => made.get(node.path)?.[name]?.() ?? weight(node, name),
  };
}

function withoutDead(net: Net): Net {
  const needed = new Set<number>();
  const open = net.outputs.map(({ node }) => node);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const node = net.nodes[id]!;
    if (needed.has(id)) continue;
    needed.add(id);
    if (node.kind === "operator") open.push(...node.inputs);
  }
  const kept = net.nodes.filter(({ id }) => needed.has(id));
  const place = new Map(kept.map(({ id }, at) => [id, at]));
  const nodes = kept.map((node, id): NetNode => (node.kind === "input" ? { ...node, id } : { ...node, id, inputs: node.inputs.map((input) => place.get(input)!) }));
  return { name: net.name, nodes, outputs: net.outputs.map(({ name, node }) => ({ name, node: place.get(node)! })) };
}

/** The nodes that read each node; -1 stands for an output of the network. */
export function readersOf(net: Net): readonly (readonly number[])[] {
  const readers = net.nodes.map((): number[] => []);
  for (const node of net.nodes) if (node.kind === "operator") for (const input of node.inputs) readers[input]!.push(node.id);
  for (const { node } of net.outputs) readers[node]!.push(-1);
  return readers;
}
