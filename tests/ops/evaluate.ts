/**
 * Runs single operators by name on the float64 reference library, for tests that compare them with formulas. Weights and inputs are
 * drawn from named streams.
 */
import { expect } from "vitest";
import { isProblem, type Attributes, type Operator, type OperatorProblem, type Shape, type WeightSpecification } from "../../src/ops/operator.js";
import { operators } from "../../src/ops/registry.js";
import { randomStream } from "../../src/random/stream.js";
import { reference } from "../reference/library.js";
import { gradientsOf, tensor, volume, type ReferenceTensor } from "../reference/tensor.js";

/** A tensor as plain numbers, the batch in front. */
export interface Values { readonly shape: readonly number[]; readonly values: readonly number[] }

export type Weights = Readonly<Record<string, Values>>;

export function operatorNamed(name: string): Operator {
  const operator = operators.get(name);
  if (operator === undefined) throw new Error(`no operator ${name}`);
  return operator;
}

/** Standard normal numbers; the same for the same name and shape. */
export function randomValues(name: string, shape: readonly number[]): Values {
  const random = randomStream(7, `test/${name}`);
  return { shape, values: Array.from({ length: volume(shape) }, () => random.normal()) };
}

/** 0, 1, 2, ... in order, to see where elements go. */
export function countedValues(...shape: readonly number[]): Values {
  return { shape, values: Array.from({ length: volume(shape) }, (_, i) => i) };
}

export function weightsOf(name: string, inputs: readonly Shape[], attributes: Attributes): readonly WeightSpecification[] {
  return operatorNamed(name).weights(inputs, attributes);
}

/** Normal weights for every specification, whatever the operator would start from: no term may vanish. */
export function randomWeights(name: string, inputs: readonly Shape[], attributes: Attributes): Weights {
  return Object.fromEntries(weightsOf(name, inputs, attributes).map((specification) => [specification.name, randomValues(`${name}/${specification.name}`, specification.shape)]));
}

export function shapeOf(name: string, inputs: readonly Shape[], attributes: Attributes): Shape {
  const result = operatorNamed(name).shape(inputs, attributes);
  if (isProblem(result)) throw new Error(`${result.problem}: ${result.detail}`);
  return result.shape;
}

export function problemOf(name: string, inputs: readonly Shape[], attributes: Attributes): OperatorProblem {
  const result = operatorNamed(name).shape(inputs, attributes);
  if (!isProblem(result)) throw new Error(`${name} accepts this: ${JSON.stringify(result.shape)}`);
  return result;
}

export interface Mode { readonly training?: boolean; readonly seed?: number }

function run(name: string, inputs: readonly ReferenceTensor[], attributes: Attributes, weights: Readonly<Record<string, ReferenceTensor>>, { training = false, seed = 1 }: Mode): ReferenceTensor {
  const random = randomStream(seed, "uniform");
  const inputShapes = inputs.map(({ shape }) => shape.slice(1));
  return operatorNamed(name).forward({
    library: reference,
    inputs, inputShapes, attributes, weights, training,
    outputShape: shapeOf(name, inputShapes, attributes),
    uniform: (shape) => tensor(Array.from({ length: volume(shape) }, () => random.uniform()), shape),
    observe: () => undefined,
  });
}

const tensorOf = ({ values, shape }: Values): ReferenceTensor => tensor(values, shape);

function tensorsOf(weights: Weights): Record<string, ReferenceTensor> {
  return Object.fromEntries(Object.entries(weights).map(([weight, values]) => [weight, tensorOf(values)]));
}

/** The operator's output; in training, random numbers come from the stream `uniform` of `seed`. */
export function evaluate(name: string, inputs: readonly Values[], attributes: Attributes = {}, weights: Weights = {}, mode: Mode = {}): Values {
  const { shape, values } = run(name, inputs.map(tensorOf), attributes, tensorsOf(weights), mode);
  return { shape, values: Array.from(values) };
}

/** The gradients of the sum of the output: of the inputs as `input0`, `input1`, ..., and of every weight. */
export function gradientsOfSum(name: string, inputs: readonly Values[], attributes: Attributes = {}, weights: Weights = {}, mode: Mode = {}): Record<string, readonly number[]> {
  const named = { ...Object.fromEntries(inputs.map((values, index) => [`input${index}`, tensorOf(values)])), ...tensorsOf(weights) };
  const output = run(name, inputs.map((_, index) => named[`input${index}`]!), attributes, Object.fromEntries(Object.keys(weights).map((weight) => [weight, named[weight]!])), mode);
  const gradients = gradientsOf(output, Object.values(named));
  return Object.fromEntries(Object.keys(named).map((key, index) => [key, Array.from(gradients[index]!)]));
}

/** Equal to 12 digits of the larger magnitude: what float64 leaves after sums in another order. */
export function expectClose(actual: Values, expected: readonly number[]): void {
  expect(actual.values.length).toBe(expected.length);
  const scale = Math.max(1, ...expected.map(Math.abs));
  const worst = actual.values.reduce((most, value, index) => Math.max(most, Math.abs(value - expected[index]!)), 0);
  expect(Number.isFinite(worst) ? worst / scale : worst).toBeLessThan(1e-12);
}
