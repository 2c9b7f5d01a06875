/**
 * The weights of a supernet (or of one network): every named weight once, at the size its sharing strategy allocates, on the
 * engine's heap, with room for optimizer state beside. A network reads regions of these tensors.
 */
import { createHash } from "node:crypto";
import type { Net, NetOperator } from "../ir/net.js";
import type { SharingStrategy as SharingName, Space } from "../ir/space.js";
import type { Initializer, Shape, WeightSpecification } from "../ops/operator.js";
import { randomStream, type RandomStream } from "../random/stream.js";
import { netRequests, operatorNamed, spaceRequests, type Requests } from "./allocation.js";
import type { Engine, EngineTensor } from "./engine.js";
import { sharingStrategy, sizesAmong, turnsAmong, type Region, type Sharing } from "./sharing.js";
import type { AxisSizes } from "./channel-starts.js";
import { WeightUses, type WeightPlace } from "./weight-uses.js";

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

/** A stored tensor as one network uses it: the box around all its uses, and disjoint boxes of what is used. */
export interface NetWeight { readonly weight: StoredWeight; readonly region: Region; readonly whole: boolean; readonly used: readonly Region[] }

/** One weight of one node: which net weight, and its part of that box (which may go over an end of it). */
export interface NodeWeight { readonly name: string; readonly index: number; readonly region: Region; readonly whole: boolean; readonly specification: WeightSpecification }

/** `nodes` are those of the first turn; `turns` of each that was asked for. */
export interface NetUses { readonly weights: readonly NetWeight[]; readonly nodes: readonly (readonly NodeWeight[])[]; readonly turns: readonly (readonly (readonly NodeWeight[])[])[] }

export interface WeightStore {
  readonly engine: Engine;
  readonly sharing: SharingName;
  /** True for a space: running statistics of such a store mean nothing, networks are recalibrated before they are judged. */
  readonly supernet: boolean;
  readonly weights: ReadonlyMap<string, StoredWeight>;
  /** Hash of names, shapes and sharing: two stores with the same one can exchange their tensors. */
  readonly layout: string;
  /** Which regions a network uses in its first turn (remembered per network), or in several turns at once. */
  uses(net: Net, turns?: readonly number[]): NetUses;
  /** Where sharing gives a candidate several places: the turns that a training step takes, drawn from the step's stream. */
  turns(random: RandomStream): readonly number[];
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

/** What a new store's tensors hold. */
type InitialValues = (initializer: Initializer, shape: Shape, key: string) => Float32Array;

const drawn = (seed: number): InitialValues => (initializer, shape, key) => initialValues(initializer, shape, seed, key);

const FIRST: readonly number[] = [0];
/** No axis has as many starts. */
const TURNS = 2 ** 30;

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
  private readonly found = new WeightUses((net, node, turn) => this.placesOf(net, node, turn));
  /** The sizes among which candidates find their channels; absent where they take leading ones. */
  private readonly sizes = new Map<string, readonly AxisSizes[]>();
  private turnCount = 1;

  /** Names in `joined` belong to several places, whose sizes may differ within one network: there leading channels are taken. */
  constructor(readonly engine: Engine, private readonly strategy: Sharing, requests: Requests, readonly supernet: boolean, valuesOf: InitialValues, joined: ReadonlySet<string>) {
    this.sharing = strategy.name;
    for (const [name, specifications] of requests) {
      const allocated = strategy.allocate(specifications.map(({ shape }) => shape));
      this.allocations.set(name, allocated);
      const sizes = joined.has(name.slice(0, name.lastIndexOf("/"))) ? undefined : sizesAmong(strategy.name, specifications);
      if (sizes !== undefined) {
        this.sizes.set(name, sizes);
        this.turnCount = Math.max(this.turnCount, turnsAmong(strategy.name, specifications[0]!, sizes));
      }
      for (const [suffix, shape] of allocated) {
        const key = name + suffix;
        // The largest candidate of this rank sets the scale: fan-in rules then fit the full tensor.
        const candidates = specifications.filter((specification) => specification.shape.length === shape.length && specification.shape.every((size, axis) => size <= shape[axis]!));
        const model = candidates.reduce((best, candidate) => (volume(candidate.shape) > volume(best.shape) ? candidate : best));
        const tensor = engine.upload(valuesOf(model.initializer, shape, key), shape);
        this.weights.set(key, { key, shape, role: model.role, decay: model.decay, tensor, state: [], updates: 0 });
      }
    }
    this.layout = layoutHash(this.sharing, this.weights.values());
  }

  turns(random: RandomStream): readonly number[] {
    if (this.turnCount === 1) return FIRST;
    switch (this.sharing) {
      case "slice": case "separate": case "chained": return FIRST;
      case "both_ends": return [0, 1];
      // Axes of other numbers of starts take the remainder, so the bound is far above all of them.
      case "cyclic": return [random.integer(TURNS)];
    }
  }

  uses(net: Net, turns: readonly number[] = FIRST): NetUses {
    if (turns !== FIRST) return this.found.find(net, turns);
    let uses = this.known.get(net);
    if (uses === undefined) this.known.set(net, (uses = this.found.find(net, turns)));
    return uses;
  }

  private placesOf(net: Net, node: NetOperator, turn: number): readonly WeightPlace[] {
    const specifications = operatorNamed(node.operator).weights(node.inputs.map((input) => net.nodes[input]!.shape), node.attributes);
    return specifications.map((specification) => {
      const name = `${node.weightKey}/${specification.name}`;
      const allocated = this.allocations.get(name);
      if (allocated === undefined) throw new Error(`the store has no weight \`${name}\``);
      const sizes = this.sizes.get(name);
      const { suffix, region } = this.strategy.locate(specification, allocated, sizes === undefined ? undefined : { sizes, turn });
      const weight = this.weights.get(name + suffix);
      if (weight === undefined || region.size.some((size, axis) => size > weight.shape[axis]!)) {
        throw new Error(`\`${name}\` of size ${specification.shape.join("x")} does not fit the store (${weight?.shape.join("x") ?? "absent"})`);
      }
      return { weight, region, specification };
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

/** Names that several nodes read. */
function joinedNames(nodes: readonly { readonly kind: string; readonly weightKey?: string }[]): ReadonlySet<string> {
  const keys = nodes.flatMap(({ weightKey }) => (weightKey === undefined ? [] : [weightKey]));
  const seen = new Set<string>();
  return new Set(keys.filter((key) => seen.size === seen.add(key).size));
}

/** The store of a whole space: every weight at the largest size (or at each size) that an architecture reaches. */
export function createSpaceStore(engine: Engine, space: Space, seed: number): WeightStore {
  return new Store(engine, sharingStrategy(space.sharing), spaceRequests(space), true, drawn(seed), joinedNames(space.nodes));
}

/** The same with values that are there, by key; zeros where there are none of the tensor's size. */
export function spaceStoreOf(engine: Engine, space: Space, valuesOf: (key: string) => Float32Array | undefined): WeightStore {
  const given: InitialValues = (_, shape, key) => {
    const values = valuesOf(key);
    return values?.length === volume(shape) ? values : new Float32Array(volume(shape));
  };
  return new Store(engine, sharingStrategy(space.sharing), spaceRequests(space), true, given, joinedNames(space.nodes));
}

/** The store of one network alone. `sharing` must be that of the space where weights are inherited from one. */
export function createNetStore(engine: Engine, net: Net, seed: number, sharing: SharingName = "slice"): WeightStore {
  return new Store(engine, sharingStrategy(sharing), netRequests(net), false, drawn(seed), joinedNames(net.nodes));
}
