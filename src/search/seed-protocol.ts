/** What a search over several seeds and the process of one seed say to each other, in structured clones. */
import type { Diagnostic } from "../diagnostics/model.js";
import type { ParetoDocument } from "./pareto.js";
import type { RunSearchOptions, SearchEvent } from "./run-search.js";

/** Everything that the process of a seed needs: the options of a search that are plain data. */
export type SeedSetup = Omit<RunSearchOptions, "onEvent" | "shouldStop" | "workerEntry" | "until" | "seed"> & { readonly seed: number };

export type ToSeed =
  | { readonly kind: "start"; readonly setup: SeedSetup }
  /** Stop after the work in hand. */
  | { readonly kind: "stop" };

export type FromSeed =
  | { readonly kind: "event"; readonly event: SearchEvent }
  | { readonly kind: "finished"; readonly document: ParetoDocument; readonly warnings: readonly Diagnostic[] }
  | { readonly kind: "stopped"; readonly warnings: readonly Diagnostic[] }
  | { readonly kind: "failed"; readonly diagnostics: readonly Diagnostic[] };

export function isFromSeed(message: unknown): message is FromSeed {
  return typeof message === "object" && message !== null && "kind" in message && typeof message.kind === "string";
}
