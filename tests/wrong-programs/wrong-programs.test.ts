/** Every wrong program gives exactly the diagnostics that it says, and together they show every code that checking can give. */
import { readdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { registry } from "../../src/diagnostics/registry.js";
import { check, golden, goldenPath, rendered, rewrite, summaries, updating, wrongPrograms } from "./harness.js";

const programs = wrongPrograms();

/** Codes of the families 1 to 5 that other stages give: costs (5001 to 5003), reading bindings (4060, 4061) and IR text (4070, 4071). */
const otherStages = new Set(["NAS5001", "NAS5002", "NAS5003", "NAS4060", "NAS4061", "NAS4070", "NAS4071"]);

describe("wrong programs", () => {
  it.each(programs.map((program) => [program.name, program] as const))("%s", (_, program) => {
    const outcome = check(program);
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
      const { diagnostics, sources } = check(program);
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
