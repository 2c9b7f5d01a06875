/** The difference of two tensors. */
import { binaryArithmetic } from "./elementwise.js";

export const minus = binaryArithmetic({
  name: "minus", symbol: "-", summary: "Elementwise difference; what `a - b` means.", example: "y = x - (x -> average_pool(3, stride = 1))",
  perElement: { adds: 1 }, fusible: true,
  apply: (library, a, b) => library.subtract(a, b),
});
