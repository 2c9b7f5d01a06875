/** Printing and parsing: nothing is lost, nothing that is typed throws. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bind } from "../../../src/ir/bind.js";
import type { Net } from "../../../src/ir/net.js";
import type { Space } from "../../../src/ir/space.js";
import { parseNet } from "../../../src/ir/text/parse-net.js";
import { parseSpace } from "../../../src/ir/text/parse-space.js";
import { printNet } from "../../../src/ir/text/print-net.js";
import { printSpace } from "../../../src/ir/text/print-space.js";
import type { AttributeValue } from "../../../src/ops/operator.js";
import { randomStream } from "../../../src/random/stream.js";
import { layeredSpace } from "../queries/layered-space.js";
import { everyMember, randomSpace } from "../random-space.js";

const seeds = fc.integer({ min: 0, max: 1 << 20 });

/** Spans point into a source that the text does not have. */
function withoutSpans(space: Space): Space {
  const strip = <T extends object>(item: T): T => {
    const copy: T & { span?: unknown } = { ...item };
    delete copy.span;
    return copy;
  };
  return { ...space, variables: space.variables.map(strip), nodes: space.nodes.map(strip), constraints: space.constraints.map(strip) };
}

const { value: anyValue } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof({ depthSize: "small", withCrossShrink: true },
    fc.double(), fc.integer(), fc.boolean(), fc.string({ unit: "grapheme" }), fc.constant(null), fc.constantFrom("v1", "n2", "none", "_", "Infinity", "a b", ""),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.record({ tag: fc.oneof(fc.constantFrom("cos", "v1", "true", "none", "_", "NaN", "is", "if", "when", "at"), fc.string()), arguments: fc.dictionary(fc.string(), tie("value"), { maxKeys: 2, noNullPrototype: true }) })),
}));

const netWith = (value: AttributeValue, name: string): Net => ({
  name, outputs: [{ name, node: 1 }],
  nodes: [
    { kind: "input", id: 0, name, element: "tokens", shape: [3], path: name },
    { kind: "operator", id: 1, operator: name, inputs: [0, 0], attributes: { [name]: value }, shape: [3, 4], path: `${name}/2`, weightKey: name },
  ],
});

const spaceWith = (value: AttributeValue, other: AttributeValue, name: string): Space => {
  const always = { scope: [], cells: [true] };
  return {
    name, sharing: "separate", inputs: [0], outputs: [{ name, node: 1 }], constraints: [{ condition: { scope: [0, 1], cells: [true, undefined, false, true] }, text: name }],
    variables: [
      { kind: "decision", id: 0, binding: "adapt", path: name, domain: [value, other], labels: [name, `${name}+`], guard: { scope: [1], cells: [true, false] }, allowed: [always, { scope: [1], cells: [undefined, true] }] },
      { kind: "derived", id: 1, name, domain: [other, value], parents: [0], table: [1, -1] },
    ],
    nodes: [
      { kind: "input", id: 0, name, element: "f32", shape: { scope: [], cells: [[1, 2]] }, guard: always, path: name },
      { kind: "operator", id: 1, operator: name, inputs: [0], attributes: { same: { scope: [0], cells: [value, other] }, swapped: { scope: [0], cells: [other, value] }, [name]: { scope: [], cells: [value] }, nothing: { scope: [], cells: [undefined] } }, weightKey: name, guard: always, shape: { scope: [1], cells: [[1], undefined] }, path: `${name}!` },
    ],
  };
};

describe("the text of a space", () => {
  it("reads back to the same space", () => {
    fc.assert(fc.property(seeds, (seed) => {
      const space = randomSpace(seed);
      const text = printSpace(space);
      expect(parseSpace(text)).toEqual({ ok: true, value: withoutSpans(space), warnings: [] });
    }), { numRuns: 150 });
  });

  it("reads back whatever values, labels and names it holds", () => {
    fc.assert(fc.property(anyValue, anyValue, fc.oneof(fc.string(), fc.constantFrom("input", "select", "v0", "n1", "output", "require", "is")), (value, other, name) => {
      const space = spaceWith(value, other, name);
      expect(parseSpace(printSpace(space))).toEqual({ ok: true, value: space, warnings: [] });
    }), { numRuns: 300 });
  });

  it("can be followed by a human", () => {
    expect(printSpace(layeredSpace(2, (pool, { width, depth }) => [{ condition: pool.combine([pool.read(width), pool.read(depth)], (w, d) => (w as number) * (d as number) <= 48), text: "width * depth <= 48" }]))).toBe(`space Layers share slice

v0 = choose "width" { 16, 24, 32 }
v1 = choose "depth" { 1, 2 }
v2 = choose "mix[1]" { "conv", "shift", "skip" if false }
v3 = choose "mix[1].kernel" { 3, 5 } when v2 is { conv }
v4 = choose "mix[2]" { "conv", "shift", "skip" } when v1 is { 2 }
v5 = choose "mix[2].kernel" { 3, 5 } when v1 is { 2 } and v4 is { conv }
v6 = adapt "run" { false, true }

n0 = input image f32 : [8, 8, 1] at "image"
n1 = conv(n0) { filters = v0 } : v0 -> [[8, 8, 16], [8, 8, 24], [8, 8, 32]] at "conv"

output classes = n1

require (v0, v1) -> [5 * true, false] as "width * depth <= 48"
`);
  });

  it("says where it cannot be read, and never throws", () => {
    fc.assert(fc.property(seeds, (seed) => {
      const text = printSpace(randomSpace(seed % 50));
      const random = randomStream(seed, "damage");
      const at = random.integer(text.length);
      const damaged = text.slice(0, at) + ["", "(", "]", "\"", "v9", "5 * ", "~", "is", "_"][random.integer(9)]! + text.slice(at + random.integer(4));
      const result = parseSpace(damaged, "damaged");
      if (result.ok) return;
      for (const { code, labels, title } of result.diagnostics) {
        expect(["NAS4070", "NAS4071"]).toContain(code);
        expect(title.length).toBeLessThanOrEqual(70);
        expect(labels[0]!.span.start).toBeGreaterThanOrEqual(0);
        expect(labels[0]!.span.end).toBeLessThanOrEqual(damaged.length);
      }
    }), { numRuns: 300 });
  });

  it("refuses what contradicts itself", () => {
    const text = printSpace(layeredSpace(1));
    const broken = (from: string, to: string): unknown => {
      expect(text).toContain(from);
      const result = parseSpace(text.replace(from, to));
      return result.ok ? "read" : result.diagnostics.map(({ code, why }) => `${code} ${why ?? ""}`).join("; ");
    };
    expect(broken("[8, 8, 32]]", "[8, 8, 32], [8]]")).toBe("NAS4071 the shape of node `conv` has 4 cells instead of 3");
    expect(broken("n1 = conv(n0)", "n1 = conv(n1)")).toContain("NAS4071 node `conv` reads node 1, which does not come before it");
    expect(broken("v2 is { conv }", "v2 is { conf }")).toContain("NAS4070 at `conf`");
    expect(broken("v1 = choose", "v7 = choose")).toContain("`v1` comes next");
    expect(broken("output classes = n1", "")).toContain("the space has no output");
    expect(broken("space Layers", "spice Layers")).toContain("`space` was expected");
  });
});

describe("the text of a network", () => {
  it("reads back to the same network", () => {
    fc.assert(fc.property(seeds, (seed) => {
      const space = randomSpace(seed);
      for (const member of everyMember(space).slice(0, 3)) {
        const net = bind(space, member);
        expect(parseNet(printNet(net))).toEqual({ ok: true, value: net, warnings: [] });
      }
    }), { numRuns: 100 });
  });

  it("reads back whatever values and names it holds", () => {
    fc.assert(fc.property(anyValue, fc.oneof(fc.string(), fc.constantFrom("input", "select", "v0", "output")), (value, name) => {
      const net = netWith(value, name);
      expect(parseNet(printNet(net))).toEqual({ ok: true, value: net, warnings: [] });
    }), { numRuns: 300 });
  });

  it("can be followed by a human", () => {
    expect(printNet(netWith([3, { tag: "linear", arguments: { feature: { tag: "cos", arguments: {} } } }], "attend"))).toBe(`net attend

n0 = input attend tokens : [3] at "attend"
n1 = attend(n0, n0) { attend = [3, linear(feature = cos)] } : [3, 4] at "attend/2" key "attend"

output attend = n1
`);
  });

  it("refuses dead nodes and broken text", () => {
    const text = printNet(netWith(1, "x"));
    expect(parseNet(text.replace("output x = n1", "output x = n0"))).toMatchObject({ ok: false, diagnostics: [{ code: "NAS4071", why: "no output needs node `x/2`" }] });
    expect(parseNet(text.replace(": [3, 4]", ": true"), "my.net")).toMatchObject({ ok: false, diagnostics: [{ code: "NAS4070", labels: [{ span: { file: "my.net" }, text: "a shape was expected" }] }] });
  });
});
