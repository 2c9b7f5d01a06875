/** The example in every operator's documentation is a program that checks, on a map, on tokens or on embedded words. */
import { describe, expect, it } from "vitest";
import { operators } from "../../src/ops/registry.js";
import { checkProgram } from "../../src/ir/check.js";

const inputs = ["image -> conv(32, kernel = 1)", "image -> conv(32, kernel = 1) -> to_tokens", "source -> embed(10, 32)"];

/** `gates = ...` is a statement; anything else is what comes out. */
function statements(example: string): string {
  const name = /^([a-z]+) = /.exec(example)?.[1];
  return name === undefined ? `output result = ${example}` : `${example}\n  output result = ${name}`;
}

function errorsOf(x: string, example: string): readonly string[] {
  const text = `space Example {\n  input image: f32[28, 28, 3]\n  input source: tokens[49]\n  x = ${x}\n  ${statements(example)}\n}\n`;
  const { diagnostics } = checkProgram({ source: { file: "example.nas", text }, readImport: () => undefined, constants: new Map() });
  return diagnostics.filter(({ severity }) => severity === "error").map(({ code, title }) => `${code} ${title}`);
}

describe("the example of", () => {
  it.each([...operators.values()].map(({ name, example }) => [name, example] as const))("%s checks: %s", (name, example) => {
    const found = inputs.map((x) => errorsOf(x, example));
    expect(example).toMatch(new RegExp(`\\b${name}\\b|[-+*/]`));
    expect(found.some((errors) => errors.length === 0), found.map((errors) => errors.join()).join("\n")).toBe(true);
  });
});
