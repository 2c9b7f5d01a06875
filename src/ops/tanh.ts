/** The hyperbolic tangent. */
import { activation, TABLE_LOOK_UP } from "./activation.js";

export const tanh = activation({
  name: "tanh", summary: "Hyperbolic tangent.", source: "LeCun et al. 1998, Efficient BackProp.", perElement: TABLE_LOOK_UP, fusible: false,
  apply: (library, x) => library.tanh(x),
});
