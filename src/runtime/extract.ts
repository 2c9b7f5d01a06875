/**
 * One network's own weights, cut out of a store (with recalibrated statistics), and their file: what "the best networks with
 * weights" are, what `derive` starts from and what export reads.
 */
import { dataProblem } from "../data/problems.js";
import { failure, success, type Result } from "../diagnostics/model.js";
import type { Net } from "../ir/net.js";
import type { SharingStrategy as SharingName } from "../ir/space.js";
import { netRequests } from "./allocation.js";
import type { Engine } from "./engine.js";
import { sharingStrategy } from "./sharing.js";
import type { NetStatistics } from "./statistics.js";
import { encodeTensorFile, readTensorFile, writeAtomically, type NamedValues } from "./tensor-file.js";
import { partOf } from "./network.js";
import { createNetStore, type WeightStore } from "./weight-store.js";

/** The tensors of one network by key, each at the network's own size. */
export interface NetWeights {
  readonly sharing: SharingName;
  readonly tensors: ReadonlyMap<string, NamedValues>;
}

interface Header { readonly kind: "weights"; readonly network: string; readonly sharing: SharingName; readonly about: unknown }

/**
 * The key of each net weight in a store of `net` alone. It can differ from the key in a supernet, where other networks may hang
 * weights of another rank under the same name.
 */
function ownKeys(store: WeightStore, net: Net): readonly string[] {
  const sharing = sharingStrategy(store.sharing);
  const allocated = new Map([...netRequests(net)].map(([name, specifications]) => [name, sharing.allocate(specifications.map(({ shape }) => shape))]));
  const keys: string[] = [];
  store.uses(net).nodes.forEach((weights, id) => {
    const node = net.nodes[id]!;
    if (node.kind !== "operator") return;
    for (const { name, index, specification } of weights) {
      const base = `${node.weightKey}/${name}`;
      keys[index] = `${base}${sharing.locate(specification, allocated.get(base)!).suffix}`;
    }
  });
  return keys;
}

/** Copies what `net` uses out of `store`; `statistics` (from `recalibrate`) replace the running ones. */
export function extractWeights(engine: Engine, store: WeightStore, net: Net, statistics: NetStatistics = new Map()): NetWeights {
  const uses = store.uses(net);
  const keys = ownKeys(store, net);
  const tensors = new Map<string, NamedValues>();
  engine.scope(() => {
    const nodes = uses.nodes.flat();
    store.gather(uses).forEach((tensor, index) => {
      const key = keys[index]!;
      const [region, ...others] = nodes.filter((weight) => weight.index === index).map((weight) => weight.region);
      // What goes over an end is read by one node alone, in its own order.
      const own = others.length > 0 ? tensor : partOf(engine, tensor, region!);
      tensors.set(key, { name: key, shape: own.shape, values: statistics.get(index) ?? engine.download(own).slice() });
    });
  });
  return { sharing: store.sharing, tensors };
}

/** The first tensor that the network needs and the weights lack, in words; undefined where they fit. */
function misfit(store: WeightStore, weights: NetWeights): string | undefined {
  for (const { key, shape } of store.weights.values()) {
    const found = weights.tensors.get(key);
    if (found === undefined) return `it has no tensor \`${key}\``;
    if (found.shape.join() !== shape.join()) return `\`${key}\` is ${found.shape.join("x")}; the network needs ${shape.join("x")}`;
  }
  return weights.tensors.size === store.weights.size ? undefined : `it has ${weights.tensors.size} tensors; the network needs ${store.weights.size}`;
}

/** A store of `net` alone that holds `weights`. `origin` names them in a message (NAS6025). */
export function storeFromWeights(engine: Engine, net: Net, weights: NetWeights, origin: string): Result<WeightStore> {
  const store = createNetStore(engine, net, 0, weights.sharing);
  const problem = misfit(store, weights);
  if (problem !== undefined) {
    store.dispose();
    return failure(dataProblem("NAS6025", origin, "belongs to another network", problem));
  }
  for (const weight of store.weights.values()) {
    engine.dispose(weight.tensor);
    weight.tensor = engine.upload(weights.tensors.get(weight.key)!.values, weight.shape);
  }
  return success(store);
}

/** Writes a weights file. `about` is free-form (architecture, accuracy) and comes back on loading. */
export function saveWeights(path: string, net: Net, weights: NetWeights, about: unknown = null): Result<true> {
  const header: Header = { kind: "weights", network: net.name, sharing: weights.sharing, about };
  try {
    writeAtomically(path, encodeTensorFile(header, [...weights.tensors.values()]), false);
    return success(true);
  } catch (error) {
    return failure(dataProblem("NAS6023", path, "cannot be written", error instanceof Error ? error.message : String(error), "check that the folder is writable and has room"));
  }
}

function isHeader(header: unknown): header is Header {
  return typeof header === "object" && header !== null && "kind" in header && header.kind === "weights";
}

export function loadWeights(path: string): Result<NetWeights & { readonly about: unknown }> {
  const file = readTensorFile(path);
  const problem = "problem" in file ? file.problem : !isHeader(file.header) ? "it is not a weights file" : undefined;
  if (problem !== undefined || "problem" in file || !isHeader(file.header)) return failure(dataProblem("NAS6024", path, "cannot be read", problem ?? "", "restore it from a copy, or derive the network again"));
  return success({ sharing: file.header.sharing, tensors: file.tensors, about: file.header.about });
}
