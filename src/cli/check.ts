/** `nasc check`: proves a program well-formed and reports every error of its files in one run. */
import { Command } from "commander";
import type { Diagnostic } from "../diagnostics/model.js";
import { checkProgramBudgets } from "../hw/budget-check.js";
import { exitCodes, type ExitCode } from "./exit-codes.js";
import { fail, type GlobalOptions, type Session } from "./session.js";
import { withDefinitions, type ProgramOptions } from "./options.js";
import { checkText, readProgram, type CheckedText } from "./program-file.js";
import type { Sources, Terminal } from "./terminal.js";

interface CheckOptions extends ProgramOptions, GlobalOptions { readonly denyWarnings?: boolean }

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : word.endsWith("ch") ? "es" : "s"}`;

function summary({ program }: CheckedText): string {
  if (program === undefined) return "";
  const parts = [[program.spaces.size, "space"], [program.accelerators.size, "accelerator"], [program.searches.size, "search"], [program.architectures.size, "architecture"]] as const;
  return parts.filter(([count]) => count > 0).map(([count, word]) => plural(count, word)).join(", ");
}

function checkFiles(terminal: Terminal, files: readonly string[], options: CheckOptions): ExitCode {
  const all: Diagnostic[] = [];
  const sources = new Map<string, string>();
  for (const file of files) {
    const text = readProgram(file, options.define);
    if (!text.ok) { all.push(...text.diagnostics); continue; }
    const checked = checkText(text.value);
    for (const [name, content] of checked.sources) sources.set(name, content);
    all.push(...checked.diagnostics);
    if (checked.program !== undefined) all.push(...checkProgramBudgets(checked.program));
    if (checked.program !== undefined) terminal.result(`${file}: ${summary(checked) || "nothing declared"}`);
  }
  return finish(terminal, files, all, sources, options);
}

function finish(terminal: Terminal, files: readonly string[], all: readonly Diagnostic[], sources: Sources, options: CheckOptions): ExitCode {
  const errors = all.filter(({ severity }) => severity === "error").length;
  const warnings = all.length - errors;
  if (errors > 0) return fail(terminal, "check", all, sources);
  terminal.diagnostics(all, sources);
  terminal.document("check", { files }, all, sources);
  if (warnings === 0) terminal.result("no problems: every architecture of every space is well-formed");
  return warnings > 0 && options.denyWarnings === true ? exitCodes.invalidSource : exitCodes.success;
}

export function checkCommand(session: Session): Command {
  return withDefinitions(new Command("check"))
    .summary("prove the whole space well-formed")
    .description("Checks .nas files: syntax, names, types, units, that every architecture of every space is well-formed, and that every budget can be met and rules something out. Reports all errors in one run. Never loads TensorFlow.js.")
    .argument("<files...>", ".nas files, or - for standard input")
    .option("--deny-warnings", "warnings fail the check")
    .action((files: readonly string[], options: CheckOptions) => session.run("check", options, (terminal) => checkFiles(terminal, files, options)));
}
