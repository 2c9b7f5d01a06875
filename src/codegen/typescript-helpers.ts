/**
 * Functions that an emitted module brings along where it needs them: what TensorFlow.js has no single call for. They are source text,
 * written to be read; the tests run them.
 */

export type HelperName = "adder" | "groupedConvolution" | "roundToPowerOfTwo" | "powerOfTwo" | "keepLargest" | "gelu" | "layerNorm" | "runs";

/** In the order in which they are written. */
export const helpers: Readonly<Record<HelperName, string>> = {
  adder: `/** Largest number of floats that one chunk of an adder layer holds at once (64 MB). */
const ADDER_CHUNK = 1 << 24;

/**
 * The adder layer: y[n, i, j, o] = -(sum over the window of |x - filter[.., o]|). \`padding\` is [top, bottom, left, right] of zeros,
 * which count like any other cell. Output channels are taken in chunks, so that memory stays bounded.
 */
function adder(x: tf.Tensor4D, filter: tf.Tensor4D, strides: [number, number], padding: [number, number, number, number], dilations: [number, number]): tf.Tensor4D {
  return tf.tidy(() => {
    const [rows, columns, channels, out] = filter.shape;
    const [top, bottom, left, right] = padding;
    const padded = tf.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]]);
    const [examples, fullHeight, fullWidth] = padded.shape;
    const height = Math.floor((fullHeight - (rows - 1) * dilations[0] - 1) / strides[0]) + 1;
    const width = Math.floor((fullWidth - (columns - 1) * dilations[1] - 1) / strides[1]) + 1;
    const taps: tf.Tensor[] = [];
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const begin = [0, row * dilations[0], column * dilations[1], 0];
        const end = [examples, begin[1]! + (height - 1) * strides[0] + 1, begin[2]! + (width - 1) * strides[1] + 1, channels];
        taps.push(tf.stridedSlice(padded, begin, end, [1, strides[0], strides[1], 1]));
      }
    }
    const places = examples * height * width;
    const length = rows * columns * channels;
    const patches = tf.reshape(tf.concat(taps, 3), [places, length, 1]);
    const table = tf.reshape(filter, [1, length, out]);
    const chunk = Math.max(1, Math.min(out, Math.floor(ADDER_CHUNK / (places * length))));
    const sums: tf.Tensor[] = [];
    for (let first = 0; first < out; first += chunk) {
      sums.push(tf.tidy(() => tf.sum(tf.abs(tf.sub(patches, tf.slice(table, [0, 0, first], [1, length, Math.min(chunk, out - first)]))), 1)));
    }
    return tf.reshape(tf.neg(tf.concat(sums, 1)), [examples, height, width, out]) as tf.Tensor4D;
  });
}`,
  groupedConvolution: `/** A convolution whose channels are cut into groups, each convolved by itself. */
function groupedConvolution(x: tf.Tensor4D, filter: tf.Tensor4D, groups: number, convolve: (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.Tensor4D): tf.Tensor4D {
  const inputs = tf.split<tf.Tensor4D>(x, groups, 3);
  const filters = tf.split<tf.Tensor4D>(filter, groups, 3);
  return tf.concat(inputs.map((part, group) => convolve(part, filters[group]!)), 3);
}`,
  powerOfTwo: `/** 2 to the nearest whole power. */
function powerOfTwo(exponent: tf.Tensor): tf.Tensor {
  return tf.exp(tf.mul(tf.round(exponent), Math.LN2));
}`,
  roundToPowerOfTwo: `/** Each weight as a sign and a whole power of two: what a bit shift multiplies by. Zero stays zero. */
function roundToPowerOfTwo<T extends tf.Tensor>(weight: T, lowExponent: number, highExponent: number): T {
  const magnitude = tf.clipByValue(tf.abs(weight), 2 ** lowExponent, 2 ** highExponent);
  const exponent = tf.round(tf.div(tf.log(magnitude), Math.LN2));
  return tf.mul(tf.sign(weight), tf.exp(tf.mul(exponent, Math.LN2)));
}`,
  keepLargest: `/** 1 at the \`count\` weights of greatest magnitude, else 0. */
function keepLargest<T extends tf.Tensor>(weight: T, count: number): T {
  const magnitudes = tf.abs(weight).dataSync();
  const kept = new Float32Array(magnitudes.length);
  const order = Array.from(magnitudes.keys()).sort((a, b) => magnitudes[b]! - magnitudes[a]! || a - b);
  for (const at of order.slice(0, count)) kept[at] = 1;
  return tf.tensor(kept, weight.shape) as T;
}`,
  gelu: `/** x times the share of a normal distribution below x. */
function gelu(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}`,
  layerNorm: `/** Normalises the last axis to mean 0 and variance 1, then scales and shifts it. */
function layerNorm(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, epsilon: number): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon))), scale), offset);
}`,
  runs: `/** A constant given as [how often, value] pairs. */
function runs(pairs: readonly (readonly [number, number])[], shape: number[]): tf.Tensor {
  return tf.tensor(pairs.flatMap(([count, value]) => new Array<number>(count).fill(value)), shape, "float32");
}`,
};
