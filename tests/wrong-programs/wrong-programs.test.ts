/** Every wrong program gives exactly the diagnostics that it says, and together they show every code that checking can give. */
import { readdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { registry } from "../../src/diagnostics/registry.js";
import type { CheckOutcome } from "../../src/ir/check.js";
import { check, golden, goldenPath, rendered, rewrite, summaries, updating, wrongPrograms, type WrongProgram } from "./harness.js";

const programs = wrongPrograms();

/** Each program is checked once, however many tests look at it. */
const outcomes = new Map<string, CheckOutcome>();

function outcomeOf(program: WrongProgram): CheckOutcome {
  const outcome = outcomes.get(program.name) ?? check(program);
  outcomes.set(program.name, outcome);
  return outcome;
}

/**
 * Codes of the families 1 to 5 that other stages give: costs (5001 to 5003), reading bindings (4060, 4061) and IR text (4070, 4071); and
 * 3021, which guards an AST that did not come from the lexer (there an unknown unit is 1006).
 */
const otherStages = new Set(["NAS3021", "NAS5030", "NAS5031", "NAS5032", "NAS5001", "NAS5004", "NAS5005", "NAS5002", "NAS5003", "NAS4060", "NAS4061", "NAS4070", "NAS4071"]);

describe("wrong programs", () => {
  it.each(programs.map((program) => [program.name, program] as const))("%s", (_, program) => {
    const outcome = outcomeOf(program);
    const found = summaries(program.name, outcome);
    const text = rendered(outcome);
    if (updating) {
      rewrite(program, found);
      writeFileSync(goldenPath(program), text);
    }
    expect(program.point, "the first line says the point").not.toBe("");
    expect(found).toEqual(updating ? found : program.expected);
    expect(text).toBe(golden(program));
    expect(found.length, "a wrong program has something wrong").toBeGreaterThan(0);
    expect(outcome.program === undefined).toBe(outcome.diagnostics.some(({ severity }) => severity === "error"));
  });

  it("have short titles and frames inside the text", () => {
    for (const program of programs) {
      const { diagnostics, sources } = outcomeOf(program);
      for (const problem of diagnostics) {
        expect(problem.title.length, `${program.name}: ${problem.title}`).toBeLessThanOrEqual(70);
        for (const { span } of problem.labels) {
          const text = sources.get(span.file);
          expect(text, `${program.name}: ${problem.code} points into ${span.file}`).toBeDefined();
          expect(span.start <= span.end && span.end <= text!.length, `${program.name}: ${problem.code}`).toBe(true);
        }
      }
    }
  });

  it("have no golden text without a program", () => {
    const named = new Set(programs.map(goldenPath));
    expect(readdirSync(`${dirname(goldenPath(programs[0]!))}`).filter((file) => ![...named].some((path) => path.endsWith(`/${file}`)))).toEqual([]);
  });

  it("show every code that checking can give", () => {
    const shown = new Set(programs.flatMap(({ expected }) => expected.map((line) => line.slice(0, 7))));
    const checked = Object.keys(registry).filter((code) => /^NAS[1-5]/.test(code) && !otherStages.has(code));
    expect(checked.filter((code) => !shown.has(code))).toEqual([]);
  });

  it("are many", () => {
    expect(programs.length).toBeGreaterThanOrEqual(60);
  });
});
