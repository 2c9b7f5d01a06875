/**
 * Local attention: softmax attention inside windows that tile the sequence or the map (no padding, no shift: a window that does not
 * divide the size is an error). 2 B H T^2 D multiply-accumulates for B windows of T tokens.
 */
import type { AttentionContext, AttentionKind, AttentionSize } from "./attention-kind.js";
import { numberOf } from "./attributes.js";
import { softmaxAttend, softmaxWork } from "./attention-softmax.js";
import { cutWindows, joinWindows } from "./map-windows.js";
import type { Attributes, OperatorProblem, Shape } from "./operator.js";
import type { Tensor } from "./tensor-library.js";

const windowOf = (settings: Attributes): number => numberOf(settings, "window");

/** A sequence is a map of one column. */
const mapOf = (size: AttentionSize): readonly [number, number] => size.map ?? [size.queries, 1];

function windowSize(size: AttentionSize, settings: Attributes): readonly [number, number] {
  const window = windowOf(settings);
  return size.map === undefined ? [window, 1] : [window, window];
}

function localAttend<T extends Tensor>(context: AttentionContext<T>): T {
  const { library, size, settings } = context;
  const map = mapOf(size);
  const window = windowSize(size, settings);
  const cut = (x: T, d: number): T => cutWindows(library, x, map, window, size.heads * d);
  const tokens = window[0] * window[1];
  const mixed = softmaxAttend({
    ...context,
    queries: cut(context.queries, size.dim), keys: cut(context.keys, size.dim), values: cut(context.values, size.valueDim),
    size: { ...size, map: undefined, queries: tokens, keys: tokens },
  });
  return joinWindows(library, mixed, map, window, size.heads * size.valueDim);
}

function localProblem([x]: readonly Shape[], settings: Attributes): OperatorProblem | undefined {
  const window = windowOf(settings);
  const sides = x === undefined ? [] : x.length === 3 ? [["height", x[0]!], ["width", x[1]!]] as const : [["tokens", x[0]!]] as const;
  const uneven = sides.find(([, size]) => size % window !== 0);
  if (uneven === undefined) return undefined;
  const [side, size] = uneven;
  const divisors = Array.from({ length: size }, (_, i) => i + 1).filter((divisor) => divisor > 1 && sides.every(([, other]) => other % divisor === 0));
  return {
    problem: `windows of \`attention\` do not tile the ${sides.length === 1 ? "sequence" : "map"}`,
    detail: `${side} ${size} % window ${window} = ${size % window}`,
    ...(divisors.length === 0 ? {} : { help: `windows that fit: ${divisors.join(", ")}` }),
    parameter: "kind",
  };
}

export const localKind: AttentionKind = {
  member: {
    name: "local",
    summary: "Softmax attention inside square windows of a map, or inside runs of tokens; the windows must tile the input.",
    parameters: [{ name: "window", summary: "Side of a window.", type: { kind: "integer", minimum: 1 }, defaultValue: 7 }],
  },
  source: "Liu et al., Swin Transformer, ICCV 2021, section 3.2 (without shift and relative bias)",
  crossAttention: false,
  problem: localProblem,
  attend: localAttend,
  workload(size, settings) {
    const [height, width] = windowSize(size, settings);
    const tokens = height * width;
    return softmaxWork("", size.queries / tokens, size.heads, tokens, tokens, size.dim, size.valueDim);
  },
};
