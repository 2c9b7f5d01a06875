/** What the process tells its caller. The numbers are documented in the README and never change their meaning. */
import type { Diagnostic } from "../diagnostics/model.js";

export const exitCodes = {
  success: 0,
  /** The source has errors. */
  invalidSource: 1,
  /** Wrong verb, option or argument. */
  usage: 2,
  /** No architecture meets the budgets. */
  infeasible: 3,
  /** Data, training or a trial failed. */
  runFailed: 4,
  /** The study or another result file cannot be read or written. */
  storage: 5,
  /** A defect of nasc itself. */
  internal: 70,
  /** Ctrl-C; what was done is kept. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit code of a failure follows from the family of its first error. */
export function exitCodeOf(diagnostics: readonly Diagnostic[]): ExitCode {
  const first = diagnostics.find(({ severity }) => severity === "error");
  if (first === undefined) return exitCodes.success;
  if (first.code === "NAS7020" || first.code === "NAS7021") return exitCodes.infeasible;
  switch (first.code[3]) {
    case "6": return exitCodes.runFailed;
    case "7": return first.code === "NAS7024" || first.code === "NAS7025" || first.code === "NAS7028" ? exitCodes.runFailed : first.code === "NAS7026" ? exitCodes.invalidSource : exitCodes.storage;
    case "8": return exitCodes.storage;
    case "9": return first.code === "NAS9005" || first.code === "NAS9008" ? exitCodes.storage : first.code === "NAS9004" ? exitCodes.internal : exitCodes.usage;
    default: return exitCodes.invalidSource;
  }
}
