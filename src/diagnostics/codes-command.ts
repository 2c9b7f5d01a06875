/** NAS9xxx, command line usage and internal faults. Numbers are never reused. */
import type { CodePage } from "./registry.js";

export const commandCodes = {
} as const satisfies Record<string, CodePage>;
