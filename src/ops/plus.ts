/** The sum of two tensors: a residual connection. */
import { binaryArithmetic } from "./elementwise.js";

export const plus = binaryArithmetic({
  name: "plus", symbol: "+", summary: "Elementwise sum; what `a + b` means.", example: "y = x + (x -> conv(channels(x)))",
  perElement: { adds: 1 }, fusible: true,
  apply: (library, a, b) => library.add(a, b),
});
