/**
 * The command line: one sub-command per verb, each in its own file. Turns whatever happens into an exit code; nothing a user can
 * type shows a stack trace.
 */
import { Command, CommanderError } from "commander";
import { nascVersion } from "../search/version.js";
import { checkCommand } from "./check.js";
import { compileCommand } from "./compile.js";
import { costCommand } from "./cost.js";
import { deriveCommand } from "./derive.js";
import { doctorCommand } from "./doctor.js";
import { exitCodes } from "./exit-codes.js";
import { explainCommand } from "./explain.js";
import { exportCommand } from "./export.js";
import { infoCommand } from "./info.js";
import { maskCommand } from "./mask.js";
import { reportCommand } from "./report.js";
import { searchCommand } from "./search.js";
import { createSession, type Session } from "./session.js";
import { studyCommand } from "./study.js";
import { trainCommand } from "./train.js";

const EXAMPLES = `
Examples:
  $ nasc check samples/quickstart.nas       prove the whole space well-formed
  $ nasc search samples/quickstart.nas      train, search, and write a report
  $ nasc explain NAS3104                    what a diagnostic means

Exit codes: 0 success, 1 errors in the source, 2 wrong usage, 3 nothing feasible, 4 data or training failed,
5 study or output not readable or writable, 70 internal fault, 130 interrupted.`;

function createProgram(session: Session): Command {
  const program = new Command("nasc")
    .description("Compiler for .nas: hybrid neural-architecture-search spaces, the accelerator they run on, and the search.")
    .version(nascVersion(), "-v, --version")
    .addHelpText("after", EXAMPLES)
    .showSuggestionAfterError(true)
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  const verbs = [checkCommand, infoCommand, compileCommand, costCommand, trainCommand, searchCommand, deriveCommand, exportCommand, reportCommand, studyCommand, maskCommand, explainCommand, doctorCommand];
  for (const verb of verbs) {
    const command = verb(session)
      .option("--json", "print one documented JSON document instead of text")
      .option("-q, --quiet", "no progress and no warnings")
      .option("--color", "colour even where the output is no terminal")
      .option("--no-color", "no colour")
      .exitOverride();
    // `--no-color` alone must not imply a default of true.
    command.setOptionValue("color", undefined);
    program.addCommand(command);
  }
  return program;
}

/** Runs the command line; the result is the exit code of the process. */
export async function main(arguments_: readonly string[]): Promise<number> {
  // A reader that goes away (`| head`) is no error.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", (error: NodeJS.ErrnoException) => { if (error.code === "EPIPE") process.exit(0); });
  const session = createSession();
  const program = createProgram(session);
  if (arguments_.length === 0) {
    process.stdout.write(program.helpInformation() + EXAMPLES + "\n");
    return exitCodes.success;
  }
  try {
    await program.parseAsync([...arguments_], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.success : exitCodes.usage;
  }
  return session.code();
}
