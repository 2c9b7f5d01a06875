/**
 * The program of a worker process: sets up its own engine, data and supernet weights, then judges one architecture per message.
 * It outlives Ctrl-C (the main process decides when to stop) and ends when the main process is gone.
 */
import { loadDataset } from "../data/load.js";
import { diagnostic, type Diagnostic } from "../diagnostics/model.js";
import { createEngine } from "../runtime/create-engine.js";
import type { Architecture } from "../ir/space.js";
import { loadSupernet } from "./supernet-file.js";
import { subnetJudge, type SubnetJudge } from "./subnet-judge.js";
import type { FromWorker, ToWorker, WorkerSetup } from "./worker-protocol.js";

function say(message: FromWorker): void {
  process.send?.(message);
}

async function start(setup: WorkerSetup): Promise<SubnetJudge | undefined> {
  const { plan, seed, dataOverride } = setup;
  const unable = (diagnostics: readonly Diagnostic[]): undefined => { say({ kind: "unable", diagnostics }); };
  const data = await loadDataset(plan.data, { seed, ...(dataOverride === undefined ? {} : { override: dataOverride }) });
  if (!data.ok) return unable(data.diagnostics);
  // Workers share the cores among themselves: one thread each.
  const engine = await createEngine(setup.engine, { threads: 1, arithmetic: setup.arithmetic });
  if (!engine.ok) return unable(engine.diagnostics);
  const { arithmetic, reasons } = engine.value.report;
  if (arithmetic !== setup.arithmetic) return unable([diagnostic("NAS7011", { title: "a worker computes otherwise than the main process", why: `the main process has ${setup.arithmetic}, the worker ${arithmetic}${reasons.length === 0 ? "" : ` (${reasons.join("; ")})`}`, help: "`--workers 0` evaluates inside the main process" })]);
  const store = loadSupernet(setup.weights, engine.value, plan.space);
  if (!store.ok) return unable(store.diagnostics);
  return subnetJudge({ plan, seed, data: data.value, engine: engine.value, store: store.value });
}

function runWorker(): void {
  let judge: SubnetJudge | undefined;

  const work = (number: number, architecture: Architecture): void => {
    const started = Date.now();
    try {
      if (judge === undefined) throw new Error("a job came before the set-up");
      const judgement = judge.judge(architecture);
      say({ kind: "result", number, ...judgement, started, finished: Date.now() });
    } catch (error) {
      say({ kind: "error", number, message: error instanceof Error ? error.message : String(error), started, finished: Date.now() });
    }
  };

  process.on("SIGINT", () => undefined);
  process.on("disconnect", () => process.exit(0));
  process.on("message", (message: ToWorker) => {
    switch (message.kind) {
      case "start":
        // A rejection ends the process with the reason on stderr, which the pool reports.
        void start(message.setup).then((made) => {
          judge = made;
          if (made !== undefined) say({ kind: "ready" });
        });
        return;
      case "job": work(message.number, message.architecture); return;
      case "stop": process.exit(0);
    }
  });
}

runWorker();
