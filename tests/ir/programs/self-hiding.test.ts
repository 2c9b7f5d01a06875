/** A tensor that is refused must not hide itself: whether it is needed, or what may be chosen, can depend on its own extents. */
import { describe, expect, it } from "vitest";
import { examine } from "./examine.js";

const space = (statements: string): string => `space Random {
  input image: f32[8, 8, 2]
  x = image -> conv(choose { 4, 9 }) -> attention(heads = 2)
${statements}
  output classes = x -> global_pool -> dense(3)
}`;

const cases: Readonly<Record<string, string>> = {
  "in a branch on its height": "  if height(x) > 4 { x = x -> conv(8, stride = 2) } else { x = x -> conv(4) }",
  "in an if expression": "  x = if channels(x) == 4 { x } else { x -> conv(4) }",
  "in the bound of a range": "  x = x -> dense(choose 1..channels(x))",
  "in the guards of all alternatives": "  x = x -> choose { a: conv(4) if height(x) > 4, b: conv(8) if height(x) > 6 }",
  "in the guard of a choice": "  x = x -> conv(choose { 4, 8 } if height(x) > 4)",
  "in the depth of a loop": "  for i in 1..min(3, height(x)) { x = x -> relu }",
  "behind another layer": "  x = x -> relu -> conv(6)\n  if height(x) > 4 { x = x -> conv(8) } else { x = x -> conv(4) }",
  "where its branch may not be taken": "  x = if height(image) > 4 { x } else { image }\n  if width(x) > 4 { x = x -> relu } else { x = x -> tanh }",
};

describe("a refused tensor whose extents are asked for", () => {
  for (const [name, statements] of Object.entries(cases)) {
    it(`is told ${name}`, () => {
      const { verdict, complaints, codes } = examine(space(statements), 1);
      expect(complaints).toEqual([]);
      expect(verdict).toBe("refused");
      expect(codes.some((code) => code.startsWith("NAS3104") && code.includes("2 heads cannot share 9 channels"))).toBe(true);
    });
  }
});
