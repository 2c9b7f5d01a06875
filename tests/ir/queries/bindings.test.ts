/** From `path = label` to architectures: what is left open, what is refused, and what the refusal says. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../../src/diagnostics/model.js";
import { dependencyOrder } from "../../../src/ir/assignment.js";
import { fixOptions, parseBindings, pathMatcher, type Binding } from "../../../src/ir/bindings.js";
import { completeArchitecture } from "../../../src/ir/complete.js";
import { architectureFrom, describeArchitecture } from "../../../src/ir/describe.js";
import { spaceQueries } from "../../../src/ir/space-queries.js";
import { randomStream } from "../../../src/random/stream.js";
import { everyMember, randomSpace } from "../random-space.js";
import { entangledSpace, FEW_STEPS } from "./entangled-space.js";
import { layeredCount, layeredSpace } from "./layered-space.js";

const seeds = fc.integer({ min: 0, max: 1 << 20 });

const given = (...texts: readonly string[]): readonly Binding[] => {
  const parsed = parseBindings(texts);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return parsed.value;
};

function accepted(...texts: readonly string[]): Record<string, string> {
  const space = layeredSpace();
  const result = architectureFrom(space, given(...texts));
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  expect(spaceQueries(space).isMember(result.value)).toBe(true);
  return describeArchitecture(space, result.value);
}

function refused(space: ReturnType<typeof layeredSpace>, ...texts: readonly string[]): Diagnostic {
  const result = architectureFrom(space, given(...texts));
  if (result.ok) throw new Error(`accepted as ${result.value.join()}`);
  expect(result.diagnostics).toHaveLength(1);
  expect(result.diagnostics[0]!.title.length).toBeLessThanOrEqual(70);
  return result.diagnostics[0]!;
}

describe("architectureFrom", () => {
  it("gives back what was described", () => {
    fc.assert(fc.property(seeds, (seed) => {
      const space = randomSpace(seed);
      for (const member of everyMember(space).slice(0, 10)) {
        expect(architectureFrom(space, new Map(Object.entries(describeArchitecture(space, member))))).toMatchObject({ ok: true, value: member });
      }
    }), { numRuns: 60 });
  });

  it("completes with the first architecture that has the bindings, or says that there is none", () => {
    fc.assert(fc.property(seeds, (seed) => {
      const space = randomSpace(seed);
      const random = randomStream(seed, "bindings");
      const free = space.variables.flatMap((variable) => (variable.kind === "decision" && variable.binding === "choose" && random.uniform() < 0.4 ? [{ path: variable.path, label: variable.labels[random.integer(variable.labels.length)]! }] : []));
      const fitting = everyMember(space).filter((member) => {
        const described = describeArchitecture(space, member);
        return free.every(({ path, label }) => described[path] === label);
      });
      const result = architectureFrom(space, free);
      expect(result.ok).toBe(fitting.length > 0);
      if (!result.ok) return;
      const genes = new Map(space.variables.filter((variable) => variable.kind === "decision").map((variable, gene) => [variable.id, gene]));
      const order = dependencyOrder(space.variables).variables.flatMap((variable) => (variable.kind === "decision" ? [genes.get(variable.id)!] : []));
      const inOrder = (member: readonly number[]): string => order.map((gene) => member[gene]).join();
      expect(inOrder(result.value)).toBe(fitting.map(inOrder).sort()[0]);
    }), { numRuns: 150 });
  });

  it("takes first options for what is open, and makes room for what is bound", () => {
    expect(accepted()).toEqual({ width: "16", depth: "1", "mix[1]": "conv", "mix[1].kernel": "3" });
    expect(accepted("mix[3]=shift", "width = 32")).toEqual({ width: "32", depth: "3", "mix[1]": "conv", "mix[1].kernel": "3", "mix[2]": "conv", "mix[2].kernel": "3", "mix[3]": "shift" });
  });

  it("binds every round with [*], special bindings first", () => {
    expect(accepted("depth=3", "mix[*]=conv", "mix[*].kernel=5", "mix[2]=skip")).toEqual({ width: "16", depth: "3", "mix[1]": "conv", "mix[1].kernel": "5", "mix[2]": "skip", "mix[3]": "conv", "mix[3].kernel": "5" });
    expect(accepted("mix[*]=shift")).toEqual({ width: "16", depth: "1", "mix[1]": "shift" });
  });

  it("refuses unknown paths and options with near names", () => {
    expect(refused(layeredSpace(), "widht=16")).toMatchObject({ code: "NAS2060", help: "did you mean `width`?" });
    expect(refused(layeredSpace(), "mix[2]=shfit")).toMatchObject({ code: "NAS2061", why: "`mix[2]` cannot be `shfit`; the options of `mix[2]` are `conv`, `shift`, `skip`", help: "did you mean `shift`?" });
    expect(refused(layeredSpace(), "run=true")).toMatchObject({ code: "NAS2063", why: expect.stringContaining("`adapt`") as string });
  });

  it("says which bindings switch a decision off", () => {
    expect(refused(layeredSpace(), "width=24", "depth=1", "mix[2]=conv")).toMatchObject({ code: "NAS2063", why: "`mix[2]` is not active with `depth = 1`" });
    expect(refused(layeredSpace(), "mix[1]=shift", "mix[1].kernel=5")).toMatchObject({ code: "NAS2063", why: "`mix[1].kernel` is not active with `mix[1] = shift`" });
  });

  it("says which options are not allowed and which requirement would break", () => {
    expect(refused(layeredSpace(), "mix[1]=skip")).toMatchObject({ code: "NAS2064", title: "no architecture has this option" });
    const bounded = (bound: number, ...more: readonly "width != 16"[]): ReturnType<typeof layeredSpace> => layeredSpace(3, (pool, { width, depth }) => [
      { condition: pool.combine([pool.read(width), pool.read(depth)], (w, d) => (w as number) * (d as number) <= bound), text: `width * depth <= ${bound}` },
      ...more.map((text) => ({ condition: pool.map(pool.read(width), (w) => w !== 16), text })),
    ]);
    expect(refused(bounded(72), "depth=3", "width=32", "mix[2]=conv")).toMatchObject({ code: "NAS2064", title: "no architecture has these options together", why: "`width = 32` and `depth = 3`: `require width * depth <= 72` would not hold" });
    // Only both requirements together refuse three rounds.
    expect(refused(bounded(48, "width != 16"), "depth=3", "mix[2]=conv")).toMatchObject({ code: "NAS2064", title: "no architecture has this option", why: "`depth = 3`: `require width * depth <= 48` and `require width != 16` would not hold" });
  });

  it("refuses two bindings of one decision, framing both", () => {
    const span = (start: number): { file: string; start: number; end: number } => ({ file: "a.nas", start, end: start + 1 });
    const result = architectureFrom(layeredSpace(), [{ path: "width", label: "16", pathSpan: span(1) }, { path: "width", label: "24", pathSpan: span(5) }]);
    expect(result).toMatchObject({ ok: false, diagnostics: [{ code: "NAS2065", labels: [{ primary: true, span: span(5) }, { primary: false, span: span(1) }] }] });
  });

  it("goes by first options where the space is too entangled, and admits defeat", () => {
    const space = entangledSpace();
    const complete = (...texts: readonly string[]): unknown => {
      const fixed = fixOptions(space, given(...texts));
      return fixed.ok ? completeArchitecture(space, fixed.value, FEW_STEPS) : fixed;
    };
    expect(complete("d[0]=2")).toMatchObject({ ok: true, value: [2, ...new Array<number>(23).fill(0)] });
    // Possible with d[0] to d[22] above 0, but not by first options.
    expect(complete("d[23]=3")).toMatchObject({ ok: false, diagnostics: [{ code: "NAS4060" }] });
  });

  it("refuses text that is no binding", () => {
    expect(parseBindings(["width 16", "=3", "depth="])).toMatchObject({ ok: false, diagnostics: [{ code: "NAS4061" }, { code: "NAS4061" }, { code: "NAS4061" }] });
  });
});

describe("pathMatcher", () => {
  it("takes repeated names and nested rounds for rounds", () => {
    const matches = pathMatcher("mix[*]");
    expect(["mix[1]", "mix[12]", "mix#2[1]", "mix[1][2]", "mix", "mix[1].kernel", "remix[1]"].map(matches)).toEqual([true, true, true, true, false, false, false]);
    expect(pathMatcher("a.b[*].c")("a.b[3].c")).toBe(true);
    expect(pathMatcher("a.b")("axb")).toBe(false);
  });
});

describe("layered spaces", () => {
  it("have the count worked out by hand, at any depth", () => {
    for (const rounds of [1, 2, 3, 40]) expect(spaceQueries(layeredSpace(rounds)).count()).toBe(rounds < 40 ? BigInt(layeredCount(rounds)) : 3n * (4n ** 40n - 1n));
  });
});
