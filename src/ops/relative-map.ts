/**
 * Vectors of distances on a map, as attention uses them: the vector of a pair of pixels is that of their distance in rows plus that of
 * their distance in columns, clipped to -distance..distance. A class token may stand before the pixels: pairs with it have a vector of
 * their own. Heads (all leading axes) share the tables. `map_scores` and `map_values` are `relative_scores` and `relative_values` of a map.
 */
import { numberOf, pairOf } from "./attributes.js";
import { writtenShape } from "./guard.js";
import { elements } from "./nests.js";
import type { Attributes, Operator, OperatorProblem, Parameter, Shape, WeightSpecification } from "./operator.js";
import { pairNest, perToken } from "./relative.js";
import type { Tensor, TensorLibrary } from "./tensor-library.js";

interface Geometry { readonly height: number; readonly width: number; readonly distance: number; readonly hasClass: boolean }

function geometryOf(tokens: number, attributes: Attributes): Geometry {
  const [height, width] = pairOf(attributes, "map");
  return { height, width, distance: numberOf(attributes, "distance"), hasClass: tokens === height * width + 1 };
}

/** The row of a table for token i and token j: their distance along an axis of the map, counted from 0; behind those, pairs with the class token. */
function rowsOf(tokens: number, { width, distance, hasClass }: Geometry, along: "rows" | "columns"): number[] {
  const first = hasClass ? 1 : 0;
  const place = (token: number): number => (along === "rows" ? Math.floor((token - first) / width) : (token - first) % width);
  return Array.from({ length: tokens * tokens }, (_, pair) => {
    const [i, j] = [Math.floor(pair / tokens), pair % tokens];
    if (i < first || j < first) return 2 * distance + 1;
    return Math.max(-distance, Math.min(distance, place(j) - place(i))) + distance;
  });
}

/** Numbers that the tables hold for each channel. */
const rowCount = ({ distance, hasClass }: Geometry): number => 2 * (2 * distance + 1 + (hasClass ? 1 : 0));

function weightsOf(tokens: number, channels: number, attributes: Attributes): readonly WeightSpecification[] {
  const { distance, hasClass } = geometryOf(tokens, attributes);
  const table = (name: string, rows: number): WeightSpecification => ({ name, shape: [rows, channels], initializer: { kind: "truncated_normal", deviation: 0.02 }, axes: ["centre", "leading"], role: "parameter", decay: false });
  return [table("rows", 2 * distance + 1), table("columns", 2 * distance + 1), ...(hasClass ? [table("class", 2)] : [])];
}

/** The vector of every pair, [t, t, channels]. */
function vectorsOf<T extends Tensor>(library: TensorLibrary<T>, tokens: number, attributes: Attributes, weights: Readonly<Record<string, T>>): T {
  const geometry = geometryOf(tokens, attributes);
  const along = (axis: "rows" | "columns", row: number): T => {
    const table = geometry.hasClass ? library.concat([weights[axis]!, library.slice(weights.class!, [row, 0], [1, -1])], 0) : weights[axis]!;
    return library.gather(table, library.constant(rowsOf(tokens, geometry, axis), [tokens, tokens]));
  };
  return library.add(along("rows", 0), along("columns", 1));
}

function problemOf(tokens: number, attributes: Attributes, shape: Shape): OperatorProblem | undefined {
  const { height, width, hasClass } = geometryOf(tokens, attributes);
  if (hasClass || tokens === height * width) return undefined;
  return { problem: "this is told another map than its tokens are of", detail: `${height} x ${width} pixels, with or without a class token, but ${tokens} tokens in ${writtenShape(shape)}`, parameter: "map" };
}

const mapParameter: Parameter = { name: "map", summary: "Height and width of the map that the tokens are the pixels of.", type: { kind: "pair", minimum: 1 } };
const distanceParameter: Parameter = { name: "distance", summary: "Distances beyond it count as it.", type: { kind: "integer", minimum: 0 }, defaultValue: 14 };
const SOURCE = "Wu et al., Rethinking and Improving Relative Position Encoding for Vision Transformer, ICCV 2021, section 3 (contextual, product of axes as a sum); Chen et al., AutoFormer, ICCV 2021";

export const mapScores: Operator = {
  name: "map_scores",
  summary: "From tokens [..., t, channels] of a map the scores [..., t, t]: token i times the vector of the way to token j.",
  source: SOURCE,
  example: "scores = matmul(x, x, transposed = true) + (x -> map_scores([7, 7]))",
  category: "attention",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [mapParameter, distanceParameter],
  shape([x], attributes) {
    if (x!.length < 2) return { problem: "`map_scores` needs tokens", detail: `its input is ${writtenShape(x!)}, not [..., tokens, channels]` };
    return problemOf(x!.at(-2)!, attributes, x!) ?? { shape: [...x!.slice(0, -1), x!.at(-2)!] };
  },
  weights: ([x], attributes) => weightsOf(x!.at(-2)!, x!.at(-1)!, attributes),
  forward: ({ library, inputs, inputShapes, outputShape, attributes, weights }) => perToken(library, inputs[0]!, vectorsOf(library, inputShapes[0]!.at(-2)!, attributes, weights), outputShape, true),
  workload([x], attributes) {
    const tokens = x!.at(-2)!;
    return { nests: [pairNest("distances", elements(x!.slice(0, -2)), tokens, x!.at(-1)!, "channels", rowCount(geometryOf(tokens, attributes)))], vectors: [] };
  },
};

export const mapValues: Operator = {
  name: "map_values",
  summary: "Learned vectors of the ways on a map, mixed by attention weights: [..., t, t] to [..., t, channels].",
  source: SOURCE,
  example: "x -> map_scores([7, 7]) -> softmax -> map_values(16, [7, 7])",
  category: "attention",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [{ name: "channels", summary: "Length of a vector.", type: { kind: "integer", minimum: 1 } }, mapParameter, distanceParameter],
  shape([x], attributes) {
    if (x!.length < 2 || x!.at(-1) !== x!.at(-2)) return { problem: "`map_values` needs weights of tokens to tokens", detail: `its input is ${writtenShape(x!)}, not [..., tokens, tokens]` };
    return problemOf(x!.at(-1)!, attributes, x!) ?? { shape: [...x!.slice(0, -1), numberOf(attributes, "channels")] };
  },
  weights: ([x], attributes) => weightsOf(x!.at(-1)!, numberOf(attributes, "channels"), attributes),
  forward: ({ library, inputs, inputShapes, outputShape, attributes, weights }) => perToken(library, inputs[0]!, vectorsOf(library, inputShapes[0]!.at(-1)!, attributes, weights), outputShape, false),
  workload([x], attributes) {
    const tokens = x!.at(-1)!;
    return { nests: [pairNest("distances", elements(x!.slice(0, -2)), tokens, numberOf(attributes, "channels"), "tokens", rowCount(geometryOf(tokens, attributes)))], vectors: [] };
  },
};
