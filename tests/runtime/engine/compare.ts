/** Runs one case on an engine and on the float64 reference, forward and backward, and reports the largest disagreement. */
import { createEngine } from "../../../src/runtime/create-engine.js";
import type { Engine, EngineName } from "../../../src/runtime/engine.js";
import type { KernelOptions } from "../../../src/runtime/kernels/choose-kernels.js";
import { randomStream } from "../../../src/random/stream.js";
import { reference } from "../../reference/library.js";
import { gradientsOf, tensor } from "../../reference/tensor.js";
import type { Case } from "./cases.js";

export async function engineNamed(name: EngineName, kernels: KernelOptions = {}): Promise<Engine> {
  const made = await createEngine(name, kernels);
  if (!made.ok) throw new Error(JSON.stringify(made.diagnostics));
  return made.value;
}

export interface Comparison {
  readonly shape: readonly number[];
  readonly expectedShape: readonly number[];
  /** |difference| / (1 + |expected|, as the largest of the tensor), worst over the output and over the gradients. */
  readonly forward: number;
  readonly gradients: readonly number[];
  /** Tensors left over. */
  readonly leaked: number;
}

function distance(found: Float32Array, expected: Float64Array): number {
  if (found.length !== expected.length) return Infinity;
  const size = 1 + expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return found.reduce((worst, value, i) => (Number.isNaN(value) ? Infinity : Math.max(worst, Math.abs(value - expected[i]!) / size)), 0);
}

export function inputsOf({ name, shapes, prepare }: Case): Float32Array[] {
  const random = randomStream(3, name);
  return shapes.map((shape, input) => Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => {
    const value = random.normal();
    return prepare === undefined ? value : prepare(value, input);
  }));
}

export function compare(engine: Engine, example: Case): Comparison {
  const { shapes, constant = [] } = example;
  const values = inputsOf(example);
  const exact = values.map((each, i) => tensor(each, shapes[i]!));
  const expected = example.build(reference, exact);
  const random = randomStream(4, example.name);
  const seed = Float32Array.from({ length: expected.values.length }, () => random.normal());
  const expectedGradients = gradientsOf(expected, exact, seed);
  const before = engine.tensorCount();
  const found = engine.scope(() => {
    const { library } = engine;
    const inputs = values.map((each, i) => engine.upload(each, shapes[i]!));
    let output: Float32Array = new Float32Array(0);
    let shape: readonly number[] = [];
    const variable = inputs.filter((_, i) => !constant.includes(i));
    const { gradients } = engine.gradients(variable, () => {
      const result = example.build(library, inputs);
      shape = result.shape;
      output = engine.download(result);
      return library.sum(library.multiply(result, library.constant(seed, result.shape)), result.shape.map((_, axis) => axis), false);
    });
    return { shape, output, gradients: gradients.map((gradient) => engine.download(gradient)) };
  });
  return {
    shape: found.shape, expectedShape: expected.shape,
    forward: distance(found.output, expected.values),
    gradients: expectedGradients.filter((_, i) => !constant.includes(i)).map((gradient, i) => distance(found.gradients[i]!, gradient)),
    leaked: engine.tensorCount() - before,
  };
}
