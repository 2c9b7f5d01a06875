/** The Gaussian error linear unit. */
import { activation, TABLE_LOOK_UP } from "./activation.js";

export const gelu = activation({
  name: "gelu", summary: "x times the normal distribution function of x, exact (erf).", source: "Hendrycks and Gimpel 2016.", perElement: TABLE_LOOK_UP, fusible: false,
  apply: (library, x) => library.gelu(x),
});
