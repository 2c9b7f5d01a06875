/** What a search and its worker processes say to each other. Sent with structured clone, so plain data goes as it is. */
import type { SearchPlan } from "../ir/plan.js";
import type { Architecture } from "../ir/space.js";
import type { Diagnostic } from "../diagnostics/model.js";
import type { EngineName } from "../runtime/engine.js";

/** Everything a worker needs to judge on its own: it loads data and weights itself. */
export interface WorkerSetup {
  readonly plan: SearchPlan;
  readonly seed: number;
  /** From `--data`. */
  readonly dataOverride?: string;
  readonly weights: string;
  /** The engine of the main process, so that all results come from one kind of arithmetic. */
  readonly engine: EngineName;
  readonly arithmetic: string;
}

export type ToWorker =
  | { readonly kind: "start"; readonly setup: WorkerSetup }
  | { readonly kind: "job"; readonly number: number; readonly architecture: Architecture }
  | { readonly kind: "stop" };

export type FromWorker =
  | { readonly kind: "ready" }
  /** The worker cannot be set up; trying again would not help. */
  | { readonly kind: "unable"; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: "result"; readonly number: number; readonly accuracy: number; readonly loss: number; readonly started: number; readonly finished: number }
  | { readonly kind: "error"; readonly number: number; readonly message: string; readonly started: number; readonly finished: number };

export function isFromWorker(message: unknown): message is FromWorker {
  return typeof message === "object" && message !== null && "kind" in message && typeof message.kind === "string";
}
