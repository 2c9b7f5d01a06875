/** Tokens [t, c] as a map [h, w, c], row by row: the inverse of `to_tokens`. Costs nothing. */
import { optionalNumberOf } from "./attributes.js";
import { writtenShape } from "./guard.js";
import type { Operator } from "./operator.js";
import { noWork } from "./workload.js";

export const toMap: Operator = {
  name: "to_map",
  summary: "A sequence of tokens as a map, row by row; a square one where no height is given.",
  example: "x -> to_map(7) -> depthwise(kernel = 3) -> to_tokens",
  category: "shape",
  inputs: { minimum: 1, maximum: 1 },
  parameters: [{ name: "height", summary: "Rows of the map; by default the map is square.", type: { kind: "integer", minimum: 1 }, defaultValue: null }],
  shape([input], attributes) {
    if (input!.length !== 2) return { problem: "`to_map` needs tokens", detail: `its input is ${writtenShape(input!)}, not [tokens, channels]` };
    const [count, channels] = input as readonly [number, number];
    const given = optionalNumberOf(attributes, "height");
    const height = given ?? Math.round(Math.sqrt(count));
    if (given === undefined && height * height !== count) return { problem: `${count} tokens do not make a square map`, detail: `${height} * ${height} = ${height * height}`, help: "give the `height` of the map" };
    if (count % height !== 0) return { problem: `${count} tokens do not make ${height} equal rows`, detail: `tokens ${count} % height ${height} = ${count % height}`, parameter: "height" };
    return { shape: [height, count / height, channels] };
  },
  weights: () => [],
  forward: ({ library, inputs, outputShape }) => library.reshape(inputs[0]!, [-1, ...outputShape]),
  workload: () => noWork,
};
