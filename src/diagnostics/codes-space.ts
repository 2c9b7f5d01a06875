/** NAS4xxx, ranges, constraints and the space as a whole. Numbers are never reused. */
import type { CodePage } from "./registry.js";

export const spaceCodes = {
  // Architectures and the text of the intermediate forms: NAS4060 to NAS4079.
  NAS4060: { slug: "architecture-undecided", summary: "Whether an architecture with the given bindings exists could not be decided.", explanation: "Completing an architecture asks the space's factor graph for a member that has all the bindings. Here the graph is so entangled that the tables would not fit into memory, and taking the first option everywhere did not lead to a member. Bind more decisions, so that less is left open." },
  NAS4061: { slug: "binding-form", summary: "A binding is not of the form `path=option`.", explanation: "A binding names a decision by its path and one of its options by its label, as `nasc info` lists them: `width=16`, `mix[2]=shift`, `mix[*].kernel=3`." },
  NAS4070: { slug: "ir-text-syntax", summary: "The text of a Space IR or Net IR cannot be read.", explanation: "The text is not of the form that `nasc compile --emit` prints: one entry per decision, derived variable, node, output and constraint. The message says what was expected." },
  NAS4071: { slug: "ir-text-inconsistent", summary: "The text of a Space IR or Net IR contradicts itself.", explanation: "The entries can be read, but not together: a table has the wrong number of cells, a number is out of order, or a name refers to nothing. Texts that `nasc compile --emit` prints never do; an edit by hand must keep ids and tables in step." },
} as const satisfies Record<string, CodePage>;
