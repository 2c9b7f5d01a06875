/** The sigmoid linear unit. */
import { activation, TABLE_LOOK_UP } from "./activation.js";

export const silu = activation({
  name: "silu", summary: "x * sigmoid(x), also called swish.", source: "Elfwing, Uchibe and Doya 2018; Ramachandran, Zoph and Le 2017 (swish).", perElement: TABLE_LOOK_UP, fusible: false,
  apply: (library, x) => library.multiply(x, library.sigmoid(x)),
});
