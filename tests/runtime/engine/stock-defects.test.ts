/**
 * Why our gradients exist: each case shows the stock wasm backend wrong or without an answer, and ours right. When one of the stock
 * expectations fails, TensorFlow.js has been mended and our own code may go.
 */
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, it } from "vitest";
import type { Engine, EngineTensor } from "../../../src/runtime/engine.js";
import { engineNamed } from "./compare.js";

let engine: Engine;
beforeAll(async () => { engine = await engineNamed("wasm"); });

const sum = (x: EngineTensor): EngineTensor => engine.library.sum(x, x.shape.map((_, axis) => axis), false);
const ours = (x: EngineTensor, f: (x: EngineTensor) => EngineTensor): number[] => engine.scope(() => [...engine.download(engine.gradients([x], () => sum(f(x))).gradients[0]!)]);
const stock = (x: tf.Tensor, f: (x: tf.Tensor) => tf.Tensor): number[] => tf.tidy(() => [...tf.grad((value: tf.Tensor) => tf.sum(f(value)) as tf.Scalar)(x).dataSync()]);

describe("stock TensorFlow.js on WebAssembly", () => {
  it("sends the gradient of an all-negative window to the wrong cell", () => {
    const x = tf.tensor4d([-4, -3, -2, -1], [1, 2, 2, 1]);
    expect(stock(x, (value) => tf.maxPool(value as tf.Tensor4D, 2, 2, "valid"))).toEqual([1, 0, 0, 0]);
    expect(ours(x, (value) => engine.library.maxPool(value, { size: [2, 2], strides: [2, 2], padding: "valid", dilation: [1, 1] }))).toEqual([0, 0, 0, 1]);
  });

  it("has no gradient for the filter of a convolution", () => {
    const x = tf.ones([1, 3, 3, 1]) as tf.Tensor4D;
    const filter = tf.ones([2, 2, 1, 1]);
    expect(() => stock(filter, (value) => tf.conv2d(x, value as tf.Tensor4D, 1, "valid"))).toThrow("Conv2DBackpropFilter");
    expect(ours(filter, (value) => engine.library.conv2d(x, value, { strides: [1, 1], padding: "valid", dilation: [1, 1] }, 1))).toEqual([4, 4, 4, 4]);
  });

  it("has no gradients for depthwise convolutions", () => {
    const x = tf.ones([1, 3, 3, 1]) as tf.Tensor4D;
    const filter = tf.ones([2, 2, 1, 1]) as tf.Tensor4D;
    const window = { strides: [1, 1], padding: "valid", dilation: [1, 1] } as const;
    expect(() => stock(filter, (value) => tf.depthwiseConv2d(x, value as tf.Tensor4D, 1, "valid"))).toThrow("DepthwiseConv2dNativeBackprop");
    expect(() => stock(x, (value) => tf.depthwiseConv2d(value as tf.Tensor4D, filter, 1, "valid"))).toThrow("DepthwiseConv2dNativeBackprop");
    expect(ours(filter, (value) => engine.library.depthwiseConv2d(x, value, window))).toEqual([4, 4, 4, 4]);
    expect(ours(x, (value) => engine.library.depthwiseConv2d(value, filter, window))).toEqual([1, 2, 1, 2, 4, 2, 1, 2, 1]);
  });

  it("has no gradient for dilated convolutions", () => {
    const x = tf.ones([1, 3, 3, 1]);
    const filter = tf.ones([2, 2, 1, 1]) as tf.Tensor4D;
    expect(() => stock(x, (value) => tf.conv2d(value as tf.Tensor4D, filter, 1, "valid", "NHWC", 2))).toThrow("dilation");
    expect(ours(x, (value) => engine.library.conv2d(value, filter, { strides: [1, 1], padding: "valid", dilation: [2, 2] }, 1))).toEqual([1, 0, 1, 0, 0, 0, 1, 0, 1]);
  });

  it("has no gradient for gather", () => {
    const table = tf.ones([3, 2]);
    expect(() => stock(table, (value) => tf.gather(value, tf.tensor1d([2, 0, 2], "int32")))).toThrow("UnsortedSegmentSum");
    expect(ours(table, (value) => engine.library.gather(value, tf.tensor2d([2, 0, 2], [1, 3], "int32")))).toEqual([1, 1, 0, 0, 2, 2]);
  });

  it("turns the gradient of a cumulative sum along the first axes", () => {
    const x = tf.ones([2, 2, 2]);
    const weights = tf.tensor([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]);
    const right = [4, 6, 3, 4, 12, 14, 7, 8];
    expect(stock(x, (value) => tf.mul(tf.cumsum(value, 1), weights))).not.toEqual(right);
    expect(ours(x, (value) => engine.library.multiply(engine.library.cumulativeSum(value, 1), weights))).toEqual(right);
  });

  it("does not reduce the gradient of a broadcast maximum or matrix product", () => {
    const [bound, x] = [tf.tensor1d([0, 0]), tf.tensor2d([1, -1, 2, -2], [2, 2])];
    expect(() => stock(bound, (value) => tf.maximum(value, x))).toThrow();
    expect(ours(bound, (value) => engine.library.maximum(value, x))).toEqual([0, 2]);
    const [matrix, batch] = [tf.ones([2, 2]), tf.ones([3, 1, 2])];
    expect(() => stock(matrix, (value) => tf.matMul(batch, value))).toThrow();
    expect(ours(matrix, (value) => engine.library.matMul(batch, value))).toEqual([3, 3, 3, 3]);
  });

  it("has no gradient for comparisons", () => {
    const x = tf.tensor1d([1, -1]);
    expect(() => stock(x, (value) => tf.mul(value, tf.cast(tf.greater(value, 0), "float32")))).toThrow();
    expect(ours(x, (value) => engine.library.multiply(value, engine.library.greater(value, engine.library.scalar(0))))).toEqual([1, 0]);
  });
});
