/**
 * The most activation memory that a network has in use at once, its operators in order: every tensor from where it is made to its last
 * reader. What hardware applies on the way out (normalizations, activations, sums) writes over an operand that nobody reads afterwards.
 */
import type { Net, NetOperator } from "../ir/net.js";
import { operators } from "../ops/registry.js";
import type { Workload } from "../ops/workload.js";

const volume = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);

function workloadOf(net: Net, node: NetOperator): Workload | undefined {
  return operators.get(node.operator)?.workload(node.inputs.map((input) => net.nodes[input]!.shape), node.attributes, node.shape);
}

/** Bits of an element of every node's tensor: the widest that a reader wants, `bits` where one does not say. */
function widths(net: Net, work: readonly (Workload | undefined)[], inPlace: readonly boolean[], bits: number): readonly number[] {
  const wanted: (number | undefined)[] = net.nodes.map(() => undefined);
  const want = (id: number, width: number): void => { wanted[id] = Math.max(wanted[id] ?? 0, width); };
  for (const output of net.outputs) want(output.node, bits);
  for (const node of [...net.nodes].reverse()) {
    if (node.kind === "input") continue;
    // What is applied on the way out keeps what is to be written.
    const inputs = (work[node.id]?.nests ?? []).flatMap(({ tensors }) => tensors).filter(({ role }) => role === "input");
    const width = inPlace[node.id] ? wanted[node.id] ?? bits : inputs.length === 0 ? bits : Math.max(...inputs.map((tensor) => tensor.bits ?? bits));
    for (const input of node.inputs) want(input, width);
  }
  return wanted.map((width) => width ?? bits);
}

/** Bytes; `bits` is the width of an element where no layer says otherwise. */
export function peakActivations(net: Net, bits: number): number {
  const work = net.nodes.map((node) => (node.kind === "operator" ? workloadOf(net, node) : undefined));
  const inPlace = work.map((each) => each !== undefined && each.nests.length === 0 && each.vectors.every(({ fusible }) => fusible));
  const width = widths(net, work, inPlace, bits);
  const bytes = net.nodes.map(({ id, shape }) => (volume(shape) * width[id]!) / 8);
  const last = net.nodes.map(({ id }) => id);
  for (const node of net.nodes) if (node.kind === "operator") for (const input of node.inputs) last[input] = Math.max(last[input]!, node.id);
  for (const output of net.outputs) last[output.node] = net.nodes.length;

  /** The place that a node's tensor lies in, by the node that made it. */
  const place = net.nodes.map(({ id }) => id);
  const size = new Map<number, number>();
  const until = new Map<number, number>();
  let [live, peak] = [0, 0];
  for (const node of net.nodes) {
    const over = node.kind === "operator" && inPlace[node.id] ? node.inputs.find((input) => until.get(place[input]!) === node.id && volume(net.nodes[input]!.shape) === volume(node.shape)) : undefined;
    const own = over === undefined ? node.id : place[over]!;
    place[node.id] = own;
    live += Math.max(0, bytes[node.id]! - (size.get(own) ?? 0));
    size.set(own, Math.max(bytes[node.id]!, size.get(own) ?? 0));
    until.set(own, last[node.id]!);
    peak = Math.max(peak, live);
    for (const [id, end] of until) {
      if (end > node.id) continue;
      live -= size.get(id)!;
      until.delete(id);
    }
  }
  return peak;
}
