/**
 * Which parts of the stored tensors a network uses. A supernet step asks that of a network that was never seen before, but its nodes
 * were: what a node uses follows from its operator, attributes, input shapes and turn, and is remembered.
 */
import type { Net, NetOperator } from "../ir/net.js";
import { isWhole, enclose, hull, outside, unwrapped, type Region } from "./sharing.js";
import type { NetUses, NetWeight, NodeWeight, StoredWeight } from "./weight-store.js";
import type { WeightSpecification } from "../ops/operator.js";

/** A weight of a node: the stored tensor and the region of it. */
export interface WeightPlace { readonly weight: StoredWeight; readonly region: Region; readonly specification: WeightSpecification }

/** The same with what follows from it: the box around the region, its disjoint parts, and where the region lies in the box. */
interface NodeUse extends WeightPlace { readonly box: Region; readonly parts: readonly Region[]; readonly inside: Region; readonly whole: boolean }

/** The box around all uses of a tensor so far, what is used of it, and its place among the net's weights. */
interface TensorUse { readonly index: number; box: Region; used: readonly Region[] }

/** Combinations that are remembered before all are forgotten: random starts (`cyclic`) have no end. */
const REMEMBERED = 2 ** 15;
const NONE: readonly NodeUse[] = [];

const within = (region: Region, box: Region): Region => ({ begin: region.begin.map((start, axis) => start - box.begin[axis]!), size: region.size });

export class WeightUses {
  private readonly known = new Map<string, readonly NodeUse[]>();
  /** Shapes and attributes come from the tables of the space, so that most of them are known as objects. */
  private readonly numbers = new WeakMap<object, number>();
  private count = 0;

  /** `placesOf` says where the weights of a node lie in one of its turns. */
  constructor(private readonly placesOf: (net: Net, node: NetOperator, turn: number) => readonly WeightPlace[]) {}

  private numberOf(object: object): number {
    let number = this.numbers.get(object);
    if (number === undefined) this.numbers.set(object, (number = this.count++));
    return number;
  }

  private usesOf(net: Net, node: NetOperator, turn: number): readonly NodeUse[] {
    let key = `${node.weightKey} ${node.operator} ${turn} ${this.numberOf(node.attributes)}`;
    for (const input of node.inputs) key += ` ${this.numberOf(net.nodes[input]!.shape)}`;
    const found = this.known.get(key);
    if (found !== undefined) return found;
    const uses = this.placesOf(net, node, turn).map((place): NodeUse => {
      const { weight: { shape }, region } = place;
      const box = hull(region, shape);
      const inside = within(region, box);
      return { ...place, box, parts: unwrapped(region, shape), inside, whole: isWhole(inside, box.size) };
    });
    if (this.known.size >= REMEMBERED) this.known.clear();
    this.known.set(key, uses);
    return uses;
  }

  /** Boxes around all uses of each tensor in all turns, and each node's part of them. */
  find(net: Net, turns: readonly number[]): NetUses {
    const tensors = new Map<StoredWeight, TensorUse>();
    const found = turns.map((turn) => net.nodes.map((node) => (node.kind === "operator" ? this.usesOf(net, node, turn) : NONE)));
    for (const nodes of found) for (const uses of nodes) for (const { weight, box, parts } of uses) {
      const tensor = tensors.get(weight);
      if (tensor === undefined) tensors.set(weight, { index: tensors.size, box, used: parts });
      else if (tensor.box !== box || tensor.used !== parts) {
        tensor.box = enclose(tensor.box, box);
        const known = tensor.used;
        tensor.used = [...known, ...parts.flatMap((part) => known.reduce<readonly Region[]>((left, other) => left.flatMap((piece) => outside(piece, other)), [part]))];
      }
    }
    const weights = [...tensors].map(([weight, { box, used }]): NetWeight => ({ weight, region: box, whole: isWhole(box, weight.shape), used }));
    const nodes = found.map((turn) => turn.map((uses) => uses.map((use): NodeWeight => {
      const { index, box } = tensors.get(use.weight)!;
      const { specification, specification: { name } } = use;
      if (box === use.box) return { name, index, specification, region: use.inside, whole: use.whole };
      const region = within(use.region, box);
      return { name, index, specification, region, whole: isWhole(region, box.size) };
    })));
    return { weights, nodes: nodes[0]!, turns: nodes };
  }
}
