/**
 * An evaluator on worker processes. A worker that dies is replaced and its job tried again, twice; a job that fails every time is
 * reported as failed. Workers end with the main process, however it ends.
 */
import type { ChildProcess } from "node:child_process";
import { diagnostic, failure, success, type Diagnostic, type Result } from "../diagnostics/model.js";
import { ATTEMPTS, type EvaluateOptions, type EvaluationJob, type EvaluationResult, type Evaluator } from "./evaluator.js";
import { compiledProgram, forkProgram, lastWords } from "./worker-process.js";
import { isFromWorker, type FromWorker, type ToWorker, type WorkerSetup } from "./worker-protocol.js";

export interface ProcessPoolOptions {
  readonly workers: number;
  readonly setup: WorkerSetup;
  /** The worker program; by default the compiled `worker-entry.js`. */
  readonly entry?: string;
}

/** Deaths before the first result that the pool puts up with, per worker. */
const FAILED_STARTS = 3;
const KEPT_STDERR = 2000;

interface QueuedJob { readonly job: EvaluationJob; readonly attempt: number }

interface Worker {
  child: ChildProcess | undefined;
  ready: boolean;
  current: (QueuedJob & { readonly started: number }) | undefined;
  stderr: string;
  failedStarts: number;
}

const notStarted = (why: string): Diagnostic => diagnostic("NAS7025", { title: "a worker process could not be started", why, help: "`--workers 0` evaluates inside the main process" });

/** One generation at a time: the queue, and the promise that settles when it is empty or the pool gives up. */
interface Round {
  readonly queue: QueuedJob[];
  readonly options: EvaluateOptions;
  readonly settle: (result: Result<true>) => void;
}

class ProcessPool implements Evaluator {
  readonly description: string;
  private readonly workers: Worker[];
  private round: Round | undefined;
  private closing = false;

  constructor(private readonly options: ProcessPoolOptions, private readonly entry: string) {
    this.description = `${options.workers} worker process${options.workers === 1 ? "" : "es"}`;
    this.workers = Array.from({ length: options.workers }, () => ({ child: undefined, ready: false, current: undefined, stderr: "", failedStarts: 0 }));
  }

  evaluate(jobs: readonly EvaluationJob[], options: EvaluateOptions): Promise<Result<true>> {
    if (jobs.length === 0) return Promise.resolve(success(true));
    return new Promise((resolve) => {
      const settle = (result: Result<true>): void => {
        if (this.round === undefined) return;
        this.round = undefined;
        resolve(result);
      };
      this.round = { queue: jobs.map((job) => ({ job, attempt: 1 })), options, settle };
      for (const worker of this.workers.slice(0, jobs.length)) {
        if (worker.child === undefined) this.start(worker);
        else this.next(worker);
      }
      this.endIfDone();
    });
  }

  private start(worker: Worker): void {
    worker.ready = false;
    worker.stderr = "";
    let child: ChildProcess;
    try {
      child = forkProgram(this.entry);
    } catch (error) {
      this.round?.settle(failure(notStarted(error instanceof Error ? error.message : String(error))));
      return;
    }
    worker.child = child;
    child.stderr?.on("data", (chunk: Buffer) => { worker.stderr = (worker.stderr + chunk.toString()).slice(-KEPT_STDERR); });
    child.on("message", (message) => { if (isFromWorker(message)) this.heard(worker, message); });
    // "exit" and "error" can both come; whichever is first counts.
    child.on("error", (error) => this.died(worker, child, error.message));
    child.on("exit", (code, signal) => this.died(worker, child, signal === null ? `exit code ${code}` : `signal ${signal}`));
    this.send(worker, { kind: "start", setup: this.options.setup });
  }

  private send(worker: Worker, message: ToWorker): void {
    // A broken channel also ends in "exit", which is where it is dealt with.
    if (worker.child?.connected === true) worker.child.send(message, () => undefined);
  }

  private heard(worker: Worker, message: FromWorker): void {
    switch (message.kind) {
      case "ready":
        worker.ready = true;
        worker.failedStarts = 0;
        this.next(worker);
        this.endIfDone();
        return;
      case "unable":
        this.round?.settle(failure(...message.diagnostics));
        return;
      case "result":
        if (worker.current?.job.number !== message.number) return;
        this.finish(worker, { judgement: { accuracy: message.accuracy, loss: message.loss }, started: message.started, finished: message.finished });
        return;
      case "error":
        if (worker.current?.job.number !== message.number) return;
        this.retryOrFail(worker, message.message, message.started);
        return;
      default: { const never: never = message; throw new Error(`message ${String(never)}`); }
    }
  }

  private died(worker: Worker, child: ChildProcess, how: string): void {
    if (worker.child !== child) return;
    worker.child = undefined;
    const wasReady = worker.ready;
    worker.ready = false;
    if (this.closing) return;
    const reason = `the worker process died (${how})${lastWords(worker.stderr)}`;
    if (!wasReady && ++worker.failedStarts >= FAILED_STARTS) {
      this.round?.settle(failure(notStarted(reason)));
      return;
    }
    if (worker.current !== undefined) this.retryOrFail(worker, reason, worker.current.started);
    else if (this.round !== undefined) this.start(worker);
  }

  private retryOrFail(worker: Worker, error: string, started: number): void {
    const { current } = worker;
    if (current === undefined) return;
    if (current.attempt >= ATTEMPTS) {
      this.finish(worker, { error, started, finished: Date.now() });
      return;
    }
    worker.current = undefined;
    this.round?.queue.unshift({ job: current.job, attempt: current.attempt + 1 });
    this.next(worker);
  }

  private finish(worker: Worker, outcome: Omit<EvaluationResult, "number" | "attempt">): void {
    const { current } = worker;
    worker.current = undefined;
    const { round } = this;
    if (current === undefined || round === undefined) return;
    // The worker computes while this result is written.
    this.next(worker);
    const recorded = round.options.onResult({ number: current.job.number, attempt: current.attempt, ...outcome });
    if (recorded.ok) this.endIfDone();
    else round.settle(recorded);
  }

  /** Settles the round when nothing is left and nothing is in flight. */
  private endIfDone(): void {
    const { round } = this;
    if (round !== undefined && round.queue.length === 0 && this.workers.every((one) => one.current === undefined)) round.settle(success(true));
  }

  /** Gives the worker its next job where there is one. */
  private next(worker: Worker): void {
    const { round } = this;
    if (round === undefined) return;
    if (round.options.shouldStop()) round.queue.length = 0;
    const queued = round.queue[0];
    if (queued === undefined) return;
    if (worker.child === undefined) { this.start(worker); return; }
    if (!worker.ready) return;
    round.queue.shift();
    worker.current = { ...queued, started: Date.now() };
    this.send(worker, { kind: "job", number: queued.job.number, architecture: queued.job.architecture });
  }

  async close(): Promise<void> {
    this.closing = true;
    await Promise.all(this.workers.map(({ child }) => {
      if (child === undefined || child.exitCode !== null) return undefined;
      return new Promise<void>((resolve) => {
        const impatient = setTimeout(() => child.kill("SIGKILL"), 2000);
        child.once("exit", () => { clearTimeout(impatient); resolve(); });
        if (child.connected) child.send({ kind: "stop" } satisfies ToWorker, () => undefined);
        else child.kill();
      });
    }));
  }
}

/** Workers are started when the first generation is evaluated. */
export function processPool(options: ProcessPoolOptions): Result<Evaluator> {
  const entry = options.entry ?? compiledProgram("worker-entry");
  if (entry === undefined) return failure(notStarted("the compiled worker program is missing: build the project first"));
  return success(new ProcessPool(options, entry));
}
