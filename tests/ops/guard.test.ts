/** What the registry refuses on behalf of every operator, in words; default values; and reading bound attributes. */
import { describe, expect, it } from "vitest";
import { booleanOf, numberOf, optionalNumberOf, pairOf, symbolOf } from "../../src/ops/attributes.js";
import { attributeProblem, guarded } from "../../src/ops/guard.js";
import { isProblem, type Attributes, type AttributeValue, type Operator, type ParameterType } from "../../src/ops/operator.js";
import { noWork } from "../../src/ops/workload.js";

const wrong = (type: ParameterType, value: AttributeValue): string | undefined => attributeProblem([{ name: "a", summary: "", type }], { a: value })?.detail;

describe("attributes", () => {
  it("of each type are told from others", () => {
    expect(wrong({ kind: "integer", minimum: 1, maximum: 8 }, 9)).toBe("a = 9, not a whole number from 1 to 8");
    expect(wrong({ kind: "integer" }, 0.5)).toBe("a = 0.5, not a whole number");
    expect(wrong({ kind: "number", maximum: 1 }, 2)).toBe("a = 2, not a number of at most 1");
    expect(wrong({ kind: "number" }, Number.NaN)).toBe("a = NaN, not a number");
    expect(wrong({ kind: "boolean" }, "yes")).toBe("a = yes, not true or false");
    expect(wrong({ kind: "list" }, 3)).toBe("a = 3, not a list");
    expect(wrong({ kind: "pair", minimum: 1 }, [3, 0])).toBe("a = [3, 0], not a whole number of at least 1, or a pair [vertical, horizontal]");
    expect([wrong({ kind: "pair", minimum: 1 }, 3), wrong({ kind: "pair" }, [3, 5]), wrong({ kind: "integer" }, 3)]).toEqual([undefined, undefined, undefined]);
  });

  it("of enumerations are symbols with arguments of their own", () => {
    const kind: ParameterType = { kind: "enumeration", members: [{ name: "plain", summary: "" }, { name: "window", summary: "", parameters: [{ name: "size", summary: "", type: { kind: "integer", minimum: 1 } }] }] };
    expect([wrong(kind, "plain"), wrong(kind, { tag: "window", arguments: { size: 3 } })]).toEqual([undefined, undefined]);
    expect(wrong(kind, "wide")).toBe("a = wide, not one of plain, window");
    expect(wrong(kind, { tag: "window", arguments: { size: 0 } })).toBe("a = window(...), not window with size = 0, not a whole number of at least 1");
    expect(wrong(kind, { tag: "window", arguments: {} })).toContain("no default value");
  });

  it("may be null only where they are optional", () => {
    const parameter = { name: "a", summary: "", type: { kind: "integer" } } as const;
    expect(attributeProblem([{ ...parameter, defaultValue: null }], { a: null })).toBeUndefined();
    expect(attributeProblem([{ ...parameter, defaultValue: 1 }], { a: null })?.parameter).toBe("a");
    expect(attributeProblem([parameter], {})).toMatchObject({ problem: "`a` is missing", parameter: "a" });
  });

  it("are read by type", () => {
    const attributes: Attributes = { n: 2, b: true, p: [3, 5], s: "cos", t: { tag: "window", arguments: { size: 3 } }, none: null };
    expect([numberOf(attributes, "n"), booleanOf(attributes, "b"), pairOf(attributes, "n"), pairOf(attributes, "p"), optionalNumberOf(attributes, "none")]).toEqual([2, true, [2, 2], [3, 5], undefined]);
    expect([symbolOf(attributes, "s"), symbolOf(attributes, "t")]).toEqual([{ tag: "cos", arguments: {} }, { tag: "window", arguments: { size: 3 } }]);
    expect(() => numberOf(attributes, "s")).toThrow("`s` is not a number");
    expect(() => pairOf(attributes, "s")).toThrow("not a pair");
    expect(() => symbolOf(attributes, "n")).toThrow("not a symbol");
  });
});

describe("a guarded operator", () => {
  const seen: Attributes[] = [];
  const operator: Operator = guarded({
    name: "probe", summary: "", example: "", category: "shape", inputs: { minimum: 1, maximum: 1 },
    parameters: [{ name: "size", summary: "", type: { kind: "integer" }, defaultValue: 4 }],
    shape: ([input], attributes) => { seen.push(attributes); return { shape: input! }; },
    weights: (_inputs, attributes) => { seen.push(attributes); return []; },
    forward: ({ inputs, attributes }) => { seen.push(attributes); return inputs[0]!; },
    workload: (_inputs, attributes) => { seen.push(attributes); return noWork; },
  });

  it("fills in default values and never overrules a given one", () => {
    operator.shape([[1]], {});
    operator.weights([[1]], { size: 5 });
    operator.workload([[1]], {}, [1]);
    expect(seen).toEqual([{ size: 4 }, { size: 5 }, { size: 4 }]);
  });

  it("does not ask the rule about the wrong number of inputs or empty ones", () => {
    const problems = [[], [[1], [1]], [[4, 0]], [[2, 1.5]]].map((inputs) => operator.shape(inputs, {}));
    expect(problems.every(isProblem)).toBe(true);
    expect(problems.map((problem) => (isProblem(problem) ? problem.detail : ""))).toEqual(["0 tensors given, 1 needed", "2 tensors given, 1 taken", "its shape is [4, 0]", "its shape is [2, 1.5]"]);
    expect(seen.length).toBe(3);
  });
});
