/**
 * The one typed registry of diagnostic codes. Each family lives in its own file; a code that is not registered does not compile.
 * `nasc explain CODE` prints the page that stands here; a test demands a wrong program or a failing command for every code.
 */
import { syntaxCodes } from "./codes-syntax.js";
import { nameCodes } from "./codes-names.js";
import { typeCodes } from "./codes-types.js";
import { spaceCodes } from "./codes-space.js";
import { hardwareCodes } from "./codes-hardware.js";
import { runtimeCodes } from "./codes-runtime.js";
import { studyCodes } from "./codes-study.js";
import { exportCodes } from "./codes-export.js";
import { commandCodes } from "./codes-command.js";

/** What `nasc explain` prints for a code. */
export interface CodePage {
  readonly slug: string;
  /** One sentence: what is wrong. */
  readonly summary: string;
  /** A few sentences: why it matters and how to mend it; may hold a small .nas example. */
  readonly explanation: string;
}

export const registry = {
  ...syntaxCodes, ...nameCodes, ...typeCodes, ...spaceCodes, ...hardwareCodes, ...runtimeCodes, ...studyCodes, ...exportCodes, ...commandCodes,
} as const satisfies Record<string, CodePage>;

export type DiagnosticCode = keyof typeof registry;
