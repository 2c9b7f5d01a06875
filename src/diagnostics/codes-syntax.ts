/** NAS1xxx, lexical and syntax errors. Numbers are never reused. */
import type { CodePage } from "./registry.js";

export const syntaxCodes = {
} as const satisfies Record<string, CodePage>;
