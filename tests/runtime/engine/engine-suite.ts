/** The contract of an engine beyond its library: memory, in-place updates, the loss, and the same bits twice. */
import { beforeAll, describe, expect, it } from "vitest";
import { randomStream } from "../../../src/random/stream.js";
import { createEngine } from "../../../src/runtime/create-engine.js";
import type { Engine, EngineTensor } from "../../../src/runtime/engine.js";
import { engineNamed } from "./compare.js";
import type { TestedEngine } from "./tested-engines.js";

const listeners = (): number => process.listenerCount("uncaughtException") + process.listenerCount("unhandledRejection");

export function engineSuite({ title, name, kernels, description }: TestedEngine): void {
  let engine: Engine;
  const before = listeners();
  beforeAll(async () => { engine = await engineNamed(name, kernels); });

  const random = randomStream(1, "engine test");
  const normal = (...shape: number[]): EngineTensor => engine.upload(Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => random.normal()), shape);

  describe(`the engine ${name} with ${title}`, () => {
    it("names itself and leaves no listeners for uncaught errors behind", () => {
      expect(engine.report.name).toBe(name);
      expect(engine.report.description).toMatch(description);
      expect(listeners()).toBe(before);
    });

    it("can be asked for again, but not beside another one", async () => {
      const same = await createEngine(name);
      expect(same.ok).toBe(true);
      const another = await createEngine(name === "cpu" ? "wasm" : "cpu");
      expect(another.ok ? [] : another.diagnostics.map(({ code }) => code)).toEqual(["NAS6031"]);
    });

    it("copies what is uploaded and what is downloaded", () => {
      const values = Float32Array.from([1, 2, 3]);
      const tensor = engine.upload(values, [3]);
      values[0] = 9;
      const first = engine.download(tensor);
      first[1] = 9;
      expect([...engine.download(tensor)]).toEqual([1, 2, 3]);
      engine.dispose(tensor);
    });

    it("frees what a scope does not return, also when it throws", () => {
      const count = engine.tensorCount();
      const kept = engine.scope(() => {
        normal(3);
        return { one: normal(2), several: [normal(1), normal(1)], name: "x", values: new Float32Array(4) };
      });
      expect(engine.tensorCount()).toBe(count + 3);
      engine.dispose(kept.one, ...kept.several);
      expect(() => engine.scope(() => { normal(3); throw new Error("on purpose"); })).toThrow("on purpose");
      expect(engine.tensorCount()).toBe(count);
    });

    it("gives zeros where the loss does not depend on a parameter, and an empty list for none", () => {
      engine.scope(() => {
        const [used, unused] = [normal(2, 3), normal(4)];
        const { gradients } = engine.gradients([used, unused], () => engine.library.sum(used, [0, 1], false));
        expect(gradients.map((gradient) => [...engine.download(gradient)])).toEqual([[1, 1, 1, 1, 1, 1], [0, 0, 0, 0]]);
        expect(engine.gradients([], () => engine.library.sum(used, [0, 1], false)).gradients).toEqual([]);
      });
    });

    it("computes the smoothed cross-entropy and its gradient", () => {
      engine.scope(() => {
        const [rows, classes, smoothing] = [5, 7, 0.1];
        const logits = normal(rows, classes);
        const labels = [0, 6, 3, 3, 1];
        const { loss, gradients } = engine.gradients([logits], () => engine.crossEntropy(logits, engine.upload(Int32Array.from(labels), [rows]), smoothing));
        const values = engine.download(logits);
        let expected = 0;
        const expectedGradient = labels.flatMap((label, row) => {
          const scores = [...values.subarray(row * classes, (row + 1) * classes)];
          const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
          return scores.map((score, c) => {
            const target = (c === label ? 1 - smoothing : 0) + smoothing / classes;
            expected -= (target * Math.log(Math.exp(score) / total)) / rows;
            return (Math.exp(score) / total - target) / rows;
          });
        });
        expect(engine.download(loss)[0]).toBeCloseTo(expected, 5);
        engine.download(gradients[0]!).forEach((value, i) => expect(value).toBeCloseTo(expectedGradient[i]!, 6));
      });
    });

    it("never changes the values of another tensor: shared ones are refused", () => {
      engine.scope(() => {
        const weight = normal(2, 3);
        const values = engine.download(weight);
        const { gradients } = engine.gradients([weight], () => {
          // The tape holds the weight from here to the end of the backward pass.
          const loss = engine.library.sum(engine.library.square(weight), [0, 1], false);
          expect(() => engine.updateSgd(weight, normal(2, 3), normal(2, 3), 0.1, 0, 0)).toThrow("shares");
          return loss;
        });
        engine.download(gradients[0]!).forEach((value, i) => expect(value).toBeCloseTo(2 * values[i]!, 5));
        const view = engine.library.reshape(weight, [6]);
        // Either the engine keeps the values of the two apart, or it refuses.
        const attempt = (work: () => void): void => { try { work(); } catch (error) { expect(String(error)).toContain("shares"); } };
        attempt(() => engine.updateSgd(weight, normal(2, 3), normal(2, 3), 0.1, 0, 0));
        expect([...engine.download(view)]).toEqual([...values]);
        const now = engine.download(weight);
        attempt(() => engine.writeRegion(view, normal(2), [0]));
        expect([...engine.download(weight)]).toEqual([...now]);
      });
    });

    it("keeps tensors alive in place while the heap grows", () => {
      engine.scope(() => {
        const weight = normal(5);
        const values = engine.download(weight);
        normal(4_000_000);
        engine.updateSgd(weight, engine.upload(new Float32Array(5), [5]), engine.upload(new Float32Array(5), [5]), 0.5, 0, 1);
        engine.download(weight).forEach((value, i) => expect(value).toBeCloseTo(values[i]! / 2, 6));
      });
    });

    it("makes powers of two that are exact", () => {
      engine.scope(() => {
        const exponents = Array.from({ length: 41 }, (_, i) => i - 20);
        expect([...engine.download(engine.library.powerOfTwo(engine.library.constant(exponents, [41])))]).toEqual(exponents.map((exponent) => 2 ** exponent));
        const weights = [0, -0.3, 0.5, 0.7071067, 0.70710684, 1, -1.5, 1e-9];
        expect([...engine.download(engine.library.roundToPowerOfTwo(engine.library.constant(weights, [8]), -6, 0))]).toEqual([0, -0.25, 0.5, 0.5, 1, 1, -1, 2 ** -6]);
      });
    });

    it("writes regions in place", () => {
      engine.scope(() => {
        const target = engine.upload(new Float32Array(12), [3, 4]);
        engine.writeRegion(target, engine.upload(Float32Array.from([1, 2, 3, 4]), [2, 2]), [1, 1]);
        expect([...engine.download(target)]).toEqual([0, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 0]);
        engine.writeRegion(target, engine.upload(Float32Array.from([5, 6, 7, 8]), [1, 4]), [0, 0]);
        expect([...engine.download(target)]).toEqual([5, 6, 7, 8, 0, 1, 2, 0, 0, 3, 4, 0]);
      });
    });

    it("gives the same bits twice", () => {
      const step = (): Float32Array[] => engine.scope(() => {
        const { library } = engine;
        const stream = randomStream(2, "twice");
        const draw = (...shape: number[]): EngineTensor => engine.upload(Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => stream.normal()), shape);
        const [images, filter, scale, offset, dense] = [draw(6, 11, 9, 3), draw(3, 3, 3, 12), draw(12), draw(12), draw(12, 5)];
        const { loss, gradients } = engine.gradients([filter, scale, offset, dense], () => {
          const features = library.gelu(library.batchNormTrain(library.conv2d(images, filter, { strides: [2, 2], padding: "same", dilation: [1, 1] }, 1), scale, offset, 1e-3).output);
          return engine.crossEntropy(library.matMul(library.mean(features, [1, 2], false), dense), engine.upload(Int32Array.from([0, 1, 2, 3, 4, 0]), [6]), 0);
        });
        return [loss, ...gradients].map((tensor) => engine.download(tensor));
      });
      expect(step()).toEqual(step());
    });
  });
}
