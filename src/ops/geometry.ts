/**
 * Where a sliding window stands on an image: output extents under padding, stride and dilation, shared by convolutions and pooling.
 * `same` follows TensorFlow: output = ceil(input / stride), the odd padding pixel goes to the bottom and right.
 */
import { numberOf, pairOf, symbolOf, type Pair } from "./attributes.js";
import { writtenShape } from "./guard.js";
import type { Attributes, OperatorProblem, Parameter, Shape } from "./operator.js";
import type { Padding, Window2D } from "./tensor-library.js";

export type { Pair } from "./attributes.js";

/** A window of `kernel` taps; extents are of the image without the batch. */
export interface PlacedWindow { readonly kernel: Pair; readonly window: Window2D; readonly output: Pair }

const SIDES = ["top", "bottom", "left", "right"] as const;

export const kernelParameter: Parameter = { name: "kernel", summary: "Taps of the window: one number, or [vertical, horizontal].", type: { kind: "pair", minimum: 1 }, defaultValue: 3 };
export const strideParameter: Parameter = { name: "stride", summary: "Step of the window: one number, or [vertical, horizontal].", type: { kind: "pair", minimum: 1 }, defaultValue: 1 };
export const dilationParameter: Parameter = { name: "dilation", summary: "Distance between taps: one number, or [vertical, horizontal].", type: { kind: "pair", minimum: 1 }, defaultValue: 1 };
export const paddingParameter: Parameter = {
  name: "padding",
  summary: "What surrounds the image.",
  type: {
    kind: "enumeration",
    members: [
      { name: "same", summary: "As many zeros as make the output ceil(input / stride) long; an odd one goes to the bottom and right." },
      { name: "valid", summary: "Nothing: the window stays inside the image." },
      {
        name: "pixels", summary: "The given number of zeros on each side.",
        parameters: SIDES.map((name) => ({ name, summary: `Zeros at the ${name}.`, type: { kind: "integer", minimum: 0 }, defaultValue: 0 })),
      },
    ],
  },
  defaultValue: "same",
};

/** [height, width, channels] of the first input, or why it is not an image. */
export function imageProblem(operator: string, shape: Shape): OperatorProblem | undefined {
  if (shape.length === 3) return undefined;
  return { problem: `\`${operator}\` needs an image`, detail: `its input is ${writtenShape(shape)}, not [height, width, channels]` };
}

export function paddingOf(attributes: Attributes): Padding {
  const { tag, arguments: sides } = symbolOf(attributes, "padding");
  if (tag === "same" || tag === "valid") return tag;
  const side = (name: (typeof SIDES)[number]): number => (sides[name] === undefined ? 0 : numberOf(sides, name));
  return { top: side("top"), bottom: side("bottom"), left: side("left"), right: side("right") };
}

/** The window that attributes `stride`, `padding` and `dilation` describe; an operator without `dilation` has 1. */
export function windowOf(attributes: Attributes): Window2D {
  return { strides: pairOf(attributes, "stride"), padding: paddingOf(attributes), dilation: attributes.dilation === undefined ? [1, 1] : pairOf(attributes, "dilation") };
}

/** Pixels from the first to the last tap. */
export const effectiveKernel = (kernel: number, dilation: number): number => (kernel - 1) * dilation + 1;

/** How many windows fit along one direction; at most 0 where the first does not. `padded` is the number of zeros added. */
export function outputExtent(input: number, kernel: number, stride: number, dilation: number, padded: number | "same"): number {
  if (padded === "same") return Math.ceil(input / stride);
  return Math.floor((input + padded - effectiveKernel(kernel, dilation)) / stride) + 1;
}

/** Zeros before and after along one direction (0 vertical, 1 horizontal). */
export function paddingAlong(direction: 0 | 1, input: number, kernel: number, window: Window2D): Pair {
  const { padding, strides, dilation } = window;
  if (padding === "valid") return [0, 0];
  if (padding !== "same") return direction === 0 ? [padding.top, padding.bottom] : [padding.left, padding.right];
  const output = Math.ceil(input / strides[direction]);
  const total = Math.max(0, (output - 1) * strides[direction] + effectiveKernel(kernel, dilation[direction]) - input);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** Places a window on an image, or says along which direction it does not fit; `parameter` names the kernel's attribute. */
export function placeWindow(image: Shape, kernel: Pair, window: Window2D, parameter = "kernel"): PlacedWindow | OperatorProblem {
  const output: number[] = [];
  for (const direction of [0, 1] as const) {
    const input = image[direction]!;
    const taps = kernel[direction];
    const dilation = window.dilation[direction];
    const [before, after] = paddingAlong(direction, input, taps, window);
    const extent = outputExtent(input, taps, window.strides[direction], dilation, window.padding === "same" ? "same" : before + after);
    if (extent < 1) {
      const side = direction === 0 ? "height" : "width";
      const reach = dilation === 1 ? `${taps}` : `(${taps} - 1) * ${dilation} + 1 = ${effectiveKernel(taps, dilation)}`;
      return {
        problem: `\`${parameter}\` is larger than the image`,
        detail: `${parameter} ${reach} > ${side} ${before + after === 0 ? input : `${input} + ${before + after} = ${input + before + after}`}`,
        help: window.padding === "valid" ? "use padding = same, or a smaller window" : "use a smaller window, or more padding",
        parameter,
      };
    }
    output.push(extent);
  }
  return { kernel, window, output: [output[0]!, output[1]!] };
}

/** `placeWindow` with everything read from the attributes `kernel`, `stride`, `padding`, `dilation`. */
export function placeKernel(image: Shape, attributes: Attributes): PlacedWindow | OperatorProblem {
  return placeWindow(image, pairOf(attributes, "kernel"), windowOf(attributes));
}
