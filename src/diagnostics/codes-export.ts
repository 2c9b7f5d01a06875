/** NAS8xxx, export and code generation. Numbers are never reused. */
import type { CodePage } from "./registry.js";

export const exportCodes = {
} as const satisfies Record<string, CodePage>;
