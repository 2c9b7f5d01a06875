/** What every verb gets to work with, and the one way it ends with errors. */
import { diagnostic, type Diagnostic } from "../diagnostics/model.js";
import { exitCodeOf, exitCodes, type ExitCode } from "./exit-codes.js";
import { Terminal, type Sources } from "./terminal.js";

export interface GlobalOptions { readonly json?: boolean; readonly quiet?: boolean; readonly color?: boolean }

export interface Session {
  /** Runs a verb and keeps its exit code. Faults become NAS9004. */
  run(verb: string, options: GlobalOptions, work: (terminal: Terminal) => ExitCode | Promise<ExitCode>): Promise<void>;
  /** Of the last verb run. */
  code(): ExitCode;
}

/** Ends a verb with errors: shown, or put into the document. */
export function fail(terminal: Terminal, verb: string, diagnostics: readonly Diagnostic[], sources: Sources = new Map()): ExitCode {
  terminal.diagnostics(diagnostics, sources);
  terminal.document(verb, {}, diagnostics, sources);
  return exitCodeOf(diagnostics);
}

function internalFault(error: unknown): Diagnostic {
  return diagnostic("NAS9004", { title: "nasc met an internal fault", why: error instanceof Error ? error.message : String(error), help: "please report this with the command and the file; set NASC_DEBUG=1 to see where it happened" });
}

export function createSession(): Session {
  let code: ExitCode = exitCodes.success;
  return {
    async run(verb, options, work) {
      const terminal = new Terminal({ json: options.json === true, quiet: options.quiet === true, ...(options.color === undefined ? {} : { color: options.color }) });
      try {
        code = await work(terminal);
      } catch (error) {
        if ((process.env.NASC_DEBUG ?? "") !== "" && error instanceof Error) process.stderr.write(`${error.stack ?? error.message}\n`);
        fail(terminal, verb, [internalFault(error)]);
        code = exitCodes.internal;
      }
    },
    code: () => code,
  };
}
