/**
 * A tiny space by hand (width, kernel and a choice between a convolution and a skip), its networks, and a data set that a network of
 * that size can learn in a few dozen steps.
 */
import type { Dataset, Examples } from "../../../src/data/dataset.js";
import type { Net, NetNode } from "../../../src/ir/net.js";
import type { OptimizerPlan, TrainPlan } from "../../../src/ir/plan.js";
import type { Architecture, Decision, SharingStrategy, Space, SpaceNode, Value } from "../../../src/ir/space.js";
import { isProblem, type Attributes, type AttributeValue, type Shape } from "../../../src/ops/operator.js";
import { operators } from "../../../src/ops/registry.js";
import { randomStream } from "../../../src/random/stream.js";
import { createEngine } from "../../../src/runtime/create-engine.js";
import type { Engine } from "../../../src/runtime/engine.js";

export const WIDTHS = [4, 6, 8];
export const KERNELS = [3, 5];
export const MIX = ["conv", "skip"];
const DOMAINS: readonly (readonly AttributeValue[])[] = [WIDTHS, KERNELS, MIX];
const WIDTH = 0;
const KERNEL = 1;
const CHOICE = 2;

/** The attributes of a call: positional arguments, then named ones, then defaults. */
export function attributesOf(operator: string, positional: readonly AttributeValue[], named: Attributes = {}): Attributes {
  const bound: Record<string, AttributeValue> = {};
  operators.get(operator)!.parameters.forEach((parameter, index) => {
    const value = positional[index] ?? named[parameter.name] ?? parameter.defaultValue;
    if (value === undefined) throw new Error(`${operator}: no ${parameter.name}`);
    bound[parameter.name] = value;
  });
  return bound;
}

export interface Call { readonly operator: string; readonly path: string; readonly positional?: readonly AttributeValue[]; readonly named?: Attributes }

/** A chain of calls as a network. */
export function chain(name: string, input: Shape, calls: readonly Call[]): Net {
  const nodes: NetNode[] = [{ kind: "input", id: 0, name: "image", element: "f32", shape: input, path: "image" }];
  for (const { operator, path, positional = [], named = {} } of calls) {
    const attributes = attributesOf(operator, positional, named);
    const shape = operators.get(operator)!.shape([nodes.at(-1)!.shape], attributes);
    if (isProblem(shape)) throw new Error(shape.detail);
    nodes.push({ kind: "operator", id: nodes.length, operator, inputs: [nodes.length - 1], attributes, shape: shape.shape, path, weightKey: path });
  }
  return { name, nodes, outputs: [{ name: "classes", node: nodes.length - 1 }] };
}

/** The network of an architecture [width, kernel, choice] of the tiny space; `drop` adds a dropout before the last layer. */
export function netOf(architecture: Architecture, options: { drop?: boolean; side?: number } = {}): Net {
  const width = WIDTHS[architecture[WIDTH]!]!;
  const side = options.side ?? 8;
  const middle: Call[] = architecture[CHOICE] === 0
    ? [{ operator: "conv", path: "mix.conv/conv", positional: [width], named: { kernel: KERNELS[architecture[KERNEL]!]! } }, { operator: "batch_norm", path: "mix.conv/batch_norm" }]
    : [{ operator: "identity", path: "mix.skip/identity" }];
  return chain(`tiny-${architecture.join("")}`, [side, side, 1], [
    { operator: "conv", path: "stem/conv", positional: [width], named: { kernel: 3 } },
    { operator: "batch_norm", path: "stem/batch_norm" },
    { operator: "relu", path: "stem/relu" },
    ...middle,
    { operator: "relu", path: "relu" },
    { operator: "global_pool", path: "global_pool" },
    ...(options.drop ? [{ operator: "dropout", path: "dropout", positional: [0.3] }] : []),
    { operator: "dense", path: "dense", positional: [3] },
  ]);
}

export const ALL: readonly Architecture[] = WIDTHS.flatMap((_, width) => [[width, 0, 0], [width, 1, 0], [width, 0, 1]]);

function over<T extends AttributeValue>(scope: readonly number[], f: (...values: readonly AttributeValue[]) => T): Value<T> {
  let cells: (readonly AttributeValue[])[] = [[]];
  for (const id of scope) cells = cells.flatMap((prefix) => DOMAINS[id]!.map((value) => [...prefix, value]));
  return { scope, cells: cells.map((values) => f(...values)) };
}

/** The same space as Space IR. */
export function tinySpace(sharing: SharingStrategy = "slice"): Space {
  const always = over<boolean>([], () => true);
  const decision = (id: number, path: string, guard: Value<boolean>): Decision => ({ kind: "decision", id, binding: "choose", path, domain: DOMAINS[id]!, labels: DOMAINS[id]!.map(String), guard, allowed: DOMAINS[id]!.map(() => always) });
  const isConv = over<boolean>([CHOICE], (mix) => mix === "conv");
  const isSkip = over<boolean>([CHOICE], (mix) => mix === "skip");
  const map = over<readonly number[]>([WIDTH], (width) => [8, 8, width as number]);
  const nodes: SpaceNode[] = [{ kind: "input", id: 0, name: "image", element: "f32", shape: over([], () => [8, 8, 1]), guard: always, path: "image" }];
  const call = (operator: string, path: string, input: number, shape: Value<readonly number[]>, guard: Value<boolean>, attributes: Readonly<Record<string, Value>>): void => {
    nodes.push({ kind: "operator", id: nodes.length, operator, inputs: [input], attributes, weightKey: path, guard, shape, path });
  };
  const fixed = (operator: string, positional: readonly AttributeValue[] = [], named: Attributes = {}): Record<string, Value> => Object.fromEntries(Object.entries(attributesOf(operator, positional, named)).map(([name, value]) => [name, over([], () => value)]));
  const channels = operators.get("conv")!.parameters[0]!.name;
  const width = over([WIDTH], (value) => value);
  call("conv", "stem/conv", 0, map, always, { ...fixed("conv", [4], { kernel: 3 }), [channels]: width });
  call("batch_norm", "stem/batch_norm", 1, map, always, fixed("batch_norm"));
  call("relu", "stem/relu", 2, map, always, fixed("relu"));
  call("conv", "mix.conv/conv", 3, map, isConv, { ...fixed("conv", [4], { kernel: 3 }), [channels]: width, kernel: over([KERNEL], (value) => value) });
  call("batch_norm", "mix.conv/batch_norm", 4, map, isConv, fixed("batch_norm"));
  call("identity", "mix.skip/identity", 3, map, isSkip, fixed("identity"));
  nodes.push({ kind: "select", id: 7, inputs: [5, 6], selector: over<number>([CHOICE], (mix) => MIX.indexOf(mix as string)), guard: always, shape: map, path: "mix" });
  call("relu", "relu", 7, map, always, fixed("relu"));
  call("global_pool", "global_pool", 8, over([WIDTH], (value) => [value as number]), always, fixed("global_pool"));
  call("dense", "dense", 9, over([], () => [3]), always, fixed("dense", [3]));
  return {
    name: "tiny", nodes, inputs: [0], outputs: [{ name: "classes", node: 10 }], constraints: [], sharing,
    variables: [decision(WIDTH, "width", always), decision(KERNEL, "mix.kernel", isConv), decision(CHOICE, "mix", always)],
  };
}

/** Three classes of 8x8 images: a horizontal, a vertical and a diagonal bar under noise. */
export function bars(count = 96, side = 8): Dataset {
  const draw = (examples: number, part: string): Examples => {
    const random = randomStream(5, `bars/${part}`);
    const images = new Uint8Array(examples * side * side);
    const labels = Uint8Array.from({ length: examples }, (_, row) => row % 3);
    for (let row = 0; row < examples; row++) {
      const offset = 1 + random.integer(side - 2);
      for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++) {
          const inside = labels[row] === 0 ? y === offset : labels[row] === 1 ? x === offset : (x + y) % side === offset;
          images[(row * side + y) * side + x] = Math.round((inside ? 160 : 0) + 80 * random.uniform());
        }
      }
    }
    return { count: examples, images, labels };
  };
  return { name: "bars", height: side, width: side, channels: 1, classes: 3, train: draw(count, "train"), validation: draw(48, "validation"), test: draw(48, "test"), mean: [70], deviation: [60] };
}

export const optimizer = (more: Partial<OptimizerPlan> = {}): OptimizerPlan => ({ kind: "sgd", rate: 0.1, momentum: 0.9, beta1: 0.9, beta2: 0.999, weightDecay: 1e-3, schedule: "cosine", warmup: 0, clip: 0, ...more });
export const trainPlan = (more: Partial<TrainPlan> = {}): TrainPlan => ({ epochs: 5, batch: 16, optimizer: optimizer(), labelSmoothing: 0.1, augment: { flip: false, shift: 1 }, ...more });

export async function engineForTests(): Promise<Engine> {
  const engine = await createEngine();
  if (!engine.ok) throw new Error(JSON.stringify(engine.diagnostics));
  return engine.value;
}

export function architectureAt(seed: number, step: number): Architecture {
  return ALL[randomStream(seed, "test path", step).integer(ALL.length)]!;
}
