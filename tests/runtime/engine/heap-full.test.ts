import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { HeapFullError, wasmHeap } from "../../../src/runtime/heap.js";
import { engineNamed } from "./compare.js";

it("a full heap is an error, frees what the tape held, and leaves the engine usable", async () => {
  const engine = await engineNamed("wasm");
  const { allocate } = wasmHeap(tf);
  const { library } = engine;
  const count = engine.tensorCount();
  const x = library.scalar(3);
  expect(() => engine.scope(() => {
    engine.gradients([x], () => {
      const square = library.square(library.square(x));
      // 1 GB each, never touched.
      for (let i = 0; i < 5; i++) allocate([1 << 28]);
      return square;
    });
  })).toThrow(HeapFullError);
  expect(engine.tensorCount()).toBe(count + 1);
  const [gradient] = engine.scope(() => engine.gradients([x], () => library.square(x)).gradients.map((each) => [...engine.download(each)]));
  expect(gradient).toEqual([6]);
});
