/**
 * Why our gradients exist: on each case stock TensorFlow.js (in a process of its own) is wrong or has no answer, and ours, on both kernel
 * providers, is the derivative that finite differences in float64 give.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { randomStream } from "../../../src/random/stream.js";
import type { Engine } from "../../../src/runtime/engine.js";
import { loadNativeKernels } from "../../../src/runtime/kernels/native-pack.js";
import { largestDifference, numericGradient } from "../../reference/finite-differences.js";
import { reference } from "../../reference/library.js";
import { tensor } from "../../reference/tensor.js";
import { engineNamed, inputsOf } from "./compare.js";
import { stockCases, type StockCase } from "./stock-cases.js";

const GRADIENT = 1e-5;

interface Problem { readonly values: readonly Float32Array[]; readonly seed: Float32Array; readonly derivative: Float64Array }

function problemOf(example: StockCase): Problem {
  const values = inputsOf(example);
  const exact = values.map((each, i) => tensor(each, example.shapes[i]!));
  const random = randomStream(8, example.name);
  const seed = Float32Array.from(example.build(reference, exact).values, () => random.normal());
  return { values, seed, derivative: numericGradient((inputs) => example.build(reference, inputs), exact, example.which, seed) };
}

interface Answer { readonly name: string; readonly gradient?: readonly number[]; readonly error?: string }

function stockAnswers(problems: ReadonlyMap<StockCase, Problem>): ReadonlyMap<string, Answer> {
  const questions = [...problems].map(([{ name, shapes, which, constant = [] }, { values, seed }]) => ({
    name, which, seed: [...seed], inputs: values.map((each, i) => ({ values: [...each], shape: shapes[i], dtype: constant.includes(i) ? "int32" : "float32" })),
  }));
  const said = execFileSync(process.execPath, [fileURLToPath(new URL("stock-gradients.mjs", import.meta.url))], { input: JSON.stringify(questions), encoding: "utf8", stdio: ["pipe", "pipe", "ignore"] });
  // TensorFlow.js greets on standard output.
  const answers = JSON.parse(said.trim().split("\n").at(-1)!) as readonly Answer[];
  return new Map(answers.map((answer) => [answer.name, answer]));
}

function ours(engine: Engine, { build, shapes, which, constant = [] }: StockCase, { values, seed }: Problem): Float32Array {
  return engine.scope(() => {
    const { library } = engine;
    const inputs = values.map((each, i) => engine.upload(constant.includes(i) ? Int32Array.from(each) : each, shapes[i]!));
    const { gradients } = engine.gradients([inputs[which]!], () => {
      const y = build(library, inputs);
      return library.sum(library.multiply(y, library.constant(seed, y.shape)), y.shape.map((_, axis) => axis), false);
    });
    return engine.download(gradients[0]!);
  });
}

const problems = new Map(stockCases.map((example) => [example, problemOf(example)]));

describe("stock TensorFlow.js on WebAssembly", () => {
  let answers: ReadonlyMap<string, Answer>;
  beforeAll(() => { answers = stockAnswers(problems); });

  it.each(stockCases)("$name: is wrong or has no gradient", (example) => {
    const { gradient, error } = answers.get(example.name)!;
    if (example.stock === "wrong") {
      expect(error).toBeUndefined();
      expect(largestDifference(gradient!, problems.get(example)!.derivative)).toBeGreaterThan(0.01);
    } else {
      expect(error).toMatch(example.stock);
    }
  });
});

describe.each(["assembly" as const, ..."problem" in loadNativeKernels() ? [] : ["native" as const]])("ours with %s kernels", (provider) => {
  it.each(stockCases)("$name: is the derivative", async (example) => {
    const engine = await engineNamed("wasm", { provider });
    const problem = problems.get(example)!;
    expect(largestDifference(ours(engine, example, problem), problem.derivative)).toBeLessThan(GRADIENT);
  });
});
