/** `nasc report`: draws the report of a run anew, from its folder alone. */
import { join } from "node:path";
import { Command } from "commander";
import { exitCodes, type ExitCode } from "./exit-codes.js";
import { writeOutput } from "./run-folder.js";
import { fail, type GlobalOptions, type Session } from "./session.js";
import type { Terminal } from "./terminal.js";

interface ReportOptions extends GlobalOptions { readonly out?: string }

async function report(terminal: Terminal, folder: string, options: ReportOptions): Promise<ExitCode> {
  const { reportOfRun } = await import("./report-files.js");
  const drawn = reportOfRun(folder);
  if (!drawn.ok) return fail(terminal, "report", drawn.diagnostics);
  const path = options.out ?? join(folder, "report.html");
  const written = writeOutput(path, drawn.value);
  if (!written.ok) return fail(terminal, "report", written.diagnostics);
  terminal.diagnostics(drawn.warnings);
  terminal.result(path);
  terminal.document("report", { report: path }, drawn.warnings);
  return exitCodes.success;
}

export function reportCommand(session: Session): Command {
  return new Command("report")
    .summary("draw the report of a run")
    .description("Writes one self-contained HTML page: Pareto front, training and search curves, the chosen architecture, energy per layer. Works on the folder of a run alone, also while it runs.")
    .argument("<folder>", "folder of a run")
    .option("--out <FILE>", "where to write it (default: report.html in the folder)")
    .action((folder: string, options: ReportOptions) => session.run("report", options, (terminal) => report(terminal, folder, options)));
}
