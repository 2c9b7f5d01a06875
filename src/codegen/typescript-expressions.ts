/** One operation of a trace as a TypeScript expression over TensorFlow.js, given the expressions of its inputs. */
import type { Padding, Window2D } from "../ops/tensor-library.js";
import type { Shape } from "../ops/operator.js";
import type { HelperName } from "./typescript-helpers.js";
import { floatLiteral, list } from "./typescript-names.js";
import { marginsOf, type BinaryName, type Trace, type TraceNode, type UnaryName } from "./trace.js";

/** `image`: its static type is known to be `tf.Tensor4D`. */
export interface Expression { readonly text: string; readonly image: boolean }

const unaries: Record<UnaryName, string> = {
  negate: "tf.neg", abs: "tf.abs", square: "tf.square", exp: "tf.exp", log: "tf.log", sqrt: "tf.sqrt", reciprocalSqrt: "tf.rsqrt", floor: "tf.floor", sign: "tf.sign",
  round: "tf.round", relu: "tf.relu", relu6: "tf.relu6", sigmoid: "tf.sigmoid", tanh: "tf.tanh", elu: "tf.elu", gelu: "gelu", softmax: "tf.softmax", powerOfTwo: "powerOfTwo",
  zerosLike: "tf.zerosLike",
};

const binaries: Record<BinaryName, string> = { add: "tf.add", subtract: "tf.sub", multiply: "tf.mul", divide: "tf.div", maximum: "tf.maximum", minimum: "tf.minimum", greater: "tf.greater" };

const asImage = ({ text, image }: Expression): string => (image ? text : `${text} as tf.Tensor4D`);

function paddingText(padding: Padding): string {
  if (typeof padding === "string") return JSON.stringify(padding);
  return `[[0, 0], [${padding.top}, ${padding.bottom}], [${padding.left}, ${padding.right}], [0, 0]]`;
}

/** Strides, padding and, where they spread, dilations. */
function windowText({ strides, padding, dilation }: Window2D): string {
  const spread = dilation[0] !== 1 || dilation[1] !== 1;
  return `${list(strides)}, ${paddingText(padding)}${spread ? `, "NHWC", ${list(dilation)}` : ""}`;
}

function adderText(x: Expression, filter: Expression, input: Shape, taps: Shape, window: Window2D): string {
  const { top, bottom, left, right } = marginsOf(window.padding, [input[1]!, input[2]!], [taps[0]!, taps[1]!], window);
  return `adder(${asImage(x)}, ${asImage(filter)}, ${list(window.strides)}, ${list([top, bottom, left, right])}, ${list(window.dilation)})`;
}

/** Equal neighbours as one [count, value] pair. */
function runsOf(values: Float32Array): (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const value of values) {
    const last = runs.at(-1);
    if (last !== undefined && Object.is(last[1], value)) last[0]++;
    else runs.push([1, value]);
  }
  return runs;
}

/** A constant as a list of values, or in runs where that is much shorter (masks). */
function constantText(values: Float32Array, shape: Shape, need: (helper: HelperName) => void): string {
  if (shape.length === 0) return floatLiteral(values[0]!);
  const runs = runsOf(values);
  if (values.length <= 8 || runs.length > values.length / 4) return `tf.tensor([${[...values].map(floatLiteral).join(", ")}], ${list(shape)}, "float32")`;
  need("runs");
  return `runs([${runs.map(([count, value]) => `[${count}, ${floatLiteral(value)}]`).join(", ")}], ${list(shape)})`;
}

/** Inputs of a reshape keep the batch free by -1; a shape without a batch is written out. */
const shapeText = (shape: Shape): string => list(shape);

/** The expression of a node that is neither an input nor a weight; `need` is told of every helper it calls. */
export function expressionOf(node: TraceNode, inputs: readonly Expression[], trace: Trace, need: (helper: HelperName) => void): Expression {
  const { operation } = node;
  const [x, second] = inputs as [Expression, Expression];
  const texts = inputs.map(({ text }) => text);
  const shapeOf = (index: number): Shape => trace.nodes[node.inputs[index]!]!.shape;
  const image = (text: string): Expression => ({ text, image: true });
  const same = (text: string): Expression => ({ text, image: x.image });
  const any = (text: string): Expression => ({ text, image: false });
  switch (operation.kind) {
    case "input": case "weight": throw new Error(`${operation.kind} is no expression`);
    case "constant": return any(constantText(operation.values, node.shape, need));
    case "unary": {
      if (operation.name === "gelu" || operation.name === "powerOfTwo") { need(operation.name); return any(`${operation.name}(${x.text})`); }
      return same(`${unaries[operation.name]}(${x.text})`);
    }
    case "binary": {
      const text = `${binaries[operation.name]}(${texts.join(", ")})`;
      return any(operation.name === "greater" ? `tf.cast(${text}, "float32")` : text);
    }
    case "clip": return same(`tf.clipByValue(${x.text}, ${floatLiteral(operation.low)}, ${floatLiteral(operation.high)})`);
    case "roundToPowerOfTwo": need("roundToPowerOfTwo"); return same(`roundToPowerOfTwo(${x.text}, ${operation.lowExponent}, ${operation.highExponent})`);
    case "keepLargest": need("keepLargest"); return same(`keepLargest(${x.text}, ${operation.count})`);
    case "matMul": return any(`tf.matMul(${texts.join(", ")}${operation.transposeA || operation.transposeB ? `, ${operation.transposeA}, ${operation.transposeB}` : ""})`);
    case "conv2d": {
      if (operation.groups === 1) return image(`tf.conv2d(${asImage(x)}, ${asImage(second)}, ${windowText(operation.window)})`);
      need("groupedConvolution");
      return image(`groupedConvolution(${asImage(x)}, ${asImage(second)}, ${operation.groups}, (part, filter) => tf.conv2d(part, filter, ${windowText(operation.window)}))`);
    }
    case "depthwiseConv2d": return image(`tf.depthwiseConv2d(${asImage(x)}, ${asImage(second)}, ${windowText(operation.window)})`);
    case "adder": need("adder"); return image(adderText(x, second, shapeOf(0), shapeOf(1), operation.window));
    case "maxPool": case "averagePool": {
      const { size, strides, padding } = operation.window;
      return image(`${operation.kind === "maxPool" ? "tf.maxPool" : "tf.avgPool"}(${asImage(x)}, ${list(size)}, ${list(strides)}, ${paddingText(padding)})`);
    }
    case "upsampleNearest": return image(`tf.image.resizeNearestNeighbor(${asImage(x)}, ${list([node.shape[1]!, node.shape[2]!])})`);
    case "reduce": return any(`tf.${operation.name}(${x.text}, ${list(operation.axes)}${operation.keepDimensions ? ", true" : ""})`);
    case "layerNorm": need("layerNorm"); return any(`layerNorm(${texts.join(", ")}, ${floatLiteral(operation.epsilon)})`);
    case "batchNorm": return batchNormText(node, inputs, operation.epsilon);
    case "reshape": return any(`tf.reshape(${x.text}, ${shapeText(operation.shape)})`);
    case "transpose": return same(`tf.transpose(${x.text}, ${list(operation.permutation)})`);
    case "concat": return any(`tf.concat<tf.Tensor>([${texts.join(", ")}], ${operation.axis})`);
    case "slice": return same(`tf.slice(${x.text}, ${list(operation.begin)}, ${list(operation.size)})`);
    case "pad": return same(`tf.pad(${x.text}, [${operation.paddings.map(list).join(", ")}])`);
    case "subsample": return any(`tf.stridedSlice(${x.text}, [0, 0, 0, 0], [0, ${shapeOf(0).slice(1).join(", ")}], ${list([1, ...operation.steps, 1])}, 1, 1)`);
    case "gather": return any(`tf.gather(${x.text}, tf.cast(${second.text}, "int32"))`);
    case "cumulativeSum": return any(`tf.cumsum(${x.text}, ${operation.axis})`);
  }
}

/** tf.batchNorm takes mean, variance, offset, scale in this order. */
function batchNormText(node: TraceNode, inputs: readonly Expression[], epsilon: number): Expression {
  const [x, mean, variance, scale, offset] = inputs.map(({ text }) => text) as [string, string, string, string, string];
  const call = `tf.batchNorm(${inputs[0]!.image || node.shape.length !== 4 ? x : `${x} as tf.Tensor4D`}, ${mean}, ${variance}, ${offset}, ${scale}, ${floatLiteral(epsilon)})`;
  return { text: call, image: node.shape.length === 4 };
}
