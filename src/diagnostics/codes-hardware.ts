/** NAS5xxx, accelerators and costs. Numbers are never reused. */
import type { CodePage } from "./registry.js";

export const hardwareCodes = {
} as const satisfies Record<string, CodePage>;
