/** Layers by hand, in the published letters. */
import { problemOf, type Problem } from "../../../src/hw/mapping/problem.js";

type Bounds = Partial<Record<"N" | "K" | "C" | "P" | "Q" | "R" | "S", number>>;

/** A convolution over an input already padded; bounds not given are absent. */
export function convolution(bounds: Bounds, stride = 1): Problem {
  const names = (Object.keys(bounds) as (keyof Bounds)[]).filter((name) => bounds[name] !== undefined);
  const one = (name: keyof Bounds) => (names.includes(name) ? [{ terms: [{ dimension: name.toLowerCase(), coefficient: 1 }] }] : []);
  const window = (out: "P" | "Q", tap: "R" | "S") => {
    const terms = [...(names.includes(out) ? [{ dimension: out.toLowerCase(), coefficient: stride }] : []), ...(names.includes(tap) ? [{ dimension: tap.toLowerCase(), coefficient: 1 }] : [])];
    return terms.length === 0 ? [] : [{ terms }];
  };
  return problemOf({
    name: "convolution", operation: "multiply_accumulate", points: names.reduce((product, name) => product * bounds[name]!, 1),
    dimensions: names.map((name) => ({ name: name.toLowerCase(), bound: bounds[name]! })),
    tensors: [
      { name: "W", role: "weight", words: 0, indices: [...one("K"), ...one("C"), ...one("R"), ...one("S")] },
      { name: "I", role: "input", words: 0, indices: [...one("N"), ...one("C"), ...window("P", "R"), ...window("Q", "S")] },
      { name: "O", role: "output", words: 0, indices: [...one("N"), ...one("K"), ...one("P"), ...one("Q")] },
    ],
  });
}
