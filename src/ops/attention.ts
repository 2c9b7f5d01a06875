/**
 * Multi-head attention: projections to queries, keys and values, one of several kinds of mixing (one file each), and a projection
 * back to the channels of the input. A map is read as h * w tokens, row by row. A second input is the memory that keys and values
 * come from (cross attention). Projections are four separate tensors, so that a leading slice of each is a smaller attention.
 */
import { axialKind } from "./attention-axial.js";
import type { AttentionKind, AttentionSize } from "./attention-kind.js";
import { linearKind } from "./attention-linear.js";
import { localKind } from "./attention-local.js";
import { relativeKind } from "./attention-relative.js";
import { softmaxKind } from "./attention-softmax.js";
import { booleanOf, numberOf, optionalNumberOf, symbolOf } from "./attributes.js";
import { joinWorkloads, projection } from "./contraction.js";
import { defaultsOf, writtenShape } from "./guard.js";
import { channelWeight, glorotUniform } from "./initializers.js";
import { elements } from "./nests.js";
import type { Attributes, ForwardContext, Operator, OperatorProblem, Shape, WeightSpecification } from "./operator.js";
import type { Tensor, TensorLibrary } from "./tensor-library.js";
import type { VectorWork } from "./workload.js";

const kinds: readonly AttentionKind[] = [softmaxKind, linearKind, localKind, axialKind, relativeKind];

function kindOf(attributes: Attributes): { readonly kind: AttentionKind; readonly settings: Attributes } {
  const { tag, arguments: given } = symbolOf(attributes, "kind");
  const kind = kinds.find(({ member }) => member.name === tag) ?? softmaxKind;
  return { kind, settings: { ...defaultsOf(kind.member.parameters ?? []), ...given } };
}

const channelsOf = (shape: Shape): number => shape.at(-1) ?? 0;
const tokensOf = (shape: Shape): number => elements(shape.slice(0, -1));
const isTokensOrMap = (shape: Shape): boolean => shape.length === 2 || shape.length === 3;

function sizeOf(inputs: readonly Shape[], attributes: Attributes): AttentionSize {
  const x = inputs[0]!;
  const heads = numberOf(attributes, "heads");
  const dim = optionalNumberOf(attributes, "dim") ?? Math.floor(channelsOf(x) / heads);
  return {
    map: x.length === 3 ? [x[0]!, x[1]!] : undefined,
    heads, queries: tokensOf(x), keys: tokensOf(inputs[1] ?? x),
    dim, valueDim: optionalNumberOf(attributes, "value_dim") ?? dim,
  };
}

function headProblem(x: Shape, attributes: Attributes): OperatorProblem | undefined {
  const heads = numberOf(attributes, "heads");
  const channels = channelsOf(x);
  if (optionalNumberOf(attributes, "dim") !== undefined || channels % heads === 0) return undefined;
  const divisors = Array.from({ length: Math.min(channels, 64) }, (_, i) => i + 1).filter((divisor) => channels % divisor === 0);
  return {
    problem: `${heads} heads cannot share ${channels} channels`,
    detail: `channels ${channels} % heads ${heads} = ${channels % heads}`,
    help: `heads that divide them: ${divisors.join(", ")}; or give the channels of one head by \`dim\``,
    parameter: "heads",
  };
}

function causalProblem(x: Shape, memory: Shape, attributes: Attributes): OperatorProblem | undefined {
  if (!booleanOf(attributes, "causal") || tokensOf(x) === tokensOf(memory)) return undefined;
  return {
    problem: "causal `attention` needs as many keys as queries", detail: `queries ${tokensOf(x)}, keys ${tokensOf(memory)}`,
    help: "attention to a memory of another length is usually not causal: leave `causal` out", parameter: "causal",
  };
}

function problemOf(inputs: readonly Shape[], attributes: Attributes): OperatorProblem | undefined {
  const wrong = inputs.find((shape) => !isTokensOrMap(shape));
  if (wrong !== undefined) {
    return { problem: "`attention` needs tokens or a map", detail: `an input is ${writtenShape(wrong)}, not [tokens, channels] or [height, width, channels]` };
  }
  const x = inputs[0]!;
  const { kind, settings } = kindOf(attributes);
  const memory = inputs[1];
  if (memory !== undefined && !kind.crossAttention) {
    return { problem: `${kind.member.name} \`attention\` takes no second input`, detail: "its keys come from the neighbourhood of the queries", help: "use `softmax` or `linear` for cross attention", parameter: "kind" };
  }
  return headProblem(x, attributes) ?? causalProblem(x, memory ?? x, attributes) ?? kind.problem(inputs, settings);
}

/** [inputs, outputs], each axis sliced from the front, and its bias. */
function projectionWeights(name: string, inputs: number, outputs: number, bias: boolean): readonly WeightSpecification[] {
  const weight: WeightSpecification = { name, shape: [inputs, outputs], initializer: glorotUniform(inputs, outputs), axes: ["leading", "leading"], role: "parameter", decay: true };
  return bias ? [weight, channelWeight(`${name}_bias`, outputs, 0)] : [weight];
}

/** [n, ..., tokens, inputs] -> [n, tokens, outputs]. */
function project<T extends Tensor>(library: TensorLibrary<T>, x: T, weights: Readonly<Record<string, T>>, name: string, tokens: number): T {
  const weight = weights[name]!;
  const [inputs, outputs] = weight.shape;
  const product = library.matMul(library.reshape(x, [-1, inputs!]), weight);
  const bias = weights[`${name}_bias`];
  return library.reshape(bias === undefined ? product : library.add(product, bias), [-1, tokens, outputs!]);
}

function forward<T extends Tensor>({ library, inputs, inputShapes, outputShape, attributes, weights, training }: ForwardContext<T>): T {
  const size = sizeOf(inputShapes, attributes);
  const { kind, settings } = kindOf(attributes);
  const x = inputs[0]!;
  const memory = inputs[1] ?? x;
  const mixed = kind.attend({
    library, size, settings, weights, training, causal: booleanOf(attributes, "causal"),
    queries: project(library, x, weights, "query", size.queries),
    keys: project(library, memory, weights, "key", size.keys),
    values: project(library, memory, weights, "value", size.keys),
  });
  const output = project(library, mixed, weights, "output", size.queries);
  return outputShape.length === 2 ? output : library.reshape(output, [-1, ...outputShape]);
}

export const attention: Operator = {
  name: "attention",
  summary: "Multi-head attention of tokens or of the pixels of a map, to each other or to a second input.",
  source: kinds.map(({ member, source }) => `${member.name}: ${source}`).join(". "),
  example: "x -> attention(heads = 4, kind = linear(feature = cos))",
  category: "attention",
  inputs: { minimum: 1, maximum: 2 },
  parameters: [
    { name: "heads", summary: "Number of heads; divides the channels unless `dim` is given.", type: { kind: "integer", minimum: 1 }, defaultValue: 1 },
    { name: "kind", summary: "How tokens are mixed.", type: { kind: "enumeration", members: kinds.map(({ member }) => member) }, defaultValue: softmaxKind.member.name },
    { name: "dim", summary: "Channels of a query or key in one head; by default the channels of the input divided by the heads.", type: { kind: "integer", minimum: 1 }, defaultValue: null },
    { name: "value_dim", summary: "Channels of a value in one head; by default `dim`.", type: { kind: "integer", minimum: 1 }, defaultValue: null },
    { name: "causal", summary: "A token sees no later token (pixels: row by row).", type: { kind: "boolean" }, defaultValue: false },
    { name: "bias", summary: "Projections add a learned bias.", type: { kind: "boolean" }, defaultValue: true },
  ],
  shape(inputs, attributes) {
    return problemOf(inputs, attributes) ?? { shape: inputs[0]! };
  },
  weights(inputs, attributes) {
    const size = sizeOf(inputs, attributes);
    const { heads, dim, valueDim } = size;
    const { kind, settings } = kindOf(attributes);
    const channels = channelsOf(inputs[0]!);
    const memory = channelsOf(inputs[1] ?? inputs[0]!);
    const bias = booleanOf(attributes, "bias");
    return [
      ...projectionWeights("query", channels, heads * dim, bias),
      ...projectionWeights("key", memory, heads * dim, bias),
      ...projectionWeights("value", memory, heads * valueDim, bias),
      ...projectionWeights("output", heads * valueDim, channels, bias),
      ...(kind.weights?.(size, settings) ?? []),
    ];
  },
  forward,
  workload(inputs, attributes) {
    const size = sizeOf(inputs, attributes);
    const { kind, settings } = kindOf(attributes);
    const channels = channelsOf(inputs[0]!);
    const memory = channelsOf(inputs[1] ?? inputs[0]!);
    const width = size.heads * size.dim;
    const valueWidth = size.heads * size.valueDim;
    const biased = size.queries * (width + channels) + size.keys * (width + valueWidth);
    const bias: VectorWork = { name: "bias", adds: biased, readWords: biased, writeWords: biased, fusible: true };
    return joinWorkloads([
      { nests: [projection("query", size.queries, channels, width), projection("key", size.keys, memory, width), projection("value", size.keys, memory, valueWidth)], vectors: [] },
      kind.workload(size, settings),
      { nests: [projection("output", size.queries, valueWidth, channels)], vectors: booleanOf(attributes, "bias") ? [bias] : [] },
    ]);
  },
};
