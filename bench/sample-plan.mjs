// The search of a sample, as benchmarks run it.
import { fileURLToPath } from "node:url";
import { checkText, pick, readProgram } from "../dist/cli/program-file.js";
import { value } from "./measuring.mjs";

/** The named search of samples/NAME.nas, or the only one; `constants` as `-D` takes them. */
export function samplePlan(name, search, constants) {
  const { program, diagnostics } = checkText(value(readProgram(fileURLToPath(new URL(`../samples/${name}.nas`, import.meta.url)), constants)));
  if (program === undefined) throw new Error(diagnostics.map(({ title }) => title).join("; "));
  return value(pick("search", program.searches, search));
}
