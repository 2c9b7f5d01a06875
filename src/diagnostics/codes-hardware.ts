/** NAS5xxx, accelerators and costs. Numbers are never reused. */
import type { CodePage } from "./registry.js";

export const hardwareCodes = {
  NAS5001: { slug: "operator-without-chunk", summary: "An operator's arithmetic is not in the `runs` list of any chunk.", explanation: "The first chunk of the accelerator takes it, at that chunk's number format. If that is not what the hardware does, name the operator in the `runs` list of the chunk that runs it:\n\n    chunk shift { array 8 x 16  runs shift  precision int8 }" },
  NAS5002: { slug: "estimated-unit-energy", summary: "The accelerator's technology is not the one that unit energies are published for.", explanation: "Energies per operation and per access hold for 45 nm at 0.9 V. Other nodes are scaled in proportion to the feature size, which is an estimate: compare designs of one node with each other, not across nodes. Declare `read` and `write` energies of memories where they are known." },
  NAS5003: { slug: "cost-bounds-sampled", summary: "The space is too wide for exact cost bounds; they were sampled.", explanation: "The least and greatest cost of a space are found exactly by eliminating one decision after another. Where too many decisions meet in one operator the tables would not fit into memory, and the bounds come from random architectures instead: the true minimum may be lower and the true maximum higher. Costs of single architectures are exact as always." },
} as const satisfies Record<string, CodePage>;
