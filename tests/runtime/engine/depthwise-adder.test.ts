/** The depthwise adder layer by kernels is the one that is composed of elementwise operations: values and surrogate gradients. */
import { beforeAll, expect, it } from "vitest";
import { depthwiseAdder } from "../../../src/ops/adder-gradients.js";
import type { TensorLibrary, Window2D } from "../../../src/ops/tensor-library.js";
import { randomStream } from "../../../src/random/stream.js";
import type { Engine, EngineTensor } from "../../../src/runtime/engine.js";
import { geometryOf } from "../../../src/runtime/geometry.js";
import { engineNamed } from "./compare.js";

let engine: Engine;
beforeAll(async () => { engine = await engineNamed("wasm"); });

const windows: Readonly<Record<string, Window2D>> = {
  "same padding": { strides: [1, 1], padding: "same", dilation: [1, 1] },
  "stride 2": { strides: [2, 2], padding: "same", dilation: [1, 1] },
  "no padding, dilation": { strides: [1, 1], padding: "valid", dilation: [2, 1] },
};

it.each(Object.entries(windows).flatMap(([name, window]) => [undefined, 0.2].map((rate) => [name, rate, window] as const)))("%s, local rate %s", (_name, rate, window) => {
  const image = [9, 7, 5];
  const { depthwiseAdder: _kernels, ...composing } = engine.library;
  const { outHeight, outWidth } = geometryOf([2, ...image], [3, 3], window);
  const random = randomStream(4, "depthwise adder");
  const normal = (...shape: readonly number[]): EngineTensor => engine.upload(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()), shape);
  const [x, filter, weights] = [normal(2, ...image), normal(3, 3, 1, 5), normal(2, outHeight, outWidth, 5)];
  const resultsOf = (library: TensorLibrary<EngineTensor>): readonly number[][] => {
    const { loss, gradients } = engine.gradients([x, filter], () => library.sum(library.multiply(depthwiseAdder(library, x, filter, image, window, [3, 3], [outHeight, outWidth], rate), weights), [0, 1, 2, 3], false));
    return [loss, ...gradients].map((tensor) => [...engine.download(tensor)]);
  };
  const [found, expected] = [resultsOf(engine.library), resultsOf(composing)];
  found.forEach((values, i) => {
    const size = Math.max(...expected[i]!.map(Math.abs));
    values.forEach((value, at) => expect(Math.abs(value - expected[i]![at]!) / size).toBeLessThan(1e-5));
  });
});
