/**
 * The one typed registry of diagnostic codes. Each family lives in its own file; a code that is not registered does not compile.
 * `nasc explain CODE` prints the page that stands here; a test demands a wrong program or a failing command for every code.
 */
import type { CodePage } from "./code-page.js";
import { syntaxCodes } from "./codes-syntax.js";
import { nameCodes } from "./codes-names.js";
import { typeCodes } from "./codes-types.js";
import { spaceCodes } from "./codes-space.js";
import { hardwareCodes } from "./codes-hardware.js";
import { runtimeCodes } from "./codes-runtime.js";
import { studyCodes } from "./codes-study.js";
import { exportCodes } from "./codes-export.js";
import { commandCodes } from "./codes-command.js";

export const registry = {
  ...syntaxCodes, ...nameCodes, ...typeCodes, ...spaceCodes, ...hardwareCodes, ...runtimeCodes, ...studyCodes, ...exportCodes, ...commandCodes,
} as const satisfies Record<string, CodePage>;

export type DiagnosticCode = keyof typeof registry;
