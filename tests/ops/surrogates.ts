/**
 * Closed forms of the stated gradients, written as loops over single numbers: the adder layer (AdderNet) and the shift layer
 * (DeepShift), and linear operators with rounded or cut weights and inputs. Independent of how the operators compute them.
 */
import { numberOf, optionalNumberOf, symbolOf } from "../../src/ops/attributes.js";
import { windowOf } from "../../src/ops/geometry.js";
import { isTagged } from "../../src/ops/guard.js";
import { operators } from "../../src/ops/registry.js";
import { nearestPowerOfTwo, roundHalfEven } from "../reference/elementwise.js";
import { reference } from "../reference/library.js";
import { gradientsOf, tensor, type ReferenceTensor } from "../reference/tensor.js";
import { conv2d } from "../reference/windows.js";
import type { Case } from "./cases.js";
import { runCase, type Operands } from "./run-case.js";

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

const product = (numbers: readonly number[]): number => numbers.reduce((total, each) => total * each, 1);

/** The grid of `bits` around `values` of one filter: Krishnamoorthi 2018, and XNOR-Net for one bit. */
function filterOnGrid(values: readonly number[], bits: number): number[] {
  const magnitudes = values.map(Math.abs);
  if (bits === 1) return values.map((w) => Math.sign(w) * (magnitudes.reduce((sum, each) => sum + each, 0) / values.length));
  const step = Math.max(...magnitudes) / (2 ** (bits - 1) - 1);
  return values.map((w) => (step === 0 ? 0 : roundHalfEven(w / step) * step));
}

/** Jacob et al. 2018: `bits` over the range of all values and zero, with a whole number for zero. */
function inputOnGrid(values: ArrayLike<number>, bits: number): number[] {
  const all = Array.from(values);
  const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
  const step = (high - low) / (2 ** bits - 1);
  const zero = roundHalfEven(-low / step);
  return all.map((x) => (Math.min(Math.max(roundHalfEven(x / step) + zero, 0), 2 ** bits - 1) - zero) * step);
}

/**
 * Rounded and cut operands go through the plain operator; its gradients are those of the operands, but of a weight that is cut there is
 * none. A filter is everything that one output channel reads; `filters` is how many trailing axes number them.
 */
const compressedStated = (name: string, weight: string, filters: number) => ({ inputs: shapes, attributes, output }: Case, { inputs, weights }: Operands, dy: ReferenceTensor): Stated => {
  const { precision, sparsity = 0, ...plain } = attributes;
  const bits = isTagged(precision) ? precision.arguments : {};
  const latent = weights[weight]!;
  const order = Array.from(latent.values.keys()).sort((a, b) => Math.abs(latent.values[b]!) - Math.abs(latent.values[a]!));
  const kept = new Set(order.slice(0, Math.max(1, Math.round(order.length * (1 - Number(sparsity))))));
  const used = Array.from(latent.values, (value, at) => (kept.has(at) ? value : 0));
  const count = product(latent.shape.slice(-filters));
  if (typeof bits.weights === "number") for (let filter = 0; filter < count; filter++) {
    const own = [...used.keys()].filter((at) => at % count === filter);
    filterOnGrid(own.map((at) => used[at]!), bits.weights).forEach((value, i) => { used[own[i]!] = value; });
  }
  const x = tensor(typeof bits.activations === "number" ? inputOnGrid(inputs[0]!.values, bits.activations) : inputs[0]!.values, inputs[0]!.shape);
  const given = { inputs: [x], weights: { ...weights, [weight]: tensor(used, latent.shape) } };
  const y = runCase(operators.get(name)!, { inputs: shapes, attributes: plain, output }, given, true);
  const names = Object.keys(weights).filter((each) => !each.startsWith("input_"));
  const [dx, ...gradients] = gradientsOf(y, [x, ...names.map((each) => given.weights[each]!)], dy.values);
  return {
    output: y.values, inputs: [dx!],
    weights: Object.fromEntries(names.map((each, i) => [each, each === weight ? Array.from(gradients[i]!, (value, at) => (kept.has(at) ? value : 0)) : gradients[i]!])),
  };
};

export const surrogates: Readonly<Record<string, (drawn: Case, operands: Operands, dy: ReferenceTensor) => Stated>> = {
  add: adderStated, shift: shiftStated,
  conv: compressedStated("conv", "filter", 1), dense: compressedStated("dense", "weight", 1), depthwise: compressedStated("depthwise", "filter", 2),
};
