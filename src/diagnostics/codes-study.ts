/** NAS7xxx, studies, checkpoints and result folders. Numbers are never reused. */
import type { CodePage } from "./registry.js";

export const studyCodes = {
} as const satisfies Record<string, CodePage>;
