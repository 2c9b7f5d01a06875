/**
 * The program of a process that runs the whole search of one seed: its own supernet, study and results, as if it ran alone. It outlives
 * Ctrl-C (the main process says when to stop) and ends when the main process is gone.
 */
import { runSearch, type SearchEvent } from "./run-search.js";
import type { FromSeed, SeedSetup, ToSeed } from "./seed-protocol.js";

/** Progress is for people, and comes with every training step. */
const PROGRESS_MILLISECONDS = 200;

function say(message: FromSeed, then: () => void = () => undefined): void {
  process.send?.(message, undefined, {}, then);
}

function speaking(): (event: SearchEvent) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (event) => {
    if (event.kind === "supernet" || event.kind === "progress") {
      const now = performance.now();
      if (now - last < PROGRESS_MILLISECONDS) return;
      last = now;
    }
    say({ kind: "event", event });
  };
}

async function run(setup: SeedSetup, shouldStop: () => boolean): Promise<FromSeed> {
  const outcome = await runSearch({ ...setup, shouldStop, onEvent: speaking() });
  if (!outcome.ok) return { kind: "failed", diagnostics: outcome.diagnostics };
  const { document } = outcome.value;
  return document === undefined ? { kind: "stopped", warnings: outcome.warnings } : { kind: "finished", document, warnings: outcome.warnings };
}

function runSeed(): void {
  let stopping = false;
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => { stopping = true; });
  process.on("disconnect", () => process.exit(0));
  process.on("message", (message: ToSeed) => {
    switch (message.kind) {
      case "start":
        // A rejection ends the process with the reason on standard error, which the pool reports.
        void run(message.setup, () => stopping).then((end) => say(end, () => process.exit(0)));
        return;
      case "stop": stopping = true; return;
    }
  });
}

runSeed();
