/** How calls find their arguments, and what names mean where several things are called alike. */
import { describe, expect, it } from "vitest";
import type { OperatorNode, Space } from "../../../src/ir/space.js";
import { body, codes, decisionsOf, operatorsOf, pathsOf, report, sound } from "./program.js";

const node = (space: Space, operator: string): OperatorNode => {
  const found = space.nodes.find((each) => each.kind === "operator" && each.operator === operator);
  if (found?.kind !== "operator") throw new Error(`no ${operator}`);
  return found;
};
const attribute = (space: Space, operator: string, name: string): unknown => node(space, operator).attributes[name]?.cells[0];

describe("arguments", () => {
  it("takes tensors first, then parameters by position, then by name", () => {
    const space = sound(body("x = conv(x, 8, kernel = 5)"));
    expect([attribute(space, "conv", "channels"), attribute(space, "conv", "kernel")]).toEqual([8, 5]);
  });

  it("reads x -> f(a) as f(x, a)", () => {
    expect(operatorsOf(sound(body("x = x -> conv(8) -> relu")))).toEqual(operatorsOf(sound(body("x = relu(conv(x, 8))"))));
  });

  it("takes a bare parameter name after named arguments for that parameter", () => {
    expect(attribute(sound(body("stride = 2\n x = x -> depthwise(kernel = 3, stride)")), "depthwise", "stride")).toBe(2);
    expect(attribute(sound(body("stride = 2\n x = F(x, k = 3, stride)", "block F(x, stride, k) { return x -> conv(4, kernel = k, stride = stride) }")), "conv", "stride")).toBe(2);
  });

  it("leaves a parameter at its default where none is given for it", () => {
    expect(attribute(sound(body("x = x -> conv(8, stride = none)")), "conv", "stride")).toBe(1);
  });

  it("lets a local value not hide the function of its name", () => {
    const space = sound(body("width = choose { 4, 8 }\n y = x -> conv(width)\n x = y -> conv(width(y))"));
    expect(space.nodes.filter((each) => each.kind === "operator").map((each) => each.attributes["channels"]!.cells)).toEqual([[4, 8], [28]]);
  });

  it("prefers the members of an enumeration to operators, and locals to both", () => {
    expect(attribute(sound(body("x = x -> conv(8) -> attention(2, kind = linear(feature = relu))")), "attention", "kind")).toEqual({ tag: "linear", arguments: { feature: "relu" } });
    expect(attribute(sound(body("softmax = \"linear\"\n x = x -> conv(8) -> attention(2, kind = softmax)")), "attention", "kind")).toBe("linear");
  });

  it("writes options as their text where they have no label", () => {
    const space = sound(body("x = x -> conv(8) -> attention(2, kind = choose { softmax, linear(feature = relu) })"));
    expect(decisionsOf(space)[0]!.labels).toEqual(["softmax", "linear(feature = relu)"]);
    expect(pathsOf(space)).toEqual(["kind"]);
  });

  it("looks constants of other kinds up where they are declared", () => {
    const space = sound(body("x = x -> conv(WIDTHS[1]) -> OP(HALF)", "const WIDTHS = [4, 2 * HALF]\n const HALF = 6\n const OP = conv"));
    expect(space.nodes.filter((each) => each.kind === "operator").map((each) => each.attributes["channels"]!.cells[0])).toEqual([12, 6]);
  });

  it.each([
    ["an unknown name", "x = x -> covn(8)", ["NAS3001 nothing is called `covn` | covn: unknown name"]],
    ["an unknown parameter", "x = x -> conv(8, kernal = 3)", ["NAS3003 `conv` has no parameter `kernal` | kernal: unknown parameter"]],
    ["a missing parameter", "x = x -> conv(kernel = 3)", ["NAS3004 `conv` needs `channels` | conv(kernel = 3): no value for `channels`"]],
    ["too many", "x = x -> relu(1)", ["NAS3005 `relu` takes no parameters | 1: one too many"]],
    ["one twice", "x = x -> conv(8, channels = 8)", ["NAS3006 `channels` is given twice | channels = 8: the second value | 8: the first one"]],
    ["a wrong type", "x = x -> conv(true)", ["NAS3008 `channels` cannot take this value | true: channels = true, not a whole number of at least 1"]],
    ["a unit", "x = x -> conv(8ms)", ["NAS3009 `channels` takes a whole number without unit | 8ms: this is a quantity (time)"]],
    ["no tensor", "x = 3 -> relu", ["NAS3010 `relu` takes tensors | relu: this is a number"]],
    ["a call that waits", "x = relu(conv(8))", ["NAS3010 `relu` takes tensors | conv(8): this is `conv(8)`, which still waits for its tensor"]],
    ["nothing to call", "x = x -> 3", ["NAS3002 the right side of `->` must be something to call | 3: this is a number"]],
  ])("refuses %s", (_, statements, expected) => {
    expect(report(body(statements))).toEqual(expected);
  });

  it("reports all errors of a pipe and of several statements in one run", () => {
    expect(codes(body("x = x -> covn(8) -> conv(8, kernal = 3)\n y = widht\n z = 1 / 0"))).toEqual(["NAS3001", "NAS3003", "NAS3001", "NAS3013"]);
  });

  it("reports an error inside a loop once", () => {
    expect(codes(body("for i in 1..8 { x = x -> covn(8) }"))).toEqual(["NAS3001"]);
  });
});
