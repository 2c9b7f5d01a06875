/**
 * Compression as parameters of a linear operator: `precision`, the bits of its weights and of its input, and `sparsity`, the share of its
 * weights that are zero. Training sees what inference will: weights and inputs are rounded and cut in `forward`, gradients pass the
 * rounding unchanged (`fake-quantization.ts`), and the workload says what is left to store, to move and to multiply.
 */
import { optionalNumberOf, symbolOf } from "./attributes.js";
import { inputQuantized, weightsQuantized } from "./fake-quantization.js";
import { elements } from "./nests.js";
import type { Attributes, Operator, Parameter, Shape, WeightSpecification } from "./operator.js";
import type { LoopNest } from "./workload.js";

const MOST_BITS = 16;

const bits = (name: string, summary: string): Parameter => ({ name, summary, type: { kind: "integer", minimum: 1, maximum: MOST_BITS }, defaultValue: null });

const compressionParameters: readonly Parameter[] = [
  {
    name: "precision", summary: "Numbers that weights and input are rounded to.", defaultValue: "full", quiet: true,
    type: {
      kind: "enumeration",
      members: [
        { name: "full", summary: "Not rounded; what the accelerator computes with." },
        {
          name: "quantized", summary: "A uniform grid of so many bits.",
          parameters: [bits("weights", "Bits of a weight, with its sign; left out: not rounded."), bits("activations", "Bits of an element of the input; left out: not rounded.")],
        },
      ],
    },
  },
  { name: "sparsity", summary: "Share of the weights that is cut to zero, those of least magnitude.", type: { kind: "number", minimum: 0, maximum: 0.999 }, defaultValue: 0, quiet: true },
];

/** Where the weights of an operator are: their name, and the axes over which a filter's own scale is taken (all but its channels). */
export interface CompressedWeight { readonly name: string; readonly axes: readonly number[] }

interface Chosen { readonly weights: number | undefined; readonly activations: number | undefined; readonly sparsity: number }

function chosenOf(attributes: Attributes): Chosen {
  const precision = attributes.precision === undefined ? {} : symbolOf(attributes, "precision").arguments;
  return { weights: optionalNumberOf(precision, "weights"), activations: optionalNumberOf(precision, "activations"), sparsity: optionalNumberOf(attributes, "sparsity") ?? 0 };
}

/** Whether an operator with these attributes rounds or cuts anything: then it is no linear map of its stored weights. */
export function isCompressed(attributes: Attributes): boolean {
  const { weights, activations, sparsity } = chosenOf(attributes);
  return weights !== undefined || activations !== undefined || sparsity > 0;
}

/** How many of `count` weights a sparsity leaves: at least one. */
export const keptWeights = (count: number, sparsity: number): number => Math.max(1, Math.round(count * (1 - sparsity)));

const densityOf = (shape: Shape, sparsity: number): number => keptWeights(elements(shape), sparsity) / elements(shape);

/** Smallest and greatest element of the input, as batch norm keeps means. */
const ranges: readonly WeightSpecification[] = ([["input_low", 0], ["input_high", 1]] as const).map(([name, value]) =>
  ({ name, shape: [1], initializer: { kind: "constant", value }, axes: ["whole"], role: "statistic", decay: false }));

function compressedNest(nest: LoopNest, { weights, activations, sparsity }: Chosen): LoopNest {
  return {
    ...nest,
    tensors: nest.tensors.map((tensor) => {
      if (tensor.role === "input") return activations === undefined ? tensor : { ...tensor, bits: activations };
      if (tensor.role === "output") return tensor;
      return { ...tensor, ...(weights === undefined ? {} : { bits: weights }), ...(sparsity === 0 ? {} : { density: keptWeights(tensor.words, sparsity) / tensor.words }) };
    }),
  };
}

/** The operator with `precision` and `sparsity`. Left out, they change nothing, not even what is written of a node. */
export function compressible(operator: Operator, weight: CompressedWeight): Operator {
  return {
    ...operator,
    parameters: [...operator.parameters, ...compressionParameters],
    weights(inputs, attributes) {
      const { weights, activations, sparsity } = chosenOf(attributes);
      const own = operator.weights(inputs, attributes).map((each): WeightSpecification => (each.name !== weight.name ? each : {
        ...each, ...(weights === undefined ? {} : { bits: weights }), ...(sparsity === 0 ? {} : { density: densityOf(each.shape, sparsity) }),
      }));
      return activations === undefined ? own : [...own, ...ranges];
    },
    forward(context) {
      const { attributes, library, weights } = context;
      const chosen = chosenOf(attributes);
      if (!isCompressed(attributes)) return operator.forward(context);
      const latent = weights[weight.name]!;
      const cut = chosen.sparsity === 0 ? latent : library.multiply(latent, library.keepLargest(latent, keptWeights(elements(latent.shape), chosen.sparsity)));
      const used = chosen.weights === undefined ? cut : weightsQuantized(library, cut, chosen.weights, weight.axes);
      const input = chosen.activations === undefined ? context.inputs[0]! : inputQuantized(context, chosen.activations);
      return operator.forward({ ...context, inputs: [input, ...context.inputs.slice(1)], weights: { ...weights, [weight.name]: used } });
    },
    workload(inputs, attributes, output) {
      const work = operator.workload(inputs, attributes, output);
      return isCompressed(attributes) ? { ...work, nests: work.nests.map((nest) => compressedNest(nest, chosenOf(attributes))) } : work;
    },
  };
}
