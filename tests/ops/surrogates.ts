/**
 * Closed forms of the stated gradients, written as loops over single numbers: the adder layer (AdderNet) and the shift layer
 * (DeepShift). Independent of how the operators compute them.
 */
import { numberOf, optionalNumberOf, symbolOf } from "../../src/ops/attributes.js";
import { windowOf } from "../../src/ops/geometry.js";
import { nearestPowerOfTwo, roundHalfEven } from "../reference/elementwise.js";
import { reference } from "../reference/library.js";
import { gradientsOf, tensor, type ReferenceTensor } from "../reference/tensor.js";
import { conv2d } from "../reference/windows.js";
import type { Case } from "./cases.js";
import type { Operands } from "./run-case.js";

export interface Stated { readonly output: ArrayLike<number>; readonly inputs: readonly ArrayLike<number>[]; readonly weights: Readonly<Record<string, ArrayLike<number>>> }

/** The channels of group `g` of `x` as a tensor of their own (last axis). */
function channelsOf(x: ReferenceTensor, first: number, count: number): ReferenceTensor {
  return reference.slice(x, x.shape.map((_, axis) => (axis === x.shape.length - 1 ? first : 0)), x.shape.map((_, axis) => (axis === x.shape.length - 1 ? count : -1)));
}

/** Puts single-channel results side by side. */
const joined = (parts: readonly ReferenceTensor[]): Float64Array => reference.concat(parts, parts[0]!.shape.length - 1).values;

/** A depthwise adder layer is one dense layer per channel; the local rate is over all of them. */
function adderStated({ attributes }: Case, { inputs, weights }: Operands, dy: ReferenceTensor): Stated {
  const [x, filter] = [inputs[0]!, weights.filter!];
  const window = windowOf(attributes);
  const groups = numberOf(attributes, "groups");
  const parts = groups === 1
    ? [{ x, filter, dy }]
    : Array.from({ length: groups }, (_, g) => ({ x: channelsOf(x, g, 1), filter: channelsOf(filter, g, 1), dy: channelsOf(dy, g, 1) }));
  const raw = joined(parts.map((part) => reference.adderFilterGradient(part.dy, part.x, part.filter, window)));
  const rate = numberOf(attributes, "local_rate");
  const norm = Math.sqrt(raw.reduce((sum, value) => sum + value * value, 0));
  return {
    output: joined(parts.map((part) => reference.adder(part.x, part.filter, window))),
    inputs: [joined(parts.map((part) => reference.adderInputGradient(part.dy, part.x, part.filter, window)))],
    weights: { filter: rate === 0 ? raw : raw.map((value) => (rate * Math.sqrt(raw.length) * value) / Math.max(norm, 1e-12)) },
  };
}

const onGrid = (value: number): number => Math.min(Math.max(Math.floor(value * 65536) / 65536, -32768), 32767);

function shiftStated({ attributes }: Case, { inputs, weights }: Operands, dy: ReferenceTensor): Stated {
  const bits = numberOf(attributes, "bits");
  const q = symbolOf(attributes, "mode").tag === "q";
  const latent = q ? weights.filter! : weights.exponent!;
  const theta = optionalNumberOf(attributes, "threshold");
  const sign = (s: number): number => (theta === undefined ? Math.sign(roundHalfEven(s)) : s > theta ? 1 : s < -theta ? -1 : 0);
  const used = tensor(latent.values.map((value, i) => (q
    ? nearestPowerOfTwo(value, -(2 ** (bits - 1) - 1), 0)
    : 2 ** roundHalfEven(Math.min(Math.max(value, -(2 ** (bits - 1) - 2)), 0)) * sign(weights.sign!.values[i]!))), latent.shape);
  const grid = (x: ReferenceTensor): ReferenceTensor => (attributes.fixed_point === true ? tensor(x.values.map(onGrid), x.shape) : x);
  const x = grid(inputs[0]!);
  const y = conv2d(x, used, windowOf(attributes), numberOf(attributes, "groups"));
  const [dx, dw] = gradientsOf(y, [x, used], dy.values) as [Float64Array, Float64Array];
  const bias = weights.bias;
  const output = bias === undefined ? y.values : reference.add(y, grid(bias)).values;
  const filters: Record<string, ArrayLike<number>> = q ? { filter: dw } : { exponent: dw.map((value, i) => value * used.values[i]! * Math.LN2), sign: dw };
  if (bias !== undefined) filters.bias = reference.sum(dy, [0, 1, 2], false).values;
  return { output, inputs: [dx], weights: filters };
}

export const surrogates: Readonly<Record<string, (drawn: Case, operands: Operands, dy: ReferenceTensor) => Stated>> = { add: adderStated, shift: shiftStated };
