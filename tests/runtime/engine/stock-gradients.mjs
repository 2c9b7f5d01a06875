// Stock TensorFlow.js on its WebAssembly backend, in a process of its own, so that nothing of ours is in it. Standard input holds a list
// of {name, inputs: [{values, shape, dtype}], which, seed}; the answer is, for each, the gradient of sum(seed * f) or the error.
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-wasm";
// Bare core registers no gradients in Node; the layers package brings them.
import "@tensorflow/tfjs-layers";

const functions = {
  "max-pool of negative values": ([x]) => tf.maxPool(x, 2, 2, "valid"),
  "filter of a convolution": ([x, w]) => tf.conv2d(x, w, 1, "same"),
  "filter of a depthwise convolution": ([x, w]) => tf.depthwiseConv2d(x, w, 1, "same"),
  "input of a depthwise convolution": ([x, w]) => tf.depthwiseConv2d(x, w, 1, "same"),
  "input of a dilated convolution": ([x, w]) => tf.conv2d(x, w, 1, "same", "NHWC", 2),
  "input of a dilated depthwise convolution": ([x, w]) => tf.depthwiseConv2d(x, w, 1, "same", "NHWC", 2),
  "table of a gather": ([table, indices]) => tf.gather(table, indices),
  "cumulative sum over a middle axis, square": ([x]) => tf.cumsum(x, 1),
  "cumulative sum over a middle axis, not square": ([x]) => tf.cumsum(x, 1),
  "cumulative sum over the first axis": ([x]) => tf.cumsum(x, 0),
  "reflected border": ([x]) => tf.mirrorPad(x, [[1, 1], [2, 2]], "reflect"),
  "broadcast maximum": ([a, b]) => tf.maximum(a, b),
  "broadcast minimum": ([a, b]) => tf.minimum(a, b),
  "product of a batch with one matrix": ([a, b]) => tf.matMul(a, b),
  "product with a mask of comparison": ([x]) => tf.mul(x, tf.cast(tf.greater(x, 0), "float32")),
  "choice by a mask of comparison": ([x]) => tf.where(tf.greater(x, 0), x, tf.mul(x, 0.1)),
  "einsum": ([a, b]) => tf.einsum("bij,bkj->bik", a, b),
  "every second row": ([x]) => tf.stridedSlice(x, [0, 0], [6, 4], [2, 1]),
  "depth to space": ([x]) => tf.depthToSpace(x, 2, "NHWC"),
};

await tf.setBackend("wasm");
let text = "";
for await (const chunk of process.stdin) text += chunk;
const answers = JSON.parse(text).map(({ name, inputs, which, seed }) => tf.tidy(() => {
  try {
    const tensors = inputs.map(({ values, shape, dtype }) => tf.tensor(values, shape, dtype));
    const gradient = tf.grad((x) => {
      const y = functions[name](tensors.map((tensor, i) => (i === which ? x : tensor)));
      return tf.sum(tf.mul(y, tf.tensor(seed, y.shape)));
    })(tensors[which]);
    return { name, gradient: [...gradient.dataSync()] };
  } catch (error) {
    return { name, error: error instanceof Error ? error.message : String(error) };
  }
}));
console.log(JSON.stringify(answers));
