/**
 * Each sample broken in three typical ways: a misspelt name, a count that does not divide (heads where there are some, else groups or
 * widths), and shapes that cannot join. `broken/` holds what the command line prints; `UPDATE_BROKEN_SAMPLES=1` writes it anew, to be
 * read before it is committed.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { renderText } from "../../src/diagnostics/render-text.js";
import { checkText } from "../ir/check/programs.js";
import { breakages, type Breakage } from "./breakages.js";
import { textOfSample } from "./sample.js";

const updating = process.env["UPDATE_BROKEN_SAMPLES"] !== undefined;
const folder = "tests/samples/broken";

function printed(sample: string, { from, to }: Breakage): string {
  const text = textOfSample(sample);
  expect(text.split(from), `\`${from}\` stands in the sample`).not.toHaveLength(1);
  const { diagnostics, sources } = checkText(text.replace(from, () => to));
  expect(diagnostics.filter(({ severity }) => severity === "error")).not.toHaveLength(0);
  return renderText(diagnostics, sources, { color: false, width: 100, limit: 3 });
}

describe("broken samples", () => {
  it("are there for every published system", () => {
    const samples = readdirSync("samples").filter((name) => /^\d\d-.*\.nas$/.test(name)).map((name) => name.replace(/\.nas$/, ""));
    expect(Object.keys(breakages).sort()).toEqual(samples.sort());
  });

  it("leave no stale text", () => {
    const expected = Object.keys(breakages).flatMap((sample) => ["misspelt", "division", "join"].map((way) => `${sample}-${way}.txt`));
    expect(readdirSync(folder).sort()).toEqual(expected.sort());
  });

  for (const [sample, ways] of Object.entries(breakages)) {
    it.each(Object.entries(ways))(`${sample}: %s`, (way, breakage) => {
      const [path, text] = [`${folder}/${sample}-${way}.txt`, printed(sample, breakage)];
      if (updating) writeFileSync(path, text);
      expect(text).toBe(existsSync(path) ? readFileSync(path, "utf8") : "");
      // The cause is named: what was typed, or the extents that do not fit.
      expect(text).toContain(breakage.names);
      // Giving up is not a cause.
      expect(text).not.toContain("NAS4005");
    });
  }
});
