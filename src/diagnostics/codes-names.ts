/** NAS2xxx, names, imports and declarations. Numbers are never reused. */
import type { CodePage } from "./registry.js";

export const nameCodes = {
} as const satisfies Record<string, CodePage>;
