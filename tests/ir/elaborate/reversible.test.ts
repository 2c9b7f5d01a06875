/** The reading rule of reversible blocks: what a level may read, so that a block can be computed backwards. */
import { describe, expect, it } from "vitest";
import { body, report, sound } from "./program.js";

/** Two columns of three levels of one size; `level` computes level l, before the carried copy is added. */
const program = (level: string, carried = "previous[l] -> scale(0.5, learned = true)", returned = "out"): ReturnType<typeof body> => body("x = x -> conv(4)\n levels = Column(x, [x -> sigmoid, x -> relu, x -> tanh])\n levels = Column(x, levels)\n x = levels[2]", `
block Column(stem, previous) reversible {
  out = []
  for l in 0..2 {
    below = if l == 0 { stem } else { out[l - 1] }
    y = ${level}
    out = out + [y + (${carried})]
  }
  return ${returned}
}`);

describe("reversible blocks", () => {
  it.each([
    ["the level below and the stem", "(below -> conv(4)) + stem"],
    ["the level above, one column earlier", "if l < 2 { (below -> conv(4)) + (previous[l + 1] -> conv(4)) } else { below -> conv(4) }"],
    ["a level further above", "if l == 0 { (below -> conv(4)) + (previous[2] -> conv(4)) } else { below -> conv(4) }"],
  ])("may read %s", (_what, level) => {
    sound(program(level));
  });

  it("may read what another argument brings along, though it is in the list too", () => {
    sound(body("x = x -> conv(4)\n levels = Pair(x, [x, x -> relu])\n x = levels[1]", "block Pair(stem, previous) reversible {\n low = (stem -> conv(4)) + previous[0]\n return low, (low -> conv(4)) + previous[1]\n}"));
  });

  it("may carry a level as it is, and start from an empty list", () => {
    sound(program("below -> conv(4)", "previous[l]"));
    sound(body("x = x -> conv(4)\n levels = Start(x, [])\n levels = Start(x, levels)\n x = levels[0]", "block Start(stem, previous) reversible {\n y = stem -> conv(4)\n return if length(previous) == 0 { [y] } else { [y + previous[0]] }\n}"));
  });

  it.each([
    ["its own level of the given list", "below + (previous[l] -> conv(4))", "level 0 (from 0) reads level 0 (from 0) of what was given"],
    ["a lower level of the given list", "if l == 2 { below + (previous[1] -> relu) } else { below -> conv(4) }", "level 2 (from 0) reads level 1 (from 0) of what was given"],
  ])("must not read %s", (_what, level, told) => {
    expect(report(program(level))).toEqual([`NAS4018 \`Column\` cannot be computed backwards | Column: ${told} | Column: declared reversible here | going backwards, only higher levels of it are known again by then`]);
  });

  it("must add what it was given", () => {
    expect(report(program("below -> conv(4)", "below"))[0]).toContain("level 0 (from 0) is no sum with the level that was given");
    expect(report(program("below -> conv(4)", "previous[l] -> relu"))[0]).toContain("is no sum with");
  });

  it("must return as many tensors as it is given", () => {
    expect(report(program("below -> conv(4)", "previous[l]", "[out[0], out[1]]"))[0]).toContain("it is given no list of as many tensors as it returns");
    expect(report(program("below -> conv(4)", "previous[l]", "out[0]"))[0]).toContain("it returns no list of tensors");
  });
});
