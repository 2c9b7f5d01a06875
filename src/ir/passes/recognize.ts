/**
 * Which operators are linear windows at inference, and how a window is written as operators again. Here alone passes know operators by
 * name; attributes are read as the operators' own files read them.
 */
import { booleanOf, numberOf, pairOf, symbolOf, type Pair } from "../../ops/attributes.js";
import { isCompressed } from "../../ops/compression.js";
import { paddingAlong, windowOf } from "../../ops/geometry.js";
import type { AttributeValue, Shape } from "../../ops/operator.js";
import type { Window2D } from "../../ops/tensor-library.js";
import type { Net, NetOperator } from "../net.js";
import { isPointwise, withTaps, zerosAfter, type LinearValues, type LinearWindow } from "./linear-window.js";
import type { NodeDraft, WeightedNet } from "./weighted-net.js";

/** Operators that hand their input through once training is over. */
const passive: ReadonlySet<string> = new Set(["identity", "dropout", "drop_path"]);

export const isPassive = ({ operator }: NetOperator): boolean => passive.has(operator);

export const inputShape = (net: Net, node: NetOperator): Shape => net.nodes[node.inputs[0]!]!.shape;

const still = { kernel: [1, 1], stride: [1, 1], before: [0, 0] } as const;

interface Sizes extends Pick<LinearWindow, "kernel" | "stride" | "before" | "groups" | "hasBias"> { readonly filter: () => ArrayLike<number>; readonly bias?: () => ArrayLike<number> }

function windowFrom(input: Shape, output: Shape, { filter, bias, ...sizes }: Sizes): LinearWindow {
  const channels = output.at(-1)!;
  return { input, output, ...sizes, hasTaps: false, values: (): LinearValues => ({
    filter: Float64Array.from(filter()), bias: bias === undefined ? new Float64Array(channels) : Float64Array.from(bias()), taps: new Float64Array(sizes.kernel[0] * sizes.kernel[1] * channels),
  }) };
}

/** A factor and an amount per channel. */
function channelwise(shape: Shape, factor: () => ArrayLike<number>, amount?: () => ArrayLike<number>): LinearWindow {
  return windowFrom(shape, shape, { ...still, groups: shape.at(-1)!, hasBias: amount !== undefined, filter: factor, ...(amount === undefined ? {} : { bias: amount }) });
}

/** The input itself. */
export function unchanged(shape: Shape): LinearWindow {
  return channelwise(shape, () => new Float64Array(shape.at(-1)!).fill(1));
}

/** Zeros above and to the left of a map that a window slides over. */
function zerosBefore(map: ArrayLike<number>, kernel: Pair, window: Window2D): Pair {
  return [paddingAlong(0, map[0]!, kernel[0], window)[0], paddingAlong(1, map[1]!, kernel[1], window)[0]];
}

function slidingWindow({ net, weight }: WeightedNet, node: NetOperator, groups: number): LinearWindow | undefined {
  const window = windowOf(node.attributes);
  if (window.dilation.some((step) => step !== 1)) return undefined;
  const [input, kernel] = [inputShape(net, node), pairOf(node.attributes, "kernel")];
  const before = zerosBefore(input, kernel, window);
  const biased = booleanOf(node.attributes, "bias");
  return windowFrom(input, node.shape, { kernel, stride: window.strides, before, groups, hasBias: biased, filter: () => weight(node, "filter"), ...(biased ? { bias: () => weight(node, "bias") } : {}) });
}

function batchNorm({ net, weight }: WeightedNet, node: NetOperator): LinearWindow {
  const factors = (): Float64Array => {
    const [scale, variance] = [weight(node, "scale"), weight(node, "variance")];
    return Float64Array.from({ length: scale.length }, (_, c) => scale[c]! / Math.sqrt(variance[c]! + numberOf(node.attributes, "epsilon")));
  };
  return channelwise(inputShape(net, node), factors, () => {
    const [offset, mean] = [weight(node, "offset"), weight(node, "mean")];
    return factors().map((factor, c) => offset[c]! - mean[c]! * factor);
  });
}

/** What a node of one input does to it, where that is a linear window; `edge_bias` is none, see `withEdge`. */
export function linearOf(weighted: WeightedNet, node: NetOperator): LinearWindow | undefined {
  const { net, weight } = weighted;
  const [shape, { attributes }] = [node.shape, node];
  if (isCompressed(attributes)) return undefined;
  const channels = shape.at(-1) ?? 0;
  const fill = (value: number) => (): Float64Array => new Float64Array(channels).fill(value);
  switch (node.operator) {
    case "conv": return slidingWindow(weighted, node, numberOf(attributes, "groups"));
    case "depthwise": return slidingWindow(weighted, node, inputShape(net, node)[2]!);
    case "dense": {
      const biased = booleanOf(attributes, "bias");
      return windowFrom(inputShape(net, node), shape, { ...still, groups: 1, hasBias: biased, filter: () => weight(node, "weight"), ...(biased ? { bias: () => weight(node, "bias") } : {}) });
    }
    case "batch_norm": return batchNorm(weighted, node);
    case "scale": return channels === 0 ? undefined : channelwise(shape, booleanOf(attributes, "learned") ? () => weight(node, "factor") : fill(numberOf(attributes, "factor")));
    case "offset": return channels === 0 ? undefined : channelwise(shape, fill(1), booleanOf(attributes, "learned") ? () => weight(node, "amount") : fill(numberOf(attributes, "amount")));
    default: return undefined;
  }
}

/** True of layers that multiply and add over channels or windows; the other linear ones go along with the layer before them. */
export const isLayer = ({ operator }: NetOperator): boolean => operator === "conv" || operator === "depthwise" || operator === "dense";

/** A number that is not trained. */
export const isFixedFactor = ({ operator, attributes }: NetOperator): boolean => operator === "scale" && !booleanOf(attributes, "learned");

/** `window` with the bias of the `edge_bias` behind it; undefined where that is told another window. */
export function withEdge({ weight }: WeightedNet, window: LinearWindow, edge: NetOperator): LinearWindow | undefined {
  const { strides, padding } = windowOf(edge.attributes);
  const map = pairOf(edge.attributes, "map");
  const kernel = pairOf(edge.attributes, "kernel");
  const sliding = { strides, padding, dilation: [1, 1] } as const;
  const before = zerosBefore(map, kernel, sliding);
  const same = [window.kernel.join() === kernel.join(), window.stride.join() === strides.join(), window.before.join() === before.join(), map.join() === window.input.slice(0, 2).join()];
  return same.every(Boolean) ? withTaps(window, () => weight(edge, "taps")) : undefined;
}

function paddingAttribute(window: LinearWindow): AttributeValue {
  const after = zerosAfter(window);
  const isSame = ([0, 1] as const).every((d) => {
    const [before, behind] = paddingAlong(d, window.input[d]!, window.kernel[d], { strides: window.stride, padding: "same", dilation: [1, 1] });
    return before === window.before[d] && behind === after[d] && window.output[d] === Math.ceil(window.input[d]! / window.stride[d]);
  });
  return isSame ? "same" : { tag: "pixels", arguments: { top: window.before[0], bottom: after[0], left: window.before[1], right: after[1] } };
}

/** The operators that compute a window of `source`: a dense layer off maps, else a convolution, depthwise where it is one. */
export function writeWindow(window: LinearWindow, source: number, path: string): readonly NodeDraft[] {
  let known: LinearValues | undefined;
  const values = (): LinearValues => (known ??= window.values());
  const [inputs, channels] = [window.input.at(-1)!, window.output.at(-1)!];
  const bias: NodeDraft["weights"] = window.hasBias ? { bias: () => values().bias } : {};
  const place = { inputs: [source], shape: window.output, path } as const;
  if (window.input.length !== 3 && isPointwise(window) && window.groups === 1) {
    return [{ ...place, operator: "dense", attributes: { channels, bias: window.hasBias }, weights: { weight: () => values().filter, ...bias } }];
  }
  const padding = paddingAttribute(window);
  const sliding = { kernel: [...window.kernel], stride: [...window.stride], padding };
  const weights = { filter: () => values().filter, ...bias };
  const layer: NodeDraft = window.groups === inputs && inputs > 1
    ? { ...place, operator: "depthwise", attributes: { ...sliding, dilation: 1, multiplier: channels / inputs, bias: window.hasBias }, weights }
    : { ...place, operator: "conv", attributes: { channels, ...sliding, dilation: 1, groups: window.groups, bias: window.hasBias }, weights };
  if (!window.hasTaps) return [layer];
  const edge: NodeDraft = {
    operator: "edge_bias", inputs: ["previous"], shape: window.output, path: `${path} edge`, weights: { taps: () => values().taps },
    attributes: { map: [window.input[0]!, window.input[1]!], ...sliding },
  };
  return [layer, edge];
}

/** Whether `writeWindow` can write it. */
export function isWritable(window: LinearWindow): boolean {
  return window.input.length === 3 || (isPointwise(window) && window.groups === 1 && !window.hasTaps);
}

/** `global_pool` by the mean, which factors and amounts per channel pass through. */
export const isMeanPool = ({ operator, attributes }: NetOperator): boolean => operator === "global_pool" && symbolOf(attributes, "kind").tag === "average";
