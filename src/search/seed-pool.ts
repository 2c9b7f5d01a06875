/**
 * Whole searches for several seeds, each in a process of its own, as many at once as there are workers. A process that dies is started
 * again and goes on from what its folder holds; a seed that fails does not keep the others from ending.
 */
import type { ChildProcess } from "node:child_process";
import { diagnostic, failure, success, type Diagnostic, type Result } from "../diagnostics/model.js";
import type { ParetoDocument } from "./pareto.js";
import type { SearchEvent } from "./run-search.js";
import { isFromSeed, type FromSeed, type SeedSetup, type ToSeed } from "./seed-protocol.js";
import { compiledProgram, forkProgram, lastWords } from "./worker-process.js";

/** How the search of a seed ended. `stopped` ones go on with `resume`. */
export type SeedEnd =
  | { readonly kind: "finished"; readonly document: ParetoDocument; readonly warnings: readonly Diagnostic[] }
  | { readonly kind: "stopped"; readonly warnings: readonly Diagnostic[] }
  | { readonly kind: "failed"; readonly diagnostics: readonly Diagnostic[] };

export interface SeedResult { readonly seed: number; readonly folder: string; readonly end: SeedEnd }

export interface RunSeedsOptions {
  readonly setups: readonly SeedSetup[];
  /** Processes at once. */
  readonly parallel: number;
  readonly onEvent?: (setup: SeedSetup, event: SearchEvent) => void;
  /** A seed is through, in whatever way. */
  readonly onEnd?: (result: SeedResult) => void;
  /** Ends the seeds that run after the work in hand, and begins no others. */
  readonly signal?: AbortSignal;
  /** Another program (tests). */
  readonly entry?: string;
}

/** A seed whose process dies is started this often. */
const STARTS = 3;
const KEPT_STDERR = 2000;

/** The message that a process ends with, or how it died. */
type Outcome = Exclude<FromSeed, { readonly kind: "event" }> | { readonly kind: "died"; readonly how: string };

function listen(child: ChildProcess, onEvent: (event: SearchEvent) => void): Promise<Outcome> {
  return new Promise((resolve) => {
    let stderr = "";
    let end: Outcome | undefined;
    const died = (how: string): void => resolve(end ?? { kind: "died", how: `${how}${lastWords(stderr)}` });
    child.stderr?.on("data", (chunk: Buffer) => { stderr = (stderr + chunk.toString()).slice(-KEPT_STDERR); });
    child.on("message", (message) => {
      if (!isFromSeed(message)) return;
      if (message.kind === "event") onEvent(message.event);
      else end = message;
    });
    child.on("error", (error) => died(error.message));
    child.on("close", (code, signal) => died(signal === null ? `exit code ${code}` : `signal ${signal}`));
  });
}

async function runOnce(entry: string, setup: SeedSetup, options: RunSeedsOptions): Promise<Outcome> {
  let child: ChildProcess;
  try {
    child = forkProgram(entry);
  } catch (error) {
    return { kind: "died", how: error instanceof Error ? error.message : String(error) };
  }
  const tell = (message: ToSeed): void => { if (child.connected) child.send(message, () => undefined); };
  const stop = (): void => tell({ kind: "stop" });
  options.signal?.addEventListener("abort", stop);
  const ended = listen(child, (event) => options.onEvent?.(setup, event));
  tell({ kind: "start", setup });
  if (options.signal?.aborted === true) stop();
  const outcome = await ended;
  options.signal?.removeEventListener("abort", stop);
  return outcome;
}

async function runSeed(entry: string, setup: SeedSetup, options: RunSeedsOptions): Promise<SeedEnd> {
  let how = "";
  let begun = false;
  const noticing = { ...options, onEvent: (of: SeedSetup, event: SearchEvent) => { begun = true; options.onEvent?.(of, event); } };
  for (let start = 1; start <= STARTS; start++) {
    if (options.signal?.aborted === true) return { kind: "stopped", warnings: [] };
    // Once the folder was ours, a process that died is gone on from.
    const outcome = await runOnce(entry, begun ? { ...setup, resume: true } : setup, noticing);
    if (outcome.kind !== "died") return outcome;
    how = outcome.how;
  }
  return { kind: "failed", diagnostics: [diagnostic("NAS7028", { title: `the process of seed ${setup.seed} died ${STARTS} times`, why: `at last with ${how}`, help: "the other seeds are not touched; if memory was short, run fewer at once with `--workers`, then go on with `--resume`" })] };
}

/** The results in the order of the setups. */
export async function runSeeds(options: RunSeedsOptions): Promise<Result<readonly SeedResult[]>> {
  const entry = options.entry ?? compiledProgram("seed-entry");
  if (entry === undefined) return failure(diagnostic("NAS7025", { title: "a worker process could not be started", why: "the compiled program of seeds is missing: build the project first" }));
  const results = new Map<number, SeedResult>();
  const waiting = [...options.setups];
  const takeTurns = async (): Promise<void> => {
    for (let setup = waiting.shift(); setup !== undefined; setup = waiting.shift()) {
      const result: SeedResult = { seed: setup.seed, folder: setup.outDir, end: await runSeed(entry, setup, options) };
      results.set(setup.seed, result);
      options.onEnd?.(result);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(options.parallel, options.setups.length)) }, takeTurns));
  return success(options.setups.map(({ seed }) => results.get(seed)!));
}
