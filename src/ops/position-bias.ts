/**
 * Adds a learned number to each attention score, by head and by the distance of key and query on their maps. Queries may stand on a
 * coarser map than keys: query (a, b) then looks from (stride a, stride b).
 */
import { booleanOf, numberOf, pairOf, type Pair } from "./attributes.js";
import { writtenShape } from "./guard.js";
import { elements } from "./nests.js";
import type { Attributes, Operator, OperatorProblem, Shape } from "./operator.js";

/** Along one axis: how far a distance can go, and how many there are. */
function spanOf(queries: number, stride: number, signed: boolean): { readonly low: number; readonly count: number } {
  const keys = queries * stride;
  // stride * a - x for a in 0..queries - 1 and x in 0..keys - 1.
  const [low, high] = [-(keys - 1), stride * (queries - 1)];
  return signed ? { low, count: high - low + 1 } : { low: 0, count: Math.max(-low, high) + 1 };
}

interface Geometry { readonly map: Pair; readonly stride: number; readonly signed: boolean }

const geometryOf = (attributes: Attributes): Geometry => ({ map: pairOf(attributes, "map"), stride: numberOf(attributes, "stride"), signed: booleanOf(attributes, "signed") });

/** For query t and key u the row of the table. */
function rowsOf({ map: [height, width], stride, signed }: Geometry): number[] {
  const [vertical, horizontal] = [spanOf(height, stride, signed), spanOf(width, stride, signed)];
  const place = (distance: number, low: number): number => (signed ? distance - low : Math.abs(distance));
  const rows: number[] = [];
  for (let t = 0; t < height * width; t++) {
    for (let u = 0; u < height * width * stride * stride; u++) {
      const down = stride * Math.floor(t / width) - Math.floor(u / (width * stride));
      const across = stride * (t % width) - (u % (width * stride));
      rows.push(place(down, vertical.low) * horizontal.count + place(across, horizontal.low));
    }
  }
  return rows;
}

function problemOf(scores: Shape, { map: [height, width], stride }: Geometry): OperatorProblem | undefined {
  const queries = height * width;
  const keys = queries * stride * stride;
  if (scores.length !== 3) return { problem: "`position_bias` needs scores [heads, queries, keys]", detail: `its input is ${writtenShape(scores)}` };
  if (scores[1] === queries && scores[2] === keys) return undefined;
  return { problem: "`position_bias` is told another map than its scores are of", detail: `${height} x ${width} queries and ${keys} keys, but scores are ${writtenShape(scores)}`, parameter: "map" };
}

export const positionBias: Operator = {
  name: "position_bias",
  summary: "Adds to attention scores [heads, queries, keys] a learned number per head and distance on the map.",
  source: "Graham et al., LeViT, ICCV 2021, section 4.3 (absolute distances); Liu et al., Swin Transformer, ICCV 2021, equation 4 (signed)",
  example: "matmul(x -> reshape([1, 49, 32]), x -> reshape([1, 49, 32]), transposed = true) -> position_bias([7, 7]) -> softmax",
  category: "embedding",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [
    { name: "map", summary: "Height and width of the map of the queries.", type: { kind: "pair", minimum: 1 } },
    { name: "stride", summary: "How many times higher and wider the map of the keys is.", type: { kind: "integer", minimum: 1 }, defaultValue: 1 },
    { name: "signed", summary: "Left and right, above and below are told apart.", type: { kind: "boolean" }, defaultValue: false },
  ],
  shape([scores], attributes) {
    return problemOf(scores!, geometryOf(attributes)) ?? { shape: scores! };
  },
  weights([scores], attributes) {
    const { map, stride, signed } = geometryOf(attributes);
    const [rows, columns] = map.map((side) => spanOf(side, stride, signed).count);
    return [{ name: "table", shape: [rows! * columns!, scores![0]!], initializer: { kind: "constant", value: 0 }, axes: ["first", "leading"], role: "parameter", decay: false }];
  },
  forward({ library, inputs, inputShapes, attributes, weights }) {
    const [heads, queries, keys] = inputShapes[0]!;
    const found = library.gather(weights.table!, library.constant(rowsOf(geometryOf(attributes)), [queries!, keys!]));
    return library.add(inputs[0]!, library.reshape(library.transpose(found, [2, 0, 1]), [1, heads!, queries!, keys!]));
  },
  workload([scores]) {
    const count = elements(scores!);
    return { nests: [], vectors: [{ name: "positions", adds: count, readWords: 2 * count, writeWords: count, fusible: true }] };
  },
};
