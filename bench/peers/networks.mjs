// The networks of the engine benchmark on our tensor library: each gives its parameters and a function that computes the loss of one
// fixed batch. `torch_peer.py` holds the same networks for PyTorch.
const same = (stride = 1) => ({ strides: [stride, stride], padding: "same", dilation: [1, 1] });

/** Parameters and layers on one engine. Values come from a small generator: a benchmark needs no good ones. */
function builder(engine) {
  const library = engine.library;
  const parameters = [];
  let state = 1;
  const next = () => { state = (state * 1103515245 + 12345) % 2147483648; return state / 2147483648 - 0.5; };
  const volume = (shape) => shape.reduce((product, size) => product * size, 1);
  const values = (shape, size) => engine.upload(Float32Array.from({ length: volume(shape) }, () => size * next()), shape);
  const parameter = (shape, size) => { const tensor = values(shape, size); parameters.push(tensor); return tensor; };
  const filled = (shape, value) => { const tensor = engine.upload(new Float32Array(volume(shape)).fill(value), shape); parameters.push(tensor); return tensor; };
  const weight = (shape) => parameter(shape, 3.4 / Math.sqrt(volume(shape.slice(0, -1))));
  const batchNorm = (channels) => { const [scale, offset] = [filled([channels], 1), filled([channels], 0)]; return (x) => library.batchNormTrain(x, scale, offset, 1e-5).output; };
  const layerNorm = (width) => { const [scale, offset] = [filled([width], 1), filled([width], 0)]; return (x) => library.layerNorm(x, scale, offset, 1e-5); };
  const convolution = (size, from, to, stride = 1) => { const filter = weight([size, size, from, to]); return (x) => library.conv2d(x, filter, same(stride), 1); };
  const depthwise = (channels, stride) => { const filter = parameter([3, 3, channels, 1], 1); return (x) => library.depthwiseConv2d(x, filter, same(stride)); };
  const linear = (from, to) => { const [w, b] = [weight([from, to]), filled([to], 0)]; return (x) => library.add(library.matMul(x, w), b); };
  const adder = (from, to, stride = 1) => {
    const filter = parameter([3, 3, from, to], 1);
    const window = same(stride);
    return (x) => library.customGradient([x, filter], (a, w) => library.adder(a, w, window), (dy, [a, w]) => [library.adderInputGradient(dy, a, w, window), library.adderFilterGradient(dy, a, w, window)]);
  };
  return { library, parameters, values, batchNorm, layerNorm, convolution, depthwise, linear, adder };
}

function classifier(engine, b, images, features, width) {
  const head = b.linear(width, 10);
  const labels = engine.upload(Int32Array.from({ length: images.shape[0] }, (_, i) => i % 10), [images.shape[0]]);
  return { parameters: b.parameters, loss: () => engine.crossEntropy(head(b.library.mean(features(images), [1, 2], false)), labels, 0) };
}

const chain = (layers) => (x) => layers.reduce((value, layer) => layer(value), x);

function plainNetwork(strides) {
  return (engine) => {
    const b = builder(engine);
    const layers = strides.flatMap((stride, i) => [b.convolution(3, i === 0 ? 1 : 32, 32, stride), b.batchNorm(32), b.library.relu]);
    return classifier(engine, b, b.values([64, 28, 28, 1], 2), chain(layers), 32);
  };
}

function transformer(engine) {
  const b = builder(engine);
  const { library } = b;
  const [batch, tokens, width, heads, hidden] = [64, 50, 128, 4, 256];
  const size = width / heads;
  const scale = library.scalar(size ** -0.5);
  const split = (x) => library.transpose(library.reshape(x, [batch, tokens, heads, size]), [0, 2, 1, 3]);
  const block = () => {
    const [first, second] = [b.layerNorm(width), b.layerNorm(width)];
    const [query, key, value, out, up, down] = [b.linear(width, width), b.linear(width, width), b.linear(width, width), b.linear(width, width), b.linear(width, hidden), b.linear(hidden, width)];
    return (x) => {
      const n = first(x);
      const attention = library.softmax(library.multiply(library.matMul(split(query(n)), split(key(n)), false, true), scale));
      const mixed = library.reshape(library.transpose(library.matMul(attention, split(value(n))), [0, 2, 1, 3]), [batch, tokens, width]);
      const h = library.add(x, out(mixed));
      return library.add(h, down(library.gelu(up(second(h)))));
    };
  };
  const body = chain([block(), block(), block(), block()]);
  return classifier(engine, b, b.values([batch, tokens, width], 2), (x) => library.reshape(body(x), [batch, tokens, 1, width]), width);
}

/** Inverted bottlenecks: [outputs, stride], expansion 6, kernel 3. */
function mobileNetwork(engine) {
  const b = builder(engine);
  const { library } = b;
  const block = (from, to, stride) => {
    const wide = 6 * from;
    const body = chain([b.convolution(1, from, wide), b.batchNorm(wide), library.relu6, b.depthwise(wide, stride), b.batchNorm(wide), library.relu6, b.convolution(1, wide, to), b.batchNorm(to)]);
    return stride === 1 && from === to ? (x) => library.add(x, body(x)) : body;
  };
  const layers = [b.convolution(3, 3, 16), b.batchNorm(16), library.relu6];
  let from = 16;
  for (const [to, stride] of [[16, 1], [24, 2], [24, 1], [32, 2], [32, 1], [64, 1]]) { layers.push(block(from, to, stride)); from = to; }
  return classifier(engine, b, b.values([64, 32, 32, 3], 2), chain(layers), 64);
}

function adderLayer(engine) {
  const b = builder(engine);
  const x = b.values([32, 16, 16, 64], 2);
  const layer = b.adder(64, 64);
  // The layer's input has a gradient too.
  return { parameters: [x, ...b.parameters], loss: () => b.library.sum(layer(x), [0, 1, 2, 3], false), update: false };
}

function adderNetwork(engine) {
  const b = builder(engine);
  const relu = b.library.relu;
  const layers = [b.convolution(3, 3, 16), b.batchNorm(16), relu, b.adder(16, 32), b.batchNorm(32), relu, b.adder(32, 32, 2), b.batchNorm(32), relu, b.adder(32, 64), b.batchNorm(64), relu];
  return classifier(engine, b, b.values([32, 16, 16, 3], 2), chain(layers), 64);
}

export const networks = {
  "CNN A": plainNetwork([1, 2, 1, 2]),
  "CNN B": plainNetwork([1, 1, 1, 1]),
  "ViT": transformer,
  "MobileNetV2-like": mobileNetwork,
  "adder layer": adderLayer,
  "adder network": adderNetwork,
};
