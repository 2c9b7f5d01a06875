/** Swish with a piecewise linear gate: one addition, two multiplications and a clip instead of an exponential. */
import { activation } from "./activation.js";

export const hswish = activation({
  name: "hswish", summary: "x * min(max(x + 3, 0), 6) / 6.", source: "Howard et al., ICCV 2019 (MobileNetV3), section 5.2.",
  perElement: { multiplies: 2, adds: 1, compares: 2 }, fusible: false,
  apply: (library, x) => library.multiply(x, library.multiply(library.relu6(library.add(x, library.scalar(3))), library.scalar(1 / 6))),
});
