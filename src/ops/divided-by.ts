/** The quotient of two tensors. */
import { binaryArithmetic } from "./elementwise.js";

export const dividedBy = binaryArithmetic({
  name: "divided_by", symbol: "/", summary: "Elementwise quotient; what `a / b` means.", example: "y = x / (relu(x) + 1)",
  perElement: { specials: 1 }, fusible: false,
  apply: (library, a, b) => library.divide(a, b),
});
