/**
 * Every operator on the default engine, in float32, against the reference library: outputs, gradients, and no tensor left behind.
 */
import { beforeAll, describe, expect, it } from "vitest";
import type { Operator } from "../../src/ops/operator.js";
import { operators } from "../../src/ops/registry.js";
import { randomStream, type RandomStream } from "../../src/random/stream.js";
import { createEngine } from "../../src/runtime/create-engine.js";
import type { Engine, EngineTensor } from "../../src/runtime/engine.js";
import { largestDifference, randomTensor } from "../reference/finite-differences.js";
import { gradientsOf, tensor, type ReferenceTensor } from "../reference/tensor.js";
import { drawCase, hints, type Case } from "./cases.js";
import { drawOperands, runCase, type Operands } from "./run-case.js";

/** Some hundred float32 roundings of 6e-8 each. */
const FLOAT32 = 5e-5;

const CASES = 4;

let engine: Engine;
beforeAll(async () => {
  const made = await createEngine();
  if (!made.ok) throw new Error(JSON.stringify(made.diagnostics));
  engine = made.value;
});

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

function compare(operator: Operator, drawn: Case, operands: Operands, random: RandomStream, training: boolean): void {
  const about = `${training ? "training" : "inference"} ${JSON.stringify(drawn)}`;
  const names = operator.weights(drawn.inputs, drawn.attributes).filter(({ role }) => role === "parameter").map(({ name }) => name);
  const expected = runCase(operator, drawn, operands, training);
  const seed = rounded(randomTensor(random, expected.shape));
  const differentiable = hints[operator.name]?.rowsOf === undefined ? operands.inputs : [];
  const slopes = gradientsOf(expected, [...differentiable, ...names.map((name) => operands.weights[name]!)], seed.values);

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
        expect(largestDifference(engine.download(gradient), slopes[which]!), `${about} operand ${which}`).toBeLessThan(FLOAT32);
      });
    });
  }
  engine.dispose(...inputs, ...Object.values(weights));
}

describe.each([...operators.values()].map((operator) => [operator.name, operator] as const))("%s on the engine", (name, operator) => {
  it("agrees with the reference and leaves nothing behind", () => {
    const before = engine.tensorCount();
    for (let step = 0; step < CASES; step++) {
      const random = randomStream(5, `engine/${name}`, step);
      const drawn = drawCase(operator, random);
      const operands = operandsFor(operator, drawn, random);
      for (const training of [false, true]) compare(operator, drawn, operands, random, training);
    }
    expect(engine.tensorCount()).toBe(before);
  });
});
