/**
 * The weights of a supernet (or of one network): every named weight once, at the size its sharing strategy allocates, on the
 * engine's heap, with room for optimizer state beside. A network reads regions of these tensors.
 */
import { createHash } from "node:crypto";
import type { Net, NetOperator } from "../ir/net.js";
import type { SharingStrategy as SharingName, Space } from "../ir/space.js";
import type { Initializer, Shape, WeightSpecification } from "../ops/operator.js";
import { randomStream } from "../random/stream.js";
import { netRequests, operatorNamed, spaceRequests, type Requests } from "./allocation.js";
import type { Engine, EngineTensor } from "./engine.js";
import { enclose, isWhole, sharingStrategy, type Region, type Sharing } from "./sharing.js";

export interface StoredWeight {
  /** `weightKey/name`, with the suffix of the sharing strategy. */
  readonly key: string;
  readonly shape: Shape;
  readonly role: WeightSpecification["role"];
  readonly decay: boolean;
  tensor: EngineTensor;
  /** Optimizer state, each of the weight's shape; empty until a trainer asks for it. */
  state: EngineTensor[];
  /** How often the optimizer has moved this tensor (Adam's bias correction counts these). */
  updates: number;
}

/** A stored tensor as one network uses it: the box around all its uses. */
export interface NetWeight { readonly weight: StoredWeight; readonly region: Region; readonly whole: boolean }

/** One weight of one node: which net weight, and its part of that box. */
export interface NodeWeight { readonly name: string; readonly index: number; readonly region: Region; readonly whole: boolean; readonly specification: WeightSpecification }

export interface NetUses { readonly weights: readonly NetWeight[]; readonly nodes: readonly (readonly NodeWeight[])[] }

export interface WeightStore {
  readonly engine: Engine;
  readonly sharing: SharingName;
  /** True for a space: running statistics of such a store mean nothing, networks are recalibrated before they are judged. */
  readonly supernet: boolean;
  readonly weights: ReadonlyMap<string, StoredWeight>;
  /** Hash of names, shapes and sharing: two stores with the same one can exchange their tensors. */
  readonly layout: string;
  /** Which regions a network uses; remembered per network. */
  uses(net: Net): NetUses;
  /** The tensors of `uses.weights`: the stored tensor itself where a network uses all of it (do not dispose), else a copy of the region. */
  gather(uses: NetUses): EngineTensor[];
  /** Gives every parameter `count` zeroed state tensors and resets the update counts. */
  prepareState(count: number): void;
  releaseState(): void;
  dispose(): void;
}

/** Draws initial values; a pure function of (seed, key). */
export function initialValues(initializer: Initializer, shape: Shape, seed: number, key: string): Float32Array {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  const random = randomStream(seed, `weights/${key}`);
  switch (initializer.kind) {
    case "constant": return values.fill(initializer.value);
    case "normal": for (let i = 0; i < values.length; i++) values[i] = initializer.deviation * random.normal(); return values;
    case "uniform": for (let i = 0; i < values.length; i++) values[i] = initializer.low + (initializer.high - initializer.low) * random.uniform(); return values;
    case "truncated_normal":
      for (let i = 0; i < values.length; i++) {
        let draw = random.normal();
        while (Math.abs(draw) > 2) draw = random.normal();
        values[i] = initializer.deviation * draw;
      }
      return values;
  }
}

const volume = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

function layoutHash(sharing: SharingName, weights: Iterable<StoredWeight>): string {
  return createHash("sha256").update(JSON.stringify([sharing, [...weights].map(({ key, shape, role }) => [key, shape, role]).sort()])).digest("hex").slice(0, 16);
}

class Store implements WeightStore {
  readonly weights = new Map<string, StoredWeight>();
  readonly sharing: SharingName;
  readonly layout: string;
  private readonly allocations = new Map<string, ReadonlyMap<string, Shape>>();
  private readonly known = new WeakMap<Net, NetUses>();

  constructor(readonly engine: Engine, private readonly strategy: Sharing, requests: Requests, readonly supernet: boolean, seed: number) {
    this.sharing = strategy.name;
    for (const [name, specifications] of requests) {
      const allocated = strategy.allocate(specifications.map(({ shape }) => shape));
      this.allocations.set(name, allocated);
      for (const [suffix, shape] of allocated) {
        const key = name + suffix;
        // The largest candidate of this rank sets the scale: fan-in rules then fit the full tensor.
        const candidates = specifications.filter((specification) => specification.shape.length === shape.length && specification.shape.every((size, axis) => size <= shape[axis]!));
        const model = candidates.reduce((best, candidate) => (volume(candidate.shape) > volume(best.shape) ? candidate : best));
        const tensor = engine.upload(initialValues(model.initializer, shape, seed, key), shape);
        this.weights.set(key, { key, shape, role: model.role, decay: model.decay, tensor, state: [], updates: 0 });
      }
    }
    this.layout = layoutHash(this.sharing, this.weights.values());
  }

  uses(net: Net): NetUses {
    let uses = this.known.get(net);
    if (uses === undefined) this.known.set(net, (uses = this.findUses(net)));
    return uses;
  }

  private findUses(net: Net): NetUses {
    const boxes = new Map<string, Region>();
    const found = net.nodes.map((node) => (node.kind === "operator" ? this.nodeUses(net, node) : []));
    for (const { key, region } of found.flat()) {
      const box = boxes.get(key);
      boxes.set(key, box === undefined ? region : enclose(box, region));
    }
    const places = new Map([...boxes.keys()].map((key, index) => [key, index]));
    const weights = [...boxes].map(([key, region]): NetWeight => {
      const weight = this.weights.get(key)!;
      return { weight, region, whole: isWhole(region, weight.shape) };
    });
    const nodes = found.map((list) => list.map(({ key, region, specification }): NodeWeight => {
      const index = places.get(key)!;
      const box = weights[index]!.region;
      return { name: specification.name, index, specification, region: { begin: region.begin.map((start, axis) => start - box.begin[axis]!), size: region.size }, whole: isWhole(region, box.size) };
    }));
    return { weights, nodes };
  }

  private nodeUses(net: Net, node: NetOperator): readonly { readonly key: string; readonly region: Region; readonly specification: WeightSpecification }[] {
    const specifications = operatorNamed(node.operator).weights(node.inputs.map((input) => net.nodes[input]!.shape), node.attributes);
    return specifications.map((specification) => {
      const name = `${node.weightKey}/${specification.name}`;
      const allocated = this.allocations.get(name);
      if (allocated === undefined) throw new Error(`the store has no weight \`${name}\``);
      const { suffix, region } = this.strategy.locate(specification, allocated);
      const weight = this.weights.get(name + suffix);
      if (weight === undefined || region.size.some((size, axis) => region.begin[axis]! + size > weight.shape[axis]!)) {
        throw new Error(`\`${name}\` of size ${specification.shape.join("x")} does not fit the store (${weight?.shape.join("x") ?? "absent"})`);
      }
      return { key: name + suffix, region, specification };
    });
  }

  gather(uses: NetUses): EngineTensor[] {
    return uses.weights.map(({ weight, region, whole }) => (whole ? weight.tensor : this.engine.readRegion(weight.tensor, region.begin, region.size)));
  }

  prepareState(count: number): void {
    this.releaseState();
    for (const weight of this.weights.values()) {
      weight.updates = 0;
      if (weight.role === "parameter") weight.state = Array.from({ length: count }, () => this.engine.upload(new Float32Array(volume(weight.shape)), weight.shape));
    }
  }

  releaseState(): void {
    for (const weight of this.weights.values()) {
      this.engine.dispose(...weight.state);
      weight.state = [];
    }
  }

  dispose(): void {
    this.releaseState();
    for (const weight of this.weights.values()) this.engine.dispose(weight.tensor);
    this.weights.clear();
  }
}

/** The store of a whole space: every weight at the largest size (or at each size) that an architecture reaches. */
export function createSpaceStore(engine: Engine, space: Space, seed: number): WeightStore {
  return new Store(engine, sharingStrategy(space.sharing), spaceRequests(space), true, seed);
}

/** The store of one network alone. `sharing` must be that of the space where weights are inherited from one. */
export function createNetStore(engine: Engine, net: Net, seed: number, sharing: SharingName = "slice"): WeightStore {
  return new Store(engine, sharingStrategy(sharing), netRequests(net), false, seed);
}
