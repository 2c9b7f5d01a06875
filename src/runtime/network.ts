/**
 * Executes one network: operators in order, weights from a store. In training every intermediate lives until the step's scope ends
 * (the tape needs it); otherwise each is freed after its last use.
 */
import type { Net, NetOperator } from "../ir/net.js";
import type { RandomStream } from "../random/stream.js";
import { operatorNamed } from "./allocation.js";
import type { Engine, EngineTensor } from "./engine.js";
import type { Region } from "./sharing.js";
import type { NetUses, NodeWeight, WeightStore } from "./weight-store.js";

/**
 * `training`: batch statistics, dropout, all intermediates kept. `recalibration`: batch statistics in the layers that carry running
 * ones, everything else as in inference. `inference`: running statistics, no randomness.
 */
export type RunMode = "training" | "recalibration" | "inference";

export interface RunOptions {
  readonly mode: RunMode;
  /** The step's stream, needed in training (dropout, drop-path). */
  readonly random?: RandomStream;
  /** Receives batch statistics. `value` is freed when the caller's scope ends. */
  readonly observe?: (node: NetOperator, weight: string, value: EngineTensor) => void;
  /** Tensors in the place of `store.gather(store.uses(net))`, e.g. the parameters a gradient is taken for. */
  readonly weights?: readonly EngineTensor[];
  /** Which parts of those tensors each node reads, where that is not `store.uses(net).nodes`: a turn of `store.uses(net, turns)`. */
  readonly nodes?: NetUses["nodes"];
}

/** Images [n, height, width, channels], or one tensor for each input by name. */
export type NetInputs = EngineTensor | Readonly<Record<string, EngineTensor>>;

function isTensor(inputs: NetInputs): inputs is EngineTensor {
  return Array.isArray((inputs as EngineTensor).shape);
}

function weightsOf(engine: Engine, uses: readonly NodeWeight[], tensors: readonly EngineTensor[]): Record<string, EngineTensor> {
  const weights: Record<string, EngineTensor> = {};
  for (const { name, index, region, whole } of uses) weights[name] = whole ? tensors[index]! : partOf(engine, tensors[index]!, region);
  return weights;
}

/** A region of a tensor; along an axis that it goes over the end of, what lies at the end comes before what lies at the front. */
export function partOf(engine: Engine, tensor: EngineTensor, { begin, size }: Region): EngineTensor {
  const { library } = engine;
  return begin.reduce((part, first, axis) => {
    const [extent, length] = [part.shape[axis]!, size[axis]!];
    if (first === 0 && length === extent) return part;
    const along = (start: number, count: number): EngineTensor => library.slice(part, part.shape.map((_, at) => (at === axis ? start : 0)), part.shape.map((all, at) => (at === axis ? count : all)));
    return first + length <= extent ? along(first, length) : library.concat([along(first, extent - first), along(0, first + length - extent)], axis);
  }, tensor);
}

/** True where the node carries running statistics (batch norm). */
function hasStatistics(uses: readonly NodeWeight[]): boolean {
  return uses.some(({ specification }) => specification.role === "statistic");
}

/** The index of the last node that reads each node; outputs are never released. */
function lastUses(net: Net): number[] {
  const last = net.nodes.map((node) => node.id);
  for (const node of net.nodes) if (node.kind === "operator") for (const input of node.inputs) last[input] = Math.max(last[input]!, node.id);
  for (const { node } of net.outputs) last[node] = Number.POSITIVE_INFINITY;
  return last;
}

function runOperator(engine: Engine, net: Net, node: NetOperator, uses: readonly NodeWeight[], tensors: readonly EngineTensor[], values: readonly (EngineTensor | undefined)[], options: RunOptions): EngineTensor {
  const training = options.mode === "training" || (options.mode === "recalibration" && hasStatistics(uses));
  let random: RandomStream | undefined;
  return operatorNamed(node.operator).forward<EngineTensor>({
    library: engine.library,
    inputs: node.inputs.map((input) => values[input]!),
    inputShapes: node.inputs.map((input) => net.nodes[input]!.shape),
    outputShape: node.shape,
    attributes: node.attributes,
    weights: weightsOf(engine, uses, tensors),
    training,
    uniform(shape) {
      random ??= options.random?.child(node.path);
      if (random === undefined) throw new Error(`\`${node.path}\` draws random numbers, but the run has no random stream`);
      const draws = new Float32Array(shape.reduce((product, size) => product * size, 1));
      for (let i = 0; i < draws.length; i++) draws[i] = random.uniform();
      return engine.library.constant(draws, shape);
    },
    observe: (weight, value) => options.observe?.(node, weight, value),
  });
}

/**
 * The outputs of `net` by name. Must run inside an `engine.scope` (or a gradient) that frees what is left over; the outputs are the
 * caller's.
 */
export function runNet(engine: Engine, net: Net, store: WeightStore, images: NetInputs, options: RunOptions): Record<string, EngineTensor> {
  const nodes = options.nodes ?? store.uses(net).nodes;
  const tensors = options.weights ?? store.gather(store.uses(net));
  const values: (EngineTensor | undefined)[] = [];
  const foreign = new Set<EngineTensor>(tensors);
  const last = options.mode === "training" ? undefined : lastUses(net);
  for (const node of net.nodes) {
    if (node.kind === "input") {
      const given = isTensor(images) ? images : images[node.name];
      if (given === undefined) throw new Error(`no tensor for input \`${node.name}\``);
      foreign.add(given);
      values[node.id] = given;
    } else if (last === undefined) {
      values[node.id] = runOperator(engine, net, node, nodes[node.id]!, tensors, values, options);
    } else {
      values[node.id] = engine.scope(() => runOperator(engine, net, node, nodes[node.id]!, tensors, values, options));
      release(engine, values, last, node.id, foreign);
    }
  }
  return Object.fromEntries(net.outputs.map(({ name, node }) => [name, values[node]!]));
}

/** Frees the values that no later node reads. An operator may hand its input through, so a tensor can stand in several places. */
function release(engine: Engine, values: (EngineTensor | undefined)[], last: readonly number[], now: number, foreign: ReadonlySet<EngineTensor>): void {
  for (let id = 0; id <= now; id++) {
    const value = values[id];
    if (value === undefined || last[id]! > now) continue;
    values[id] = undefined;
    if (!foreign.has(value) && !values.includes(value)) engine.dispose(value);
  }
}
