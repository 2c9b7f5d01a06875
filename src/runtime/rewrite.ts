/** Passes over networks (src/ir/passes) applied to a network with its weights as files and stores hold them. */
import type { Net } from "../ir/net.js";
import type { WeightedNet } from "../ir/passes/weighted-net.js";
import type { Shape } from "../ops/operator.js";
import { netRequests, operatorNamed } from "./allocation.js";
import type { NetWeights } from "./extract.js";
import { sharingStrategy, type Region } from "./sharing.js";
import type { NamedValues } from "./tensor-file.js";

interface Place { readonly key: string; readonly whole: Shape; readonly region: Region }

/** Where each weight of each node lies among a network's own tensors, by the node's path and the weight's name. */
function placesOf(net: Net, sharing: ReturnType<typeof sharingStrategy>): ReadonlyMap<string, Place> {
  const allocated = new Map([...netRequests(net)].map(([name, specifications]) => [name, sharing.allocate(specifications.map(({ shape }) => shape))]));
  const places = new Map<string, Place>();
  for (const node of net.nodes) {
    if (node.kind !== "operator") continue;
    for (const specification of operatorNamed(node.operator).weights(node.inputs.map((input) => net.nodes[input]!.shape), node.attributes)) {
      const base = `${node.weightKey}/${specification.name}`;
      const tensors = allocated.get(base)!;
      const { suffix, region } = sharing.locate(specification, tensors);
      places.set(JSON.stringify([node.path, specification.name]), { key: base + suffix, whole: tensors.get(suffix)!, region });
    }
  }
  return places;
}

/** Calls `visit` with the index in the whole tensor and in the region, element by element. */
function eachElement(whole: Shape, { begin, size }: Region, visit: (inWhole: number, inRegion: number) => void): void {
  const count = size.reduce((product, extent) => product * extent, 1);
  const at = size.map(() => 0);
  for (let inRegion = 0; inRegion < count; inRegion++) {
    visit(at.reduce((index, position, axis) => index * whole[axis]! + begin[axis]! + position, 0), inRegion);
    for (let axis = size.length - 1; axis >= 0 && ++at[axis]! === size[axis]; axis--) at[axis] = 0;
  }
}

/** Whether all weights of a network are there, at its sizes. */
export function fits(net: Net, weights: NetWeights): boolean {
  return [...placesOf(net, sharingStrategy(weights.sharing)).values()].every(({ key, whole }) => weights.tensors.get(key)?.shape.join() === whole.join());
}

/** The network that `pass` makes, with the weights it makes. */
export function rewriteNet(net: Net, weights: NetWeights, pass: (weighted: WeightedNet) => WeightedNet): { readonly net: Net; readonly weights: NetWeights } {
  const sharing = sharingStrategy(weights.sharing);
  const before = placesOf(net, sharing);
  const result = pass({ net, weight: (node, name) => {
    const place = before.get(JSON.stringify([node.path, name]));
    const stored = place === undefined ? undefined : weights.tensors.get(place.key);
    if (place === undefined || stored === undefined) throw new Error(`\`${node.path}\` has no weight \`${name}\``);
    const values = new Float32Array(place.region.size.reduce((product, extent) => product * extent, 1));
    eachElement(place.whole, place.region, (from, to) => { values[to] = stored.values[from]!; });
    return values;
  } });
  const tensors = new Map<string, NamedValues>();
  const after = placesOf(result.net, sharing);
  for (const node of result.net.nodes) {
    if (node.kind !== "operator") continue;
    for (const { name } of operatorNamed(node.operator).weights(node.inputs.map((input) => result.net.nodes[input]!.shape), node.attributes)) {
      const { key, whole, region } = after.get(JSON.stringify([node.path, name]))!;
      const tensor = tensors.get(key) ?? { name: key, shape: whole, values: new Float32Array(whole.reduce((product, extent) => product * extent, 1)) };
      const values = result.weight(node, name);
      eachElement(whole, region, (to, from) => { tensor.values[to] = values[from]!; });
      tensors.set(key, tensor);
    }
  }
  return { net: result.net, weights: { sharing: weights.sharing, tensors } };
}
