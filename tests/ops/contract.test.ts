/**
 * What every operator of the registry promises, checked on random cases without naming any operator: adding one needs no test code
 * here. Gradients are compared with finite differences in float64, surrogate gradients with their closed forms.
 */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isProblem, type Attributes, type AttributeValue, type Operator, type Shape, type WeightSpecification } from "../../src/ops/operator.js";
import { operators } from "../../src/ops/registry.js";
import type { LoopNest } from "../../src/ops/workload.js";
import { randomStream, type RandomStream } from "../../src/random/stream.js";
import { sliceRegion } from "../../src/runtime/sharing.js";
import { largestDifference, numericGradient, randomTensor } from "../reference/finite-differences.js";
import { reference } from "../reference/library.js";
import { gradientsOf, type ReferenceTensor } from "../reference/tensor.js";
import { drawCase, hints, isStated, type Case } from "./cases.js";
import { BATCH, drawOperands, runCase, type Operands } from "./run-case.js";
import { surrogates } from "./surrogates.js";

const ARITHMETIC: readonly LoopNest["operation"][] = ["multiply_accumulate", "shift_accumulate", "add_accumulate"];

/** Draws `count` cases of an operator, each with its own stream. */
function cases(operator: Operator, purpose: string, count: number): readonly { readonly drawn: Case; readonly random: RandomStream }[] {
  return Array.from({ length: count }, (_, step) => {
    const random = randomStream(3, `${purpose}/${operator.name}`, step);
    return { drawn: drawCase(operator, random), random };
  });
}

const written = (drawn: Case): string => JSON.stringify(drawn);

const isExtent = (extent: number): boolean => Number.isSafeInteger(extent) && extent >= 1;

/** Cuts the smaller candidate's weights out of a larger one's, as the slice strategy does. */
function sliced(larger: Readonly<Record<string, ReferenceTensor>>, specifications: readonly WeightSpecification[]): Record<string, ReferenceTensor> {
  return Object.fromEntries(specifications.map(({ name, axes, shape }) => {
    const region = sliceRegion(axes, shape, larger[name]!.shape);
    return [name, reference.slice(larger[name]!, region.begin, region.size)];
  }));
}

describe.each([...operators.values()].map((operator) => [operator.name, operator] as const))("%s", (name, operator) => {
  it("is documented", () => {
    expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(operator.summary).toMatch(/^[^\n]{9,110}\.$/);
    expect(operator.example.length).toBeGreaterThan(name.length);
    if (operator.category === "linear" || operator.category === "multiplication_free" || operator.category === "attention" || operator.category === "normalization") expect(operator.source).toBeDefined();
    const names = operator.parameters.map((parameter) => parameter.name);
    expect(new Set(names).size).toBe(names.length);
    for (const parameter of operator.parameters) {
      expect(parameter.summary).toMatch(/\.$/);
      if (parameter.type.kind === "enumeration") for (const member of parameter.type.members) expect(member.summary).toMatch(/\.$/);
    }
  });

  it("computes what its shape rule says", () => {
    for (const { drawn, random } of cases(operator, "shape", 40)) {
      expect(drawn.output.every(isExtent), written(drawn)).toBe(true);
      const operands = drawOperands(operator, drawn, random);
      for (const training of [false, true]) {
        const output = runCase(operator, drawn, operands, training);
        expect([written(drawn), ...output.shape]).toEqual([written(drawn), BATCH, ...drawn.output]);
        expect(output.values.every(Number.isFinite), written(drawn)).toBe(true);
      }
    }
  });

  it("declares its weights", () => {
    for (const { drawn } of cases(operator, "weights", 40)) {
      const weights = operator.weights(drawn.inputs, drawn.attributes);
      expect(new Set(weights.map((weight) => weight.name)).size).toBe(weights.length);
      for (const { shape, axes, role, decay } of weights) {
        expect(shape.every(isExtent), written(drawn)).toBe(true);
        expect(axes.length).toBe(shape.length);
        if (role === "statistic") expect(decay).toBe(false);
      }
    }
  });

  it("observes exactly its statistics, and only in training", () => {
    const { drawn, random } = cases(operator, "statistics", 1)[0]!;
    const operands = drawOperands(operator, drawn, random);
    const [training, inference]: Record<string, ReferenceTensor>[] = [{}, {}];
    runCase(operator, drawn, operands, true, training);
    runCase(operator, drawn, operands, false, inference);
    const statistics = operator.weights(drawn.inputs, drawn.attributes).filter(({ role }) => role === "statistic");
    expect(Object.keys(training!).sort()).toEqual(statistics.map((weight) => weight.name).sort());
    for (const weight of statistics) expect(training![weight.name]!.shape).toEqual(weight.shape);
    expect(Object.keys(inference!)).toEqual([]);
  });

  it("states a workload that adds up", () => {
    for (const { drawn } of cases(operator, "workload", 40)) {
      const { nests, vectors } = operator.workload(drawn.inputs, drawn.attributes, drawn.output);
      for (const nest of nests) expectSound(nest, written(drawn));
      for (const { multiplies = 0, adds = 0, compares = 0, specials = 0, readWords, writeWords } of vectors) {
        for (const count of [multiplies, adds, compares, specials, readWords, writeWords]) expect(count >= 0 && Number.isSafeInteger(count), written(drawn)).toBe(true);
        expect(readWords + writeWords, written(drawn)).toBeGreaterThan(0);
      }
      const works = nests.some((nest) => ARITHMETIC.includes(nest.operation) && nest.points > 0);
      if (operator.category === "linear" || operator.category === "multiplication_free" || operator.category === "attention") expect(works, written(drawn)).toBe(true);
    }
  });

  it("has the gradient that it states", () => {
    for (const { drawn, random } of cases(operator, "gradient", hints[name]?.surrogate === undefined ? 5 : 40)) {
      const operands = drawOperands(operator, drawn, random);
      if (isStated(name, drawn)) { expectStated(operator, drawn, operands, random); continue; }
      for (const training of [true, false]) expectDerivative(operator, drawn, operands, random, training);
    }
  });

  it("runs on weights cut from those of a larger candidate", () => {
    for (const { drawn, random } of cases(operator, "elastic", 10)) {
      const grown = larger(operator, drawn);
      if (grown === undefined) continue;
      const specifications = operator.weights(drawn.inputs, drawn.attributes);
      const big = drawOperands(operator, grown, random).weights;
      const small = drawOperands(operator, drawn, random);
      const output = runCase(operator, drawn, { inputs: small.inputs, weights: sliced(big, specifications) }, false);
      expect(output.shape, written(drawn)).toEqual([BATCH, ...drawn.output]);
    }
  });

  it("answers anything with a shape or a problem", () => {
    const names = operator.parameters.map((parameter) => parameter.name);
    const valid = cases(operator, "anything", 20).map(({ drawn }) => drawn);
    // Half of the time a valid call with something odd put in its place, so that rules are reached past the checks of types.
    const call = fc.record({ base: fc.option(fc.constantFrom(...valid)), inputs: fc.option(fc.array(anyShape, { maxLength: 3 })), attributes: anyAttributes(names) });
    fc.assert(fc.property(call, (odd) => {
      const inputs = odd.inputs ?? odd.base?.inputs ?? [];
      const attributes = { ...odd.base?.attributes, ...odd.attributes };
      const result = operator.shape(inputs, attributes);
      if (isProblem(result)) {
        expect(result.problem.length).toBeLessThanOrEqual(70);
        expect(result.detail.length).toBeGreaterThan(0);
        if (result.parameter !== undefined) expect(names).toContain(result.parameter);
        return;
      }
      expect(result.shape.every(isExtent)).toBe(true);
      operator.weights(inputs, attributes);
      operator.workload(inputs, attributes, result.shape);
    }), { numRuns: 600, seed: 17 });
  });
});

function expectSound(nest: LoopNest, about: string): void {
  const bounds = new Map(nest.dimensions.map((dimension) => [dimension.name, dimension.bound]));
  expect(bounds.size, about).toBe(nest.dimensions.length);
  expect([...bounds.values()].every(isExtent), about).toBe(true);
  expect(nest.points, about).toBe([...bounds.values()].reduce((product, bound) => product * bound, 1));
  expect(nest.tensors.filter(({ role }) => role === "output").length, about).toBe(1);
  const used = new Set(nest.tensors.flatMap(({ indices }) => indices.flatMap(({ terms }) => terms.map(({ dimension }) => dimension))));
  expect([...used].sort(), about).toEqual([...bounds.keys()].sort());
  for (const { words, role, indices } of nest.tensors) {
    expect(isExtent(words), about).toBe(true);
    const reach = indices.reduce((product, { terms }) => product * terms.reduce((sum, { dimension, coefficient }) => sum + coefficient * (bounds.get(dimension)! - 1), 1), 1);
    // Strides and padding make the reach of an input's index differ from its extent; a weight or an output is covered exactly.
    if (role !== "input") expect(words, about).toBe(reach);
  }
}

function parametersOf(operator: Operator, drawn: Case): readonly string[] {
  return operator.weights(drawn.inputs, drawn.attributes).filter(({ role }) => role === "parameter").map((weight) => weight.name);
}

function expectDerivative(operator: Operator, drawn: Case, operands: Operands, random: RandomStream, training: boolean): void {
  const trained = parametersOf(operator, drawn);
  const differentiable = hints[operator.name]?.rowsOf === undefined ? operands.inputs.length : 0;
  const all = [...operands.inputs, ...trained.map((weight) => operands.weights[weight]!)];
  const f = (tensors: readonly ReferenceTensor[]): ReferenceTensor => runCase(operator, drawn, {
    inputs: tensors.slice(0, operands.inputs.length),
    weights: { ...operands.weights, ...Object.fromEntries(trained.map((weight, i) => [weight, tensors[operands.inputs.length + i]!])) },
  }, training);
  const output = f(all);
  const seed = randomTensor(random, output.shape).values;
  gradientsOf(output, all, seed).forEach((gradient, which) => {
    if (which >= differentiable && which < operands.inputs.length) return;
    expect(largestDifference(gradient, numericGradient(f, all, which, seed)), `${written(drawn)} operand ${which}`).toBeLessThan(1e-6);
  });
}

function expectStated(operator: Operator, drawn: Case, operands: Operands, random: RandomStream): void {
  const output = runCase(operator, drawn, operands, true);
  const dy = randomTensor(random, output.shape);
  const stated = surrogates[operator.name]!(drawn, operands, dy);
  expect(largestDifference(output.values, stated.output), written(drawn)).toBeLessThan(1e-12);
  const names = Object.keys(stated.weights);
  expect(names.sort()).toEqual([...parametersOf(operator, drawn)].sort());
  const found = gradientsOf(output, [...operands.inputs, ...names.map((weight) => operands.weights[weight]!)], dy.values);
  [...stated.inputs, ...names.map((weight) => stated.weights[weight]!)].forEach((expected, which) => {
    expect(largestDifference(found[which]!, expected), `${written(drawn)} operand ${which}`).toBeLessThan(1e-12);
  });
}

/** The case with twice the channels in and out and two more taps, where the operator accepts that. */
function larger(operator: Operator, drawn: Case): Case | undefined {
  if (operator.weights(drawn.inputs, drawn.attributes).length === 0) return undefined;
  const grow = (value: AttributeValue | undefined): AttributeValue => (typeof value === "number" ? value + 2 : Array.isArray(value) ? value.map((part) => Number(part) + 2) : 3);
  const attributes: Record<string, AttributeValue> = { ...drawn.attributes };
  if (typeof attributes.channels === "number") attributes.channels *= 2;
  if (attributes.kernel !== undefined) Object.assign(attributes, { kernel: grow(attributes.kernel), padding: "same" });
  // Depthwise stays depthwise.
  if (drawn.attributes.groups !== 1 && drawn.attributes.groups === drawn.attributes.channels) attributes.groups = attributes.channels!;
  const inputs = drawn.inputs.map((shape) => (hints[operator.name]?.rowsOf === undefined ? [...shape.slice(0, -1), 2 * shape.at(-1)!] : shape));
  const result = operator.shape(inputs, attributes);
  return isProblem(result) ? undefined : { inputs, attributes, output: result.shape };
}

const anyNumber = fc.oneof(fc.integer({ min: -3, max: 12 }), fc.constantFrom(0, -1, 0.5, 1e9, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY));
const anyShape: fc.Arbitrary<Shape> = fc.oneof(fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 3 }), fc.array(anyNumber, { maxLength: 5 }));
const words = fc.constantFrom("same", "valid", "pixels", "q", "ps", "softmax", "linear", "local", "axial", "average", "max", "none", "");
const anyTagged = fc.record({ tag: words, arguments: fc.dictionary(fc.constantFrom("top", "left", "feature", "window", "x"), fc.oneof(anyNumber, words), { maxKeys: 3 }) });
const anyValue: fc.Arbitrary<AttributeValue> = fc.oneof(anyNumber, fc.boolean(), words, fc.constant(null), fc.array(fc.oneof(anyNumber, words), { maxLength: 4 }), anyTagged);
const anyAttributes = (names: readonly string[]): fc.Arbitrary<Attributes> => (names.length === 0 ? fc.constant({}) : fc.dictionary(fc.constantFrom(...names), anyValue));
