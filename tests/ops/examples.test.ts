/** The example of every operator is a program: it checks without a word, on an image or on tokens, and uses the operator. */
import { describe, expect, it } from "vitest";
import { operators } from "../../src/ops/registry.js";
import { checkText } from "../ir/check/programs.js";

function program(example: string, x: string): string {
  const assigned = /^(\w+)\s*=[^=]/.exec(example)?.[1];
  const lines = assigned === undefined ? [`result = ${example}`] : [example];
  const inputs = [["x", x], ["image", "f32[28, 28, 3]"], ["source", "tokens[64]"]].filter(([name]) => new RegExp(`\\b${name}\\b`).test(example));
  return [
    "space Example {",
    ...inputs.map(([name, type]) => (name === assigned ? `  input ${name}_given: ${type}\n  ${name} = ${name}_given` : `  input ${name}: ${type}`)),
    ...lines.map((line) => `  ${line}`),
    `  output y = ${assigned ?? "result"}`,
    "}",
  ].join("\n");
}

const SHAPES = ["f32[14, 14, 64]", "f32[49, 64]"];

describe("the example of", () => {
  it.each([...operators.values()].map(({ name, example }) => [name, example] as const))("%s checks", (name, example) => {
    const outcomes = SHAPES.map((shape) => checkText(program(example, shape)));
    const fit = outcomes.find(({ program: checked }) => checked !== undefined);
    expect(fit, JSON.stringify([program(example, SHAPES[0]!), outcomes[0]!.diagnostics], null, 1)).toBeDefined();
    expect(fit!.diagnostics).toEqual([]);
    const nodes = fit!.program!.spaces.get("Example")!.nodes;
    expect(nodes.some((node) => node.kind === "operator" && node.operator === name)).toBe(true);
  });
});
