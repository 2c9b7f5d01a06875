/** NAS3xxx, types, shapes and units. Numbers are never reused. */
import type { CodePage } from "./registry.js";

export const typeCodes = {
} as const satisfies Record<string, CodePage>;
