/** NAS6xxx, data, training and engines. Numbers are never reused. */
import type { CodePage } from "./registry.js";

export const runtimeCodes = {
} as const satisfies Record<string, CodePage>;
