/** NAS8xxx, export and code generation. Numbers are never reused. */
import type { CodePage } from "./code-page.js";

export const exportCodes = {
  NAS8001: {
    slug: "export-weights-do-not-fit",
    summary: "The weights belong to another network than the one to export.",
    explanation: "Every tensor that the network reads must be in the weights file, at the network's own size. Networks and weights come in pairs: `nasc search` writes `networks/HASH.json` beside `networks/HASH.weights`, and `nasc derive` writes both anew. Export the two of one pair.",
  },
  NAS8002: {
    slug: "export-weights-not-finite",
    summary: "The weights hold values that are not finite numbers.",
    explanation: "A network with such weights answers nothing but NaN. They come from training that diverged. Lower the learning rate, add `warmup` or a gradient bound (`clip = 1`) to the plan, and train again.",
  },
} as const satisfies Record<string, CodePage>;
