/**
 * Networks to export: one around every operator in each of its forms, random hybrid ones, weights for them that are nowhere trivial,
 * and what the runtime makes of them.
 */
import type { Net, NetNode } from "../../src/ir/net.js";
import { isProblem, type Attributes, type Shape } from "../../src/ops/operator.js";
import { operators } from "../../src/ops/registry.js";
import { randomStream } from "../../src/random/stream.js";
import type { Engine } from "../../src/runtime/engine.js";
import { extractWeights, storeFromWeights, type NetWeights } from "../../src/runtime/extract.js";
import { runNet } from "../../src/runtime/network.js";
import { createNetStore } from "../../src/runtime/weight-store.js";

export const EXAMPLES = 2;

export const volume = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

/** Adds nodes by operator name; attributes that are left out take their defaults. */
export class NetBuilder {
  readonly nodes: NetNode[] = [];
  constructor(private readonly name: string) {}

  input(name: string, shape: Shape, element: "f32" | "tokens" = "f32"): number {
    this.nodes.push({ kind: "input", id: this.nodes.length, name, element, shape, path: name });
    return this.nodes.length - 1;
  }

  call(operator: string, inputs: readonly number[], given: Attributes = {}, path = `${operator}[${this.nodes.length}]/${operator}`, weightKey = path): number {
    const definition = operators.get(operator)!;
    const defaults = Object.fromEntries(definition.parameters.map((parameter) => [parameter.name, parameter.defaultValue ?? null]));
    const attributes = { ...defaults, ...given };
    const shape = definition.shape(inputs.map((input) => this.nodes[input]!.shape), attributes);
    if (isProblem(shape)) throw new Error(`${operator}: ${shape.problem}: ${shape.detail}`);
    this.nodes.push({ kind: "operator", id: this.nodes.length, operator, inputs, attributes, shape: shape.shape, path, weightKey });
    return this.nodes.length - 1;
  }

  shape(node: number): Shape { return this.nodes[node]!.shape; }

  build(outputs: Readonly<Record<string, number>>): Net {
    return { name: this.name, nodes: this.nodes, outputs: Object.entries(outputs).map(([name, node]) => ({ name, node })) };
  }
}

const pixels = { tag: "pixels", arguments: { top: 1, bottom: 0, left: 2, right: 1 } };

/** [operator, input shapes, attributes]. Every operator of the registry is here. */
export const operatorCases: readonly (readonly [string, readonly Shape[], Attributes])[] = [
  ["add", [[7, 6, 3]], { channels: 5 }],
  ["add", [[7, 6, 4]], { channels: 6, kernel: [3, 2], stride: 2, padding: pixels, dilation: 2 }],
  ["add", [[4, 4, 4]], { channels: 4, groups: 4 }],
  ["attention", [[6, 8]], { heads: 2 }],
  ["attention", [[6, 8]], { heads: 2, causal: true, dim: 3, value_dim: 5 }],
  ["attention", [[4, 4, 8]], { heads: 2 }],
  ["attention", [[6, 8]], { heads: 2, kind: { tag: "linear", arguments: { feature: "elu", epsilon: 1e-6 } } }],
  ["attention", [[70, 4]], { heads: 2, kind: { tag: "linear", arguments: { feature: "cos", epsilon: 1e-6 } }, causal: true }],
  ["attention", [[6, 6, 8]], { heads: 2, kind: { tag: "local", arguments: { window: 3 } } }],
  ["attention", [[5, 6, 8]], { heads: 2, kind: "axial" }],
  ["attention", [[6, 8], [4, 8]], { heads: 2 }],
  ["masked_attention", [[2, 5, 3], [2, 5, 3], [2, 5, 4]], { mask: { tag: "banded", arguments: { global: 1, entries: 7 } } }],
  ["masked_attention", [[1, 5, 3], [2, 5, 3], [3, 5, 4]], { mask: "all" }],
  ["average_pool", [[7, 6, 3]], { size: 3, stride: 2 }],
  ["average_pool", [[7, 6, 3]], { size: 3, stride: 2, padding: pixels }],
  ["batch_norm", [[4, 4, 3]], {}],
  ["batch_norm", [[5]], {}],
  ["channel_shuffle", [[3, 3, 6]], { groups: 3 }],
  ["class_token", [[5, 4]], {}],
  ["concat", [[3, 3, 2], [3, 3, 4]], {}],
  ["concat", [[3, 4], [2, 4]], { axis: 0 }],
  ["conv", [[7, 6, 3]], { channels: 5, bias: true }],
  ["conv", [[7, 6, 4]], { channels: 6, kernel: [3, 2], stride: 2, groups: 2 }],
  ["conv", [[9, 8, 3]], { channels: 4, kernel: 3, stride: 2, dilation: 2 }],
  ["conv", [[9, 8, 3]], { channels: 4, kernel: 3, padding: pixels }],
  ["conv", [[7, 6, 3]], { channels: 5, precision: { tag: "quantized", arguments: { weights: 3, activations: 4 } }, sparsity: 0.4 }],
  ["conv", [[5, 5, 2]], { channels: 3, precision: { tag: "quantized", arguments: { weights: 1, activations: null } } }],
  ["dense", [[6]], { channels: 4 }],
  ["dense", [[3, 6]], { channels: 4, sparsity: 0.7 }],
  ["depthwise", [[7, 6, 3]], { kernel: 3, precision: { tag: "quantized", arguments: { weights: 4, activations: 6 } } }],
  ["dense", [[3, 6]], { channels: 4, bias: false }],
  ["depthwise", [[7, 6, 3]], { kernel: 5, stride: 2, multiplier: 2, bias: true }],
  ["depthwise", [[9, 9, 2]], { kernel: 3, stride: 2, dilation: 2, padding: "valid" }],
  ["divided_by", [[4, 3], [4, 3]], {}],
  ["drop_path", [[4]], { rate: 0.5 }],
  ["dropout", [[4]], { rate: 0.5 }],
  ["gelu", [[9]], {}],
  ["global_pool", [[4, 5, 3]], {}],
  ["global_pool", [[4, 5, 3]], { kind: "max" }],
  ["to_map", [[6, 4]], { height: 3 }],
  ["group_norm", [[4, 4, 6]], { groups: 3 }],
  ["hswish", [[9]], {}],
  ["identity", [[4]], {}],
  ["layer_norm", [[5, 8]], {}],
  ["max_pool", [[7, 6, 3]], { size: 3, stride: 2 }],
  ["max_pool", [[7, 6, 3]], { size: 3, stride: 2, padding: pixels }],
  ["minus", [[4, 3], [4, 3]], {}],
  ["offset", [[4, 3]], { amount: 0.5 }],
  ["offset", [[4, 3]], { amount: 0.5, learned: true }],
  ["patches", [[8, 6, 3]], { size: 2 }],
  ["plus", [[4, 3], [4, 3]], {}],
  ["position_embedding", [[5, 4]], {}],
  ["relu", [[9]], {}],
  ["relu6", [[9]], {}],
  ["reshape", [[4, 6]], { shape: [8, 3] }],
  ["scale", [[4, 3]], { factor: 0.5 }],
  ["scale", [[4, 3]], { factor: 0.5, learned: true }],
  ["shift", [[7, 6, 3]], { channels: 5, bias: true }],
  ["shift", [[7, 6, 4]], { channels: 6, mode: "ps", stride: 2, groups: 2 }],
  ["shift", [[7, 6, 4]], { channels: 6, fixed_point: false, dilation: 2 }],
  ["sigmoid", [[9]], {}],
  ["silu", [[9]], {}],
  ["slice", [[5, 6]], { begin: 1, size: 3 }],
  ["softmax", [[3, 5]], {}],
  ["split", [[5, 6]], { parts: 3, index: 1 }],
  ["tanh", [[9]], {}],
  ["times", [[4, 4, 3], [3]], {}],
  ["to_tokens", [[3, 4, 5]], {}],
  ["upsample", [[3, 4, 2]], { factor: 2 }],
  ["upsample", [[3, 4, 2]], { factor: 2, method: "bilinear" }],
  ["matmul", [[2, 3, 4], [2, 4, 5]], {}],
  ["matmul", [[3, 4], [5, 4]], { transposed: true }],
  ["transpose", [[2, 3, 4]], { order: [1, 2, 0] }],
  ["edge_bias", [[3, 2, 4]], { map: [5, 4], kernel: [3, 2], stride: 2 }],
  ["neighbours", [[4, 3, 2]], { kernel: [3, 2] }],
  ["position_bias", [[2, 4, 16]], { map: 2, stride: 2 }],
  ["position_bias", [[2, 6, 6]], { map: [2, 3], signed: true }],
  ["relative_scores", [[2, 4, 3]], { table: "learned" }],
  ["relative_scores", [[4, 6]], { table: "waves", reverse: true }],
  ["relative_values", [[2, 3, 3]], { channels: 4 }],
  ["map_scores", [[2, 4, 3]], { map: [2, 2], distance: 1 }],
  ["map_values", [[2, 5, 5]], { channels: 4, map: [2, 2], distance: 1 }],
  ["zero", [[4]], {}],
];

/** A network of one operator. `relu` of what it gives is added, so that even an operator that hands its input through has a result of its own. */
export function singleNet(operator: string, shapes: readonly Shape[], attributes: Attributes): Net {
  const builder = new NetBuilder(`only ${operator}`);
  const inputs = shapes.map((shape, index) => builder.input(index === 0 ? "x" : `x${index}`, shape));
  const result = builder.call(operator, inputs, attributes);
  return builder.build({ y: builder.call("plus", [result, builder.call("relu", [result])]) });
}

/** Token indices through an embedding. */
export function tokenNet(): Net {
  const builder = new NetBuilder("words");
  const x = builder.call("embed", [builder.input("words", [5], "tokens")], { vocabulary: 11, width: 8 });
  return builder.build({ meaning: builder.call("attention", [builder.call("position_embedding", [x])], { heads: 2 }) });
}

/** A random hybrid classifier: residual layers that multiply, shift, add or attend, at mixed widths, with a shared head. */
export function hybridNet(seed: number): Net {
  const random = randomStream(seed, "hybrid network");
  const pick = <T>(options: readonly T[]): T => options[random.integer(options.length)]!;
  const builder = new NetBuilder(`hybrid-${seed}`);
  const width = pick([8, 12]);
  let x = builder.call("conv", [builder.input("image", [12, 10, 3])], { channels: width, stride: pick([1, 2]) }, "stem/conv");
  x = builder.call("relu", [builder.call("batch_norm", [x], {}, "stem/batch_norm")], {}, "stem/relu");
  for (let layer = 1; layer <= 4; layer++) {
    const kind = pick(["conv", "shift", "add", "depthwise", "attention", "zero"]);
    const path = `mix[${layer}].${kind}`;
    const attributes: Attributes = kind === "attention" ? { heads: pick([2, 4]), kind: pick(["softmax", "axial"]) } : kind === "zero" ? {} : kind === "depthwise" ? { kernel: pick([3, 5]) } : { channels: width, kernel: pick([1, 3]) };
    let branch = builder.call(kind, [x], attributes, `${path}/${kind}`);
    if (kind !== "zero") branch = builder.call("batch_norm", [branch], {}, `${path}/batch_norm`);
    x = builder.call(pick(["relu", "gelu", "hswish"]), [builder.call("plus", [x, branch], {}, `x[${layer}]/plus`)], {}, `x[${layer}]/act`);
  }
  const pooled = builder.call("global_pool", [x], {}, "head/global_pool");
  return builder.build({ classes: builder.call("dense", [pooled], { channels: 5 }, "head/dense"), features: pooled });
}

/** Inputs by name with the examples in front; tokens are whole numbers below 11. */
export function inputsOf(net: Net, seed: number): Record<string, { readonly shape: number[]; readonly values: Float32Array; readonly element: "f32" | "tokens" }> {
  const random = randomStream(seed, "inputs");
  return Object.fromEntries(net.nodes.flatMap((node) => {
    if (node.kind !== "input") return [];
    const shape = [EXAMPLES, ...node.shape];
    const values = Float32Array.from({ length: volume(shape) }, () => (node.element === "tokens" ? random.integer(11) : random.normal()));
    return [[node.name, { shape, values, element: node.element }] as const];
  }));
}

/** Weights of the right sizes with values that no initializer gives: statistics away from 0 and 1, zeros among shift weights. */
export function weightsOf(engine: Engine, net: Net, seed: number, sharing: "slice" | "separate" = "slice"): NetWeights {
  const store = createNetStore(engine, net, seed, sharing);
  const random = randomStream(seed, "weights");
  const { tensors } = extractWeights(engine, store, net);
  const roles = new Map([...store.weights.values()].map(({ key, role }) => [key, role]));
  store.dispose();
  return {
    sharing,
    tensors: new Map([...tensors].map(([key, tensor]) => [key, { ...tensor, values: tensor.values.map((value) => (roles.get(key) === "statistic" ? 0.4 + random.uniform() : random.uniform() < 0.05 ? 0 : value + 0.3 * random.normal())) }])),
  };
}

/** The outputs of the runtime by name. */
export function reference(engine: Engine, net: Net, weights: NetWeights, inputs: ReturnType<typeof inputsOf>): Record<string, Float32Array> {
  const store = storeFromWeights(engine, net, weights, "test weights");
  if (!store.ok) throw new Error(JSON.stringify(store.diagnostics));
  const results: Record<string, Float32Array> = {};
  engine.scope(() => {
    const tensors = Object.fromEntries(Object.entries(inputs).map(([name, { shape, values, element }]) => [name, engine.upload(element === "tokens" ? Int32Array.from(values) : values, shape)]));
    for (const [name, tensor] of Object.entries(runNet(engine, net, store.value, tensors, { mode: "inference" }))) results[name] = engine.download(tensor).slice();
  });
  store.value.dispose();
  return results;
}

/** The largest difference between two lists, over the largest magnitude (at least 1). */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  let scale = 1;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference;
    scale = Math.max(scale, Math.abs(b[i]!));
  }
  return largest / scale;
}
