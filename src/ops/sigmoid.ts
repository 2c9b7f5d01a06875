/** The logistic function. */
import { activation, TABLE_LOOK_UP } from "./activation.js";

export const sigmoid = activation({
  name: "sigmoid", summary: "1 / (1 + exp(-x)).", source: "Gates of squeeze-and-excitation: Hu, Shen and Sun, CVPR 2018.", perElement: TABLE_LOOK_UP, fusible: false,
  apply: (library, x) => library.sigmoid(x),
});
