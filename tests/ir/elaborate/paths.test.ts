/** Names of decisions and operators are stable, unique, and say where something stands; weights follow them unless told otherwise. */
import { describe, expect, it } from "vitest";
import type { Space } from "../../../src/ir/space.js";
import { body, pathsOf, sound } from "./program.js";

const keysOf = (space: Space): string[] => space.nodes.flatMap((node) => (node.kind === "operator" ? [node.weightKey] : []));

describe("paths of decisions", () => {
  it.each([
    ["label, variable, parameter", "w = choose { 4, 8 }\n x = x -> conv(w, kernel = choose { 1, 3 }) -> choose act { relu, identity }", ["w", "kernel", "act"]],
    ["rounds", "for i in 2..6 by 2 { x = x -> choose mix { a: relu, b: identity } }", ["mix[2]", "mix[4]", "mix[6]"]],
    ["rounds inside of each other", "for i in 1..2 { for j in 1..2 { x = x -> conv(choose w { 4, 8 }) } }", ["w[1][1]", "w[1][2]", "w[2][1]", "w[2][2]"]],
    ["rounds over a list", "for k in [3, 5] { x = x -> conv(4, kernel = choose size { 1, k }) }", ["size[3]", "size[5]"]],
    ["rounds over a list that repeats itself", "for k in [3, 3] { x = x -> conv(4, kernel = choose size { 1, k }) }", ["size[1]", "size[2]"]],
    ["one alternative with a decision", "for i in 1..1 { x = x -> choose mix { a: conv(4, kernel = choose { 1, 3 }), b: conv(4, kernel = 5) } }", ["mix[1]", "mix[1].kernel"]],
    ["two alternatives with a decision of one name", "x = x -> choose mix { a: conv(4, kernel = choose { 1, 3 }), b: shift(4, kernel = choose { 3, 5 }) }", ["mix", "mix.a.kernel", "mix.b.kernel"]],
    ["a loop inside of an alternative", "for i in 1..1 { x = x -> choose mix { a: F(2), b: identity } }", ["mix[1]", "mix[1].w[1]", "mix[1].w[2]"]],
    ["two calls of one block", "x = F(F(x, 1), 2)", ["w[1]", "w#2[1]", "w#2[2]"]],
    ["two choices of one name", "x = x -> conv(choose { 4, 8 }) -> conv(choose { 4, 8 })", ["channels", "channels#2"]],
    ["a bound that is chosen", "w = choose 1..choose { 2, 3 }\n x = x -> conv(w)", ["w_limit", "w"]],
  ])("%s", (_, statements, expected) => {
    const space = sound(body(statements, "block F(x, n) { for i in 1..n { x = x -> conv(choose w { 4, 8 }, kernel = 1) }\n return x }"));
    expect(pathsOf(space)).toEqual(expected);
  });
});

describe("paths of operators", () => {
  it("follow alternatives and rounds and are unique", () => {
    const space = sound(body("for i in 1..2 { x = x -> choose mix { conv: conv(8) -> batch_norm, skip: conv(8, kernel = 1) } -> relu }\n x = x -> relu"));
    const paths = space.nodes.map(({ path }) => path);
    expect(paths).toEqual([
      "x", "mix[1].conv/conv", "mix[1].conv/batch_norm", "mix[1].skip/conv", "mix[1]", "relu[1]",
      "mix[2].conv/conv", "mix[2].conv/batch_norm", "mix[2].skip/conv", "mix[2]", "relu[2]", "relu",
    ]);
    expect(keysOf(space)).toEqual(space.nodes.flatMap((node) => (node.kind === "operator" ? [node.path] : [])));
  });

  it("gives each use of a function weights of its own", () => {
    expect(keysOf(sound(body("f = conv(8)\n x = x -> f -> f")))).toEqual(["conv", "conv#2"]);
  });
});

describe("named weights", () => {
  it("gives places with one name one key, round by round", () => {
    expect(keysOf(sound(body("for k in 1..2 { x = x -> conv(8) weights trunk[k] }\n for k in 1..2 { x = x -> conv(8) weights trunk[k] }")))).toEqual(["trunk[1]", "trunk[2]", "trunk[1]", "trunk[2]"]);
  });

  it("keeps an operator whose path is called like a weight name apart", () => {
    expect(keysOf(sound(body("x = x -> conv(8)\n x = x -> conv(8) weights conv")))).toEqual(["conv/own", "conv"]);
  });

  it("tells several operators under one name apart, and not the alternatives of one", () => {
    expect(keysOf(sound(body("x = x -> (conv(8) -> batch_norm -> conv(8)) weights w")))).toEqual(["w/conv", "w/batch_norm", "w/conv#2"]);
    expect(keysOf(sound(body("op = choose { conv, add }\n x = x -> op(8) weights w")))).toEqual(["w", "w"]);
  });
});
