/**
 * Convolutions and pooling by TensorFlow's operators where those are sure to exist: TensorFlow's own kernels refuse groups and dilation
 * in gradients (builds with oneDNN take some of them), so those go to `others`.
 */
import type { EngineTensor } from "../engine.js";
import type { Geometry } from "../geometry.js";
import type { Primitives } from "../primitives.js";
import type { Attribute, Operators } from "./backend.js";

type T = EngineTensor;
type Windows = Pick<Primitives,
  | "convolution" | "convolutionInputGradient" | "convolutionFilterGradient" | "depthwise" | "depthwiseInputGradient" | "depthwiseFilterGradient"
  | "maxPool" | "maxPoolGradient" | "averagePool" | "averagePoolGradient">;

/** The cells behind the image that the last window reaches. */
function behind(size: number, out: number, kernel: number, stride: number, before: number): number {
  return Math.max(0, (out - 1) * stride + kernel - size - before);
}

/** TensorFlow's name for the padding of a window without dilation, or all of it in numbers. */
function paddingOf(g: Geometry): "SAME" | "VALID" | readonly number[] {
  const [bottom, right] = [behind(g.height, g.outHeight, g.kernelHeight, g.strideY, g.top), behind(g.width, g.outWidth, g.kernelWidth, g.strideX, g.left)];
  const same = (size: number, out: number, stride: number, before: number, after: number): boolean => out === Math.ceil(size / stride) && (before === after || before + 1 === after);
  const valid = (size: number, out: number, kernel: number, stride: number, before: number): boolean => before === 0 && out === Math.floor((size - kernel) / stride) + 1;
  if (valid(g.height, g.outHeight, g.kernelHeight, g.strideY, g.top) && valid(g.width, g.outWidth, g.kernelWidth, g.strideX, g.left)) return "VALID";
  if (same(g.height, g.outHeight, g.strideY, g.top, bottom) && same(g.width, g.outWidth, g.strideX, g.left, right)) return "SAME";
  return [0, 0, g.top, bottom, g.left, right, 0, 0];
}

export function nodeWindows(operators: Operators, others: Windows): Windows {
  const { run, integers, type, whole, text } = operators;

  /** The attributes of a window, or undefined where TensorFlow may not have it. */
  function attributes(g: Geometry, purpose: "convolution" | "depthwise" | "maxPool" | "averagePool"): readonly Attribute[] | undefined {
    const padding = paddingOf(g);
    if (g.dilationY !== 1 || g.dilationX !== 1) return undefined;
    if (purpose === "depthwise" && g.strideY !== g.strideX) return undefined;
    if (purpose === "averagePool" && typeof padding !== "string") return undefined;
    const common = [type("T"), whole("strides", [1, g.strideY, g.strideX, 1]), text("data_format", "NHWC")];
    if (purpose === "maxPool" || purpose === "averagePool") common.push(whole("ksize", [1, g.kernelHeight, g.kernelWidth, 1]));
    return typeof padding === "string" ? [...common, text("padding", padding)] : [...common, text("padding", "EXPLICIT"), whole("explicit_paddings", padding)];
  }
  const inputShape = (g: Geometry, channels: number): ReturnType<typeof integers> => integers([g.batch, g.height, g.width, channels]);
  const channelsOf = (tensor: T): number => tensor.shape.at(-1)!;

  return {
    convolution(x, filter, g, groups) {
      const known = groups === 1 ? attributes(g, "convolution") : undefined;
      return known === undefined ? others.convolution(x, filter, g, groups) : run("Conv2D", known, [x, filter]);
    },
    convolutionInputGradient(dy, filter, g, groups) {
      const known = groups === 1 ? attributes(g, "convolution") : undefined;
      return known === undefined ? others.convolutionInputGradient(dy, filter, g, groups) : run("Conv2DBackpropInput", known, [inputShape(g, filter.shape[2]!), filter, dy]);
    },
    convolutionFilterGradient(x, dy, g, groups) {
      const known = groups === 1 ? attributes(g, "convolution") : undefined;
      return known === undefined ? others.convolutionFilterGradient(x, dy, g, groups) : run("Conv2DBackpropFilter", known, [x, integers([g.kernelHeight, g.kernelWidth, channelsOf(x), channelsOf(dy)]), dy]);
    },

    depthwise(x, filter, g) {
      const known = attributes(g, "depthwise");
      return known === undefined ? others.depthwise(x, filter, g) : run("DepthwiseConv2dNative", known, [x, filter]);
    },
    depthwiseInputGradient(dy, filter, g) {
      const known = attributes(g, "depthwise");
      return known === undefined ? others.depthwiseInputGradient(dy, filter, g) : run("DepthwiseConv2dNativeBackpropInput", known, [inputShape(g, filter.shape[2]!), filter, dy]);
    },
    depthwiseFilterGradient(x, dy, g, multiplier) {
      const known = attributes(g, "depthwise");
      return known === undefined ? others.depthwiseFilterGradient(x, dy, g, multiplier) : run("DepthwiseConv2dNativeBackpropFilter", known, [x, integers([g.kernelHeight, g.kernelWidth, channelsOf(x), multiplier]), dy]);
    },

    maxPool(x, g) {
      const known = attributes(g, "maxPool");
      return known === undefined ? others.maxPool(x, g) : run("MaxPool", known, [x]);
    },
    maxPoolGradient(x, dy, g) {
      const known = attributes(g, "maxPool");
      return known === undefined ? others.maxPoolGradient(x, dy, g) : run("MaxPoolGrad", known, [x, run("MaxPool", known, [x]), dy]);
    },
    averagePool(x, g) {
      const known = attributes(g, "averagePool");
      return known === undefined ? others.averagePool(x, g) : run("AvgPool", known, [x]);
    },
    averagePoolGradient(dy, g) {
      const known = attributes(g, "averagePool");
      return known === undefined ? others.averagePoolGradient(dy, g) : run("AvgPoolGrad", known, [inputShape(g, channelsOf(dy)), dy]);
    },
  };
}
