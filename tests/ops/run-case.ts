/** Runs an operator on a case in float64, with random inputs and weights of a batch of two. */
import type { Operator, Shape, WeightSpecification } from "../../src/ops/operator.js";
import { randomStream, type RandomStream } from "../../src/random/stream.js";
import { randomTensor } from "../reference/finite-differences.js";
import { reference } from "../reference/library.js";
import { tensor, volume, type ReferenceTensor } from "../reference/tensor.js";
import { hints, type Case } from "./cases.js";

export const BATCH = 2;

export interface Operands { readonly inputs: readonly ReferenceTensor[]; readonly weights: Readonly<Record<string, ReferenceTensor>> }

/** Variances are positive; everything else is spread around zero, whatever the operator would start from. */
function drawWeight(operator: Operator, { name, shape }: WeightSpecification, random: RandomStream): ReferenceTensor {
  return randomTensor(random, shape, ...(hints[operator.name]?.weights?.[name] ?? (name === "variance" ? [0.3, 1.5] as const : [])));
}

function drawInput(operator: Operator, { attributes }: Case, shape: Shape, random: RandomStream): ReferenceTensor {
  const hint = hints[operator.name];
  const full = [BATCH, ...shape];
  if (hint?.rowsOf === undefined) return randomTensor(random, full, ...(hint?.range ?? []));
  const rows = Number(attributes[hint.rowsOf]);
  return tensor(Array.from({ length: volume(full) }, () => random.integer(rows)), full);
}

export function drawOperands(operator: Operator, drawn: Case, random: RandomStream): Operands {
  return {
    inputs: drawn.inputs.map((shape) => drawInput(operator, drawn, shape, random)),
    weights: Object.fromEntries(operator.weights(drawn.inputs, drawn.attributes).map((weight) => [weight.name, drawWeight(operator, weight, random)])),
  };
}

/** Draws of `uniform` are the same in every run; `observed` collects batch statistics. */
export function runCase(operator: Operator, drawn: Case, { inputs, weights }: Operands, training: boolean, observed: Record<string, ReferenceTensor> = {}): ReferenceTensor {
  const random = randomStream(1, "uniform");
  return operator.forward<ReferenceTensor>({
    library: reference,
    inputs, weights, training,
    inputShapes: drawn.inputs,
    outputShape: drawn.output,
    attributes: drawn.attributes,
    uniform: (shape) => randomTensor(random, shape, 0, 1),
    observe: (name, value) => { observed[name] = value; },
  });
}
