// The same work by TensorFlow's operators and by our kernels on copies of the tensors: prints a list of { work, tensorflow, copied,
// taken } in milliseconds. Run by the benchmark `tfjs-node`.
import * as tf from "@tensorflow/tfjs-core";
import { createEngine } from "../../dist/runtime/create-engine.js";
import { geometryOf } from "../../dist/runtime/geometry.js";
import { chooseKernels } from "../../dist/runtime/kernels/choose-kernels.js";
import { kernelPrimitives } from "../../dist/runtime/kernels/kernel-primitives.js";
import { plainPrimitives } from "../../dist/runtime/plain-primitives.js";
import { operators } from "../../dist/runtime/tfjs-node/backend.js";
import { lending } from "../../dist/runtime/tfjs-node/lending.js";
import { nodePrimitives } from "../../dist/runtime/tfjs-node/node-primitives.js";
import { median, value } from "../measuring.mjs";

value(await createEngine("node"));
const backend = tf.backend();
const { heap, lent } = lending(tf, backend, { owners: () => 1 });
const kernels = kernelPrimitives(heap, chooseKernels(heap.memory).pack, plainPrimitives(heap));
const native = nodePrimitives(tf, backend, operators(backend), {});

const REPEATS = 9;
function time(work) {
  const times = [];
  for (let i = 0; i < REPEATS + 2; i++) {
    const started = performance.now();
    tf.tidy(() => { work(); });
    if (i >= 2) times.push(performance.now() - started);
  }
  return median(times);
}

const same = { strides: [1, 1], padding: "same", dilation: [1, 1] };
const normal = (...shape) => tf.randomNormal(shape);
const images = normal(32, 16, 16, 64);
const filter = normal(3, 3, 64, 64);
const g = geometryOf(images.shape, [3, 3], same);
const wide = normal(64, 32, 32, 96);
const taps = normal(3, 3, 96, 1);
const wideG = geometryOf(wide.shape, [3, 3], same);
const hidden = normal(3200, 256);
const tokens = normal(3200, 128);
const [scale, offset] = [normal(128), normal(128)];
const scores = normal(64, 4, 50, 50);

/** All patches as rows, then one output channel after the other. */
function adderByChannels() {
  const padded = tf.pad(images, [[0, 0], [1, 1], [1, 1], [0, 0]]);
  const slices = Array.from({ length: 9 }, (_, i) => tf.slice(padded, [0, Math.floor(i / 3), i % 3, 0], [32, 16, 16, 64]));
  const patches = tf.reshape(tf.concat(slices, 3), [8192, 576]);
  const columns = tf.unstack(tf.reshape(filter, [576, 64]), 1);
  return tf.neg(tf.stack(columns.map((column) => tf.sum(tf.abs(tf.sub(patches, column)), 1)), 1));
}
/** A few rows against all output channels at once, so that the differences stay in the cache. */
function adderByRows() {
  const padded = tf.pad(images, [[0, 0], [1, 1], [1, 1], [0, 0]]);
  const slices = Array.from({ length: 9 }, (_, i) => tf.slice(padded, [0, Math.floor(i / 3), i % 3, 0], [32, 16, 16, 64]));
  const patches = tf.split(tf.reshape(tf.concat(slices, 3), [8192, 1, 576]), 1024);
  const filters = tf.expandDims(tf.transpose(tf.reshape(filter, [576, 64])), 0);
  return tf.neg(tf.concat(patches.map((rows) => tf.sum(tf.abs(tf.sub(rows, filters)), 2))));
}
/** Off by one power where rounding the logarithm goes wrong. */
const powers = () => tf.mul(tf.sign(filter), tf.exp(tf.mul(native.round(tf.div(tf.log(tf.clipByValue(tf.abs(filter), 2 ** -6, 1)), Math.LN2)), Math.LN2)));

const share = () => tf.mul(tf.add(tf.erf(tf.mul(hidden, Math.SQRT1_2)), 1), 0.5);
const gelu = () => tf.mul(hidden, share());
const geluGradient = () => tf.mul(hidden, tf.add(share(), tf.mul(hidden, tf.mul(tf.exp(tf.mul(tf.square(hidden), -0.5)), 1 / Math.sqrt(2 * Math.PI)))));
function standardized() {
  const centred = tf.sub(tokens, tf.mean(tokens, -1, true));
  const factor = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), 1e-5));
  return [tf.mul(centred, factor), factor];
}
const layerNorm = () => tf.add(tf.mul(standardized()[0], scale), offset);
/** Of an output gradient with the values of the tokens themselves. */
function layerNormGradient() {
  const [normal, factor] = standardized();
  const flow = tf.mul(tokens, scale);
  const along = tf.mul(normal, tf.mean(tf.mul(flow, normal), -1, true));
  return [tf.mul(tf.sub(tf.sub(flow, tf.mean(flow, -1, true)), along), factor), tf.sum(tf.mul(tokens, normal), 0), tf.sum(tokens, 0)];
}

const work = [
  ["adder layer 3x3, 64 to 64, 16x16, batch 32, forward", () => Math.min(time(adderByChannels), time(adderByRows)), () => time(() => lent(kernels.adder)(images, filter, g)), "copied"],
  ["36,864 weights to powers of two", () => time(powers), () => time(() => lent(kernels.roundToPowerOfTwo)(filter, -6, 0)), "copied (exact)"],
  ["convolution 3x3, 64 to 64, 16x16, batch 32", () => time(() => native.convolution(images, filter, g, 1)), () => time(() => lent(kernels.convolution)(images, filter, g, 1)), "TensorFlow"],
  ["depthwise 3x3, 96 channels, 32x32, batch 64", () => time(() => native.depthwise(wide, taps, wideG)), () => time(() => lent(kernels.depthwise)(wide, taps, wideG)), "TensorFlow"],
  ["gelu, 3200 x 256", () => time(gelu), () => time(() => lent(kernels.gelu)(hidden)), "copied"],
  ["its gradient", () => time(geluGradient), () => time(() => lent(kernels.geluGradient)(hidden, hidden)), "copied"],
  ["layer norm, 3200 x 128", () => time(layerNorm), () => time(() => lent(kernels.layerNorm)(tokens, scale, offset, 1e-5)), "copied"],
  ["its gradient", () => time(layerNormGradient), () => time(() => lent(kernels.layerNormGradient)(tokens, tokens, scale, 1e-5)), "copied"],
  ["softmax, 12800 x 50", () => time(() => native.softmax(scores)), () => time(() => lent(kernels.softmax)(scores)), "TensorFlow"],
];
console.log(JSON.stringify(work.map(([name, tensorflow, copied, taken]) => ({ work: name, tensorflow: tensorflow(), copied: copied(), taken }))));
