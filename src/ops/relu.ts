/** The rectifier. */
import { activation, ONE_COMPARISON } from "./activation.js";

export const relu = activation({
  name: "relu", summary: "max(x, 0).", source: "Nair and Hinton, ICML 2010.", perElement: ONE_COMPARISON, fusible: true,
  apply: (library, x) => library.relu(x),
});
