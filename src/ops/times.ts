/** The product of two tensors: a gate, such as squeeze-and-excitation. */
import { binaryArithmetic } from "./elementwise.js";

export const times = binaryArithmetic({
  name: "times", symbol: "*", summary: "Elementwise product; what `a * b` means.", example: "y = x * (x -> global_pool -> dense(channels(x)) -> sigmoid)",
  perElement: { multiplies: 1 }, fusible: false,
  apply: (library, a, b) => library.multiply(a, b),
});
