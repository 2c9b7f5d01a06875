/** NAS4xxx, ranges, constraints and the space as a whole. Numbers are never reused. */
import type { CodePage } from "./registry.js";

export const spaceCodes = {
} as const satisfies Record<string, CodePage>;
