/**
 * The promise of elaboration, held against enumeration: in small spaces every architecture binds to a sound network, distinct canonical
 * architectures are distinct networks, and their number is what the factor graph counts and what can be worked out on paper.
 */
import { describe, expect, it } from "vitest";
import { bind } from "../../../src/ir/bind.js";
import type { Architecture, Space } from "../../../src/ir/space.js";
import { spaceQueries } from "../../../src/ir/space-queries.js";
import { printNet } from "../../../src/ir/text/print-net.js";
import { verifyNet, verifySpace } from "../../../src/ir/verify.js";
import { body, decisionsOf, sound } from "./program.js";

/** All canonical members, by enumeration. */
function members(space: Space): Architecture[] {
  const queries = spaceQueries(space);
  const found = new Map<string, Architecture>();
  const visit = (genes: number[], sizes: readonly number[]): void => {
    const [size, ...rest] = sizes;
    if (size === undefined) {
      const architecture = queries.canonicalize(genes);
      if (queries.isMember(architecture)) found.set(architecture.join(), architecture);
      return;
    }
    for (let option = 0; option < size; option++) visit([...genes, option], rest);
  };
  visit([], decisionsOf(space).map(({ domain }) => domain.length));
  return [...found.values()];
}

/** The network without names, so that the same network is the same text. */
const structure = (space: Space, architecture: Architecture): string => printNet(bind(space, architecture)).replace(/ key "[^"]*"/g, "");

const programs: readonly (readonly [name: string, networks: number, text: string, declarations?: string])[] = [
  ["one decision used twice", 3, "w = choose { 4, 8, 12 }\n x = x -> conv(w) -> relu -> conv(w)"],
  ["rounds that may not run", 2 + 4 + 8, "depth = choose 1..3\n for i in 1..depth { x = x -> conv(8, kernel = choose { 1, 3 }) }"],
  ["a decision only one alternative reads", 3 + 1, "k = choose { 1, 3, 5 }\n x = x -> choose mix { a: conv(8, kernel = k), b: conv(4, kernel = 7) }"],
  ["nested choices", 2 * 2 + 2, "x = x -> choose outer { a: conv(8) -> choose inner { p: relu, q: conv(8, kernel = choose { 1, 3 }) } -> relu, b: conv(4, kernel = choose { 1, 3 }), c: conv(6) }"],
  ["an operator chosen once for many places", 3, "op = choose { conv, shift, add }\n for i in 1..3 { x = x -> op(8) }"],
  ["a block that takes an operator", 6, "x = x -> Twice(choose op { conv, add }, choose { 4, 8, 12 })", "block Twice(x, op, w) { return x -> op(w) -> op(w) }"],
  ["a guarded choice", 1 + 3 + 3 * 3, "n = choose { 0, 1, 2 }\n a = choose { 1, 3, 5 } if n > 0\n b = choose { 1, 3, 5 } if n > 1\n if n > 0 { x = x -> conv(8, kernel = a) }\n if n > 1 { x = x -> conv(8, kernel = b) }"],
  ["guarded alternatives", 2 + 3 + 3, "s = choose { 1, 2, 4 }\n y = x -> conv(8, stride = s)\n x = y -> choose { conv(8, kernel = 3), conv(8, kernel = 1), attention(2) if height(y) <= 14 }"],
  ["a constraint", 4, "a = choose 1..4\n b = choose 1..4\n x = x -> conv(a) -> conv(b)\n require a + b == 5"],
  ["a constraint that settles a decision", 2 + 1, "a = choose { 4, 8 }\n b = choose { 4, 8 }\n x = x -> conv(a) -> conv(b)\n require b >= a"],
  ["a value carried through a loop", 8, "level = 0\n for i in 1..3 { level = level + choose step { 0, 1 }\n x = x -> conv(4 + 4 * level) }"],
  ["a width that follows from a list", 3, "level = choose 0..2\n x = x -> conv([4, 8, 16][level])"],
  ["lists as options", 3, "s = choose { [1, 1], [2, 1], [2, 2] }\n x = x -> conv(8, stride = s)"],
  ["symbols as options", 1 + 2, "x = x -> conv(8) -> attention(2, kind = choose { softmax, linear(feature = choose { cos, relu }) })"],
  ["symbols through a block", 4, "x = x -> conv(8)\n for i in 1..2 { kind = choose { softmax, linear(feature = cos) }\n x = Mix(x, kind) }", "block Mix(x, kind) { return x -> attention(2, kind = kind) }"],
  ["several results", 2, "a, b = Split(x)\n x = a + b", "block Split(x) { return conv(x, 8), conv(x, 8, kernel = choose { 1, 3 }) }"],
  ["lists of tensors", 2, "levels = [x, x, x]\n for t in 1..choose { 1, 2 } { levels = Column(levels, [4, 8, 16]) }\n x = levels[2]",
    "block Column(previous, widths) {\n out = []\n for l in 0..2 {\n below = if l == 0 { previous[0] } else { out[l - 1] }\n above = if l < 2 { previous[l + 1] } else { none }\n out = out + [Fuse(below, above, widths[l])] }\n return out }\n block Fuse(a, b, w) { return if b == none { conv(a, w) } else { conv(a, w) + conv(b, w) } }"],
  ["a branch over decisions", 3, "d = choose { 1, 2, 3 }\n if d == 1 { x = x -> conv(4) } else { x = x -> conv(4 * d) }"],
  ["a tensor that is scaled", 2, "f = choose { 0.5, 2 }\n x = x * f + 1 - x / 2"],
  ["a range over a chosen bound", 1 + 2 + 3, "top = choose 1..3\n w = choose 1..top\n x = x -> conv(top) -> conv(w)"],
  ["bound at inference", 1, "x = x -> conv(8) -> conv(adapt { 4, 8, 12 })"],
  ["functions made of calls", 2, "f = conv(8) -> choose { relu, identity } -> conv(8)\n x = x -> f -> f"],
  ["rounds that count", 3, "level = 1\n for k in 1..3 { level = level - choose down { 0, 1 } if level > 0\n x = x -> conv(4 + level) }\n require count(level == 1) in [0, 1, 2]"],
];

describe("every architecture", () => {
  it.each(programs.map((program) => [program[0], program] as const))("%s", (name, [, networks, text, declarations]) => {
    const elaborated = body(text, declarations);
    expect(elaborated.diagnostics.filter(({ code }) => code !== "NAS4009")).toEqual([]);
    const space = name === "bound at inference" ? elaborated.space! : sound(elaborated);
    expect(verifySpace(space)).toEqual([]);
    const all = members(space);
    for (const architecture of all) expect(verifyNet(bind(space, architecture))).toEqual([]);
    expect(spaceQueries(space).count()).toBe(BigInt(all.length));
    expect(all).toHaveLength(networks);
    expect(new Set(all.map((architecture) => structure(space, architecture))).size).toBe(networks);
  });
});
