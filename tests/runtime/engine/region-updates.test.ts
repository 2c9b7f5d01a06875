/** Updates of a region in place: what a step of a supernet does to weights that the drawn network uses in part. */
import { describe, expect, it } from "vitest";
import { loadNativeKernels } from "../../../src/runtime/kernels/native-pack.js";
import { randomStream } from "../../../src/random/stream.js";
import type { Engine, EngineTensor } from "../../../src/runtime/engine.js";
import { engineNamed } from "./compare.js";

const cases = [
  { whole: [7], begin: [0], size: [5] },
  { whole: [101], begin: [3], size: [70] },
  { whole: [1, 60], begin: [0, 5], size: [1, 41] },
  { whole: [5, 6, 7], begin: [1, 0, 0], size: [3, 6, 7] },
  { whole: [6, 5], begin: [0, 0], size: [6, 3] },
  { whole: [6, 5], begin: [0, 0], size: [4, 5] },
  { whole: [5, 5, 12, 20], begin: [1, 1, 0, 0], size: [3, 3, 7, 18] },
  { whole: [3, 3, 4, 5], begin: [0, 0, 0, 0], size: [3, 3, 4, 5] },
];

const native = "problem" in loadNativeKernels() ? [] : ["native" as const];

function normal(engine: Engine, purpose: string, shape: readonly number[]): EngineTensor {
  const random = randomStream(6, purpose);
  return engine.upload(Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => random.normal()), shape);
}

/** The whole tensors after an update of copies of the region, and after one in place. */
function both(engine: Engine, { whole, begin, size }: (typeof cases)[number], states: number, update: (parameter: EngineTensor, gradient: EngineTensor, states: readonly EngineTensor[], begin?: readonly number[]) => void): readonly Float32Array[][] {
  return engine.scope(() => {
    const gradient = normal(engine, "gradient", size);
    // Second moments are not negative.
    const tensors = (): EngineTensor[] => Array.from({ length: 1 + states }, (_, i) => (i < 2 ? normal(engine, `tensor ${i}`, whole) : engine.upload(engine.download(engine.library.square(normal(engine, `tensor ${i}`, whole))), whole)));
    const [byCopy, inPlace] = [tensors(), tensors()];
    const copies = byCopy.map((tensor) => engine.readRegion(tensor, begin, size));
    update(copies[0]!, gradient, copies.slice(1));
    copies.forEach((copy, i) => { engine.writeRegion(byCopy[i]!, copy, begin); });
    update(inPlace[0]!, gradient, inPlace.slice(1), begin);
    return [byCopy, inPlace].map((list) => list.map((tensor) => engine.download(tensor)));
  });
}

describe.each(["assembly" as const, ...native])("updates of a region with %s kernels", (provider) => {
  it.each(cases)("$size of $whole", async (example) => {
    const engine = await engineNamed("wasm", { provider });
    const before = engine.tensorCount();
    const sgd = both(engine, example, 1, (p, g, [v], begin) => { engine.updateSgd(p, g, v!, 0.1, 0.9, 0.01, begin); });
    expect(sgd[1]).toEqual(sgd[0]);
    for (const decoupled of [false, true]) {
      const adam = both(engine, example, 2, (p, g, [m, v], begin) => { engine.updateAdam(p, g, m!, v!, 3, 0.01, 0.9, 0.999, 1e-8, 0.1, decoupled, begin); });
      expect(adam[1]).toEqual(adam[0]);
    }
    expect(engine.tensorCount()).toBe(before);
  });

  it("refuses tensors that share their values", async () => {
    const engine = await engineNamed("wasm", { provider });
    engine.scope(() => {
      const parameter = normal(engine, "shared", [2, 3]);
      const view = engine.library.reshape(parameter, [6]);
      expect(() => { engine.updateSgd(parameter, normal(engine, "g", [2, 2]), normal(engine, "v", [2, 3]), 0.1, 0, 0, [0, 0]); }).toThrow("shares");
      expect(view.shape).toEqual([6]);
    });
  });
});
