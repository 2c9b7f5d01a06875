/** The rectifier that saturates at 6, made for low precision. */
import { activation, ONE_COMPARISON } from "./activation.js";

export const relu6 = activation({
  name: "relu6", summary: "min(max(x, 0), 6).", source: "Howard et al. 2017 (MobileNets).", perElement: ONE_COMPARISON, fusible: true,
  apply: (library, x) => library.relu6(x),
});
