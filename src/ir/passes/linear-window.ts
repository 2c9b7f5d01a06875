/**
 * A linear layer in one form: a grouped window with a bias and, where a bias met zero padding further inside, a number per tap that
 * counts where the tap lies inside the map. Convolutions, dense layers, batch norm at inference and factors per channel have it. Two of
 * them in a row, or side by side, are one again: merged size k1 + s1 (k2 - 1), stride s1 s2 (Fu et al., DepthShrinker, ICML 2022).
 */
import type { Pair } from "../../ops/attributes.js";
import type { Shape } from "../../ops/operator.js";

export interface LinearValues {
  /** [kernel rows, kernel columns, input channels of a group, channels]. */
  readonly filter: Float64Array;
  readonly bias: Float64Array;
  /** [kernel rows, kernel columns, channels]. */
  readonly taps: Float64Array;
}

export interface LinearWindow {
  readonly input: Shape;
  readonly output: Shape;
  readonly kernel: Pair;
  readonly stride: Pair;
  /** Zeros above and to the left. */
  readonly before: Pair;
  readonly groups: number;
  readonly hasBias: boolean;
  readonly hasTaps: boolean;
  values(): LinearValues;
}

const channelsOf = (shape: Shape): number => shape.at(-1)!;
/** Positions along one direction; what is not a map has one that matters. */
const extentOf = (shape: Shape, direction: 0 | 1): number => (shape.length === 3 ? shape[direction]! : 1);

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
const pairOf = (of: (direction: 0 | 1) => number): Pair => [of(0), of(1)];

/** Zeros below and to the right that the last window needs. */
export function zerosAfter({ input, output, kernel, stride, before }: LinearWindow): Pair {
  return pairOf((d) => Math.max(0, (extentOf(output, d) - 1) * stride[d] + kernel[d] - extentOf(input, d) - before[d]));
}

const isPadded = (window: LinearWindow): boolean => [...window.before, ...zerosAfter(window)].some((zeros) => zeros > 0);
export const isPointwise = ({ kernel }: LinearWindow): boolean => kernel[0] === 1 && kernel[1] === 1;

/** Multiply-accumulates. */
export function pointsOf({ output, kernel, input, groups }: LinearWindow): number {
  return output.reduce((product, extent) => product * extent, 1) * kernel[0] * kernel[1] * (channelsOf(input) / groups);
}

/** `second` after `first` as one window; undefined where zeros between them cannot be said by one. */
export function compose(first: LinearWindow, second: LinearWindow): LinearWindow | undefined {
  const padded = isPadded(second);
  // Outside the map the second reads zeros, the merged window what the first makes of its own padding: equal but for the bias only
  // where the first sees a single pixel.
  if (padded && (!isPointwise(first) || isPadded(first))) return undefined;
  return {
    input: first.input, output: second.output, groups: gcd(first.groups, second.groups),
    kernel: pairOf((d) => first.kernel[d] + first.stride[d] * (second.kernel[d] - 1)),
    stride: pairOf((d) => first.stride[d] * second.stride[d]),
    before: pairOf((d) => first.before[d] + first.stride[d] * second.before[d]),
    hasBias: second.hasBias || (!padded && (first.hasBias || second.hasTaps)),
    hasTaps: first.hasTaps || (padded && (first.hasBias || second.hasTaps)),
    values() { return composeValues(first, second, this, padded); },
  };
}

function composeValues(first: LinearWindow, second: LinearWindow, merged: LinearWindow, padded: boolean): LinearValues {
  const [one, two] = [first.values(), second.values()];
  const [inputs, middle, outputs] = [channelsOf(first.input), channelsOf(first.output), channelsOf(second.output)];
  const [inputsPerGroup, middlePerGroup, outputsPerGroup] = [inputs / first.groups, middle / second.groups, outputs / second.groups];
  const mergedInputs = inputs / merged.groups;
  const size = merged.kernel[0] * merged.kernel[1];
  const filter = new Float64Array(size * mergedInputs * outputs);
  const taps = new Float64Array(size * outputs);
  const bias = Float64Array.from(two.bias);
  const tapAt = (r1: number, c1: number, r2: number, c2: number): number => (r1 + first.stride[0] * r2) * merged.kernel[1] + c1 + first.stride[1] * c2;
  // target[o] += factor * (row of the second's filter for this tap and middle channel)
  const spread = (target: Float64Array, at: number, factor: number, tap2: number, m: number): void => {
    const from = Math.floor(m / middlePerGroup) * outputsPerGroup;
    const row = (tap2 * middlePerGroup + (m % middlePerGroup)) * outputs;
    for (let o = from; o < from + outputsPerGroup; o++) target[at + o]! += factor * two.filter[row + o]!;
  };
  for (let r2 = 0; r2 < second.kernel[0]; r2++) for (let c2 = 0; c2 < second.kernel[1]; c2++) {
    const tap2 = r2 * second.kernel[1] + c2;
    const [target, inside] = padded ? [taps, tapAt(0, 0, r2, c2) * outputs] : [bias, 0];
    for (let o = 0; o < outputs; o++) target[inside + o]! += two.taps[tap2 * outputs + o]!;
    for (let m = 0; m < middle; m++) if (one.bias[m] !== 0) spread(target, inside, one.bias[m]!, tap2, m);
    for (let r1 = 0; r1 < first.kernel[0]; r1++) for (let c1 = 0; c1 < first.kernel[1]; c1++) {
      const tap1 = r1 * first.kernel[1] + c1;
      const tap = tapAt(r1, c1, r2, c2);
      for (let m = 0; m < middle; m++) {
        const inside1 = one.taps[tap1 * middle + m]!;
        if (inside1 !== 0) spread(taps, tap * outputs, inside1, tap2, m);
        const firstInput = Math.floor(m / (middle / first.groups)) * inputsPerGroup;
        for (let i = 0; i < inputsPerGroup; i++) {
          const factor = one.filter[(tap1 * inputsPerGroup + i) * middle + m]!;
          if (factor !== 0) spread(filter, (tap * mergedInputs + ((firstInput + i) % mergedInputs)) * outputs, factor, tap2, m);
        }
      }
    }
  }
  return { filter, bias, taps };
}

/** Both windows over one input, added; undefined where they do not step alike. */
export function add(a: LinearWindow, b: LinearWindow): LinearWindow | undefined {
  if (a.stride.join() !== b.stride.join() || a.output.join() !== b.output.join()) return undefined;
  const before = pairOf((d) => Math.max(a.before[d], b.before[d]));
  const kernel = pairOf((d) => before[d] + Math.max(a.kernel[d] - a.before[d], b.kernel[d] - b.before[d]));
  return {
    input: a.input, output: a.output, stride: a.stride, before, kernel, groups: gcd(a.groups, b.groups), hasBias: a.hasBias || b.hasBias, hasTaps: a.hasTaps || b.hasTaps,
    values() { return addValues([a, b], this); },
  };
}

function addValues(windows: readonly LinearWindow[], sum: LinearWindow): LinearValues {
  const [inputs, outputs] = [channelsOf(sum.input), channelsOf(sum.output)];
  const perGroup = inputs / sum.groups;
  const size = sum.kernel[0] * sum.kernel[1];
  const [filter, bias, taps] = [new Float64Array(size * perGroup * outputs), new Float64Array(outputs), new Float64Array(size * outputs)];
  for (const window of windows) {
    const values = window.values();
    const own = inputs / window.groups;
    for (let o = 0; o < outputs; o++) bias[o]! += values.bias[o]!;
    for (let r = 0; r < window.kernel[0]; r++) for (let c = 0; c < window.kernel[1]; c++) {
      const from = r * window.kernel[1] + c;
      const to = (r + sum.before[0] - window.before[0]) * sum.kernel[1] + c + sum.before[1] - window.before[1];
      for (let o = 0; o < outputs; o++) {
        taps[to * outputs + o]! += values.taps[from * outputs + o]!;
        const firstInput = Math.floor(o / (outputs / window.groups)) * own;
        for (let i = 0; i < own; i++) filter[(to * perGroup + ((firstInput + i) % perGroup)) * outputs + o]! += values.filter[(from * own + i) * outputs + o]!;
      }
    }
  }
  return { filter, bias, taps };
}

/** The same with a number per tap more: what `edge_bias` adds. */
export function withTaps(window: LinearWindow, more: () => ArrayLike<number>): LinearWindow {
  return { ...window, hasTaps: true, values() {
    const { filter, bias, taps } = window.values();
    const extra = more();
    return { filter, bias, taps: taps.map((value, at) => value + extra[at]!) };
  } };
}

/** As if every tap lay inside the map: right in the interior, wrong at the border. */
export function withoutBorder(window: LinearWindow): LinearWindow {
  if (!window.hasTaps) return window;
  return { ...window, hasBias: true, hasTaps: false, values() {
    const { filter, bias, taps } = window.values();
    return { filter, bias: bias.map((value, o) => { for (let at = o; at < taps.length; at += bias.length) value += taps[at]!; return value; }), taps: new Float64Array(taps.length) };
  } };
}
