/**
 * Every operator on an engine, in float32: outputs against the reference library, gradients against finite differences in float64 (the
 * stated surrogate gradients against their closed forms), and no tensor left behind.
 */
import { beforeAll, describe, expect, it } from "vitest";
import type { Operator } from "../../src/ops/operator.js";
import { operators } from "../../src/ops/registry.js";
import { randomStream, type RandomStream } from "../../src/random/stream.js";
import type { Engine, EngineTensor } from "../../src/runtime/engine.js";
import { engineNamed } from "../runtime/engine/compare.js";
import type { TestedEngine } from "../runtime/engine/tested-engines.js";
import { largestDifference, numericGradient, randomTensor } from "../reference/finite-differences.js";
import { gradientsOf, tensor, type ReferenceTensor } from "../reference/tensor.js";
import { drawCase, hints, isStated, type Case } from "./cases.js";
import { drawOperands, runCase, type Operands } from "./run-case.js";
import { surrogates } from "./surrogates.js";

/** Some hundred float32 roundings of 6e-8 each. */
const FLOAT32 = 5e-5;
/** What gradients must keep to, relative to the largest value. */
const GRADIENT = 1e-5;

const CASES = 4;
/** Finite differences move every weight by itself: only the first cases can afford them, the others take the reference's gradients. */
const DIFFERENTIATED = 2;

let engine: Engine;

/** Both sides start from numbers that float32 holds exactly. */
const rounded = ({ values, shape }: ReferenceTensor): ReferenceTensor => tensor(values.map(Math.fround), shape);

function operandsFor(operator: Operator, drawn: Case, random: RandomStream): Operands {
  const { inputs, weights } = drawOperands(operator, drawn, random);
  return { inputs: inputs.map(rounded), weights: Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, rounded(weight)])) };
}

function forward(operator: Operator, drawn: Case, inputs: readonly EngineTensor[], weights: Readonly<Record<string, EngineTensor>>, training: boolean): EngineTensor {
  const random = randomStream(1, "uniform");
  return operator.forward<EngineTensor>({
    library: engine.library,
    inputs, weights, training,
    inputShapes: drawn.inputs,
    outputShape: drawn.output,
    attributes: drawn.attributes,
    uniform: (shape) => { const { values } = randomTensor(random, shape, 0, 1); return engine.library.constant(Float32Array.from(values), shape); },
    observe: () => undefined,
  });
}

/** What the gradients of the differentiable inputs and of `names` must be. */
function slopesOf(operator: Operator, drawn: Case, operands: Operands, seed: ReferenceTensor, names: readonly string[], training: boolean, byDifferences: boolean): readonly ArrayLike<number>[] {
  const inputs = hints[operator.name]?.rowsOf === undefined ? operands.inputs : [];
  const variables = [...inputs, ...names.map((name) => operands.weights[name]!)];
  // The closed forms of rounded layers are of training, where ranges are the batch's own.
  const stated = isStated(operator.name, drawn);
  if (stated && (training || hints[operator.name]?.surrogate === true)) {
    const form = surrogates[operator.name]!(drawn, operands, seed);
    return [...form.inputs, ...names.map((name) => form.weights[name]!)];
  }
  if (!byDifferences || stated) return gradientsOf(runCase(operator, drawn, operands, training), variables, seed.values);
  const f = (tensors: readonly ReferenceTensor[]): ReferenceTensor => runCase(operator, drawn, {
    inputs: inputs.length === 0 ? operands.inputs : tensors.slice(0, inputs.length),
    weights: { ...operands.weights, ...Object.fromEntries(names.map((name, i) => [name, tensors[inputs.length + i]!])) },
  }, training);
  return variables.map((_, which) => numericGradient(f, variables, which, seed.values));
}

function compare(operator: Operator, drawn: Case, operands: Operands, random: RandomStream, training: boolean, byDifferences: boolean): void {
  const about = `${training ? "training" : "inference"} ${JSON.stringify(drawn)}`;
  const names = operator.weights(drawn.inputs, drawn.attributes).filter(({ role }) => role === "parameter").map(({ name }) => name);
  const expected = runCase(operator, drawn, operands, training);
  const seed = rounded(randomTensor(random, expected.shape));
  const differentiable = hints[operator.name]?.rowsOf === undefined ? operands.inputs : [];
  const slopes = slopesOf(operator, drawn, operands, seed, names, training, byDifferences);

  const upload = ({ values, shape }: ReferenceTensor): EngineTensor => engine.upload(Float32Array.from(values), shape);
  const inputs = operands.inputs.map(upload);
  const weights = Object.fromEntries(Object.entries(operands.weights).map(([name, weight]) => [name, upload(weight)]));
  engine.scope(() => {
    const output = forward(operator, drawn, inputs, weights, training);
    expect([...output.shape], about).toEqual([...expected.shape]);
    expect(largestDifference(engine.download(output), expected.values), about).toBeLessThan(FLOAT32);
  });
  const parameters = [...(differentiable.length > 0 ? inputs : []), ...names.map((name) => weights[name]!)];
  if (parameters.length > 0) {
    engine.scope(() => {
      const weigh = upload(seed);
      const { gradients } = engine.gradients(parameters, () => engine.library.sum(engine.library.multiply(forward(operator, drawn, inputs, weights, training), weigh), [...expected.shape.keys()], false));
      gradients.forEach((gradient, which) => {
        expect([...gradient.shape], about).toEqual([...parameters[which]!.shape]);
        expect(largestDifference(engine.download(gradient), slopes[which]!), `${about} operand ${which}`).toBeLessThan(GRADIENT);
      });
    });
  }
  engine.dispose(...inputs, ...Object.values(weights));
}

export function operatorSuite({ title, name, kernels }: TestedEngine): void {
  describe(`operators on ${title}`, () => {
    beforeAll(async () => { engine = await engineNamed(name, kernels); });

    it.each([...operators.values()].map((operator) => [operator.name, operator] as const))("%s", (operatorName, operator) => {
      const before = engine.tensorCount();
      for (let step = 0; step < CASES; step++) {
        const random = randomStream(5, `engine/${operatorName}`, step);
        const drawn = drawCase(operator, random);
        const operands = operandsFor(operator, drawn, random);
        for (const training of [false, true]) compare(operator, drawn, operands, random, training, step < DIFFERENTIATED);
      }
      expect(engine.tensorCount()).toBe(before);
    });
  });
}
