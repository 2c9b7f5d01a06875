/**
 * Who judges candidates: an evaluator takes a generation of jobs and reports each result as it comes. The in-process one is for
 * tests and `--workers 0`; `process-pool.ts` has the one that real searches use.
 */
import { success, type Result } from "../diagnostics/model.js";
import type { Architecture } from "../ir/space.js";

export interface EvaluationJob { readonly number: number; readonly architecture: Architecture }

export interface Judgement { readonly accuracy: number; readonly loss: number }

/** The final word on a job: judged, or failed in every attempt. */
export interface EvaluationResult {
  readonly number: number;
  readonly judgement?: Judgement;
  readonly error?: string;
  /** Counted from 1. */
  readonly attempt: number;
  /** Milliseconds since 1970. */
  readonly started: number;
  readonly finished: number;
}

export interface EvaluateOptions {
  /** Called once per job, in any order. A failure (the study cannot be written) ends the evaluation and is passed on. */
  readonly onResult: (result: EvaluationResult) => Result<true>;
  /** Asked before each job; jobs in flight are always finished. */
  readonly shouldStop: () => boolean;
}

export interface Evaluator {
  readonly description: string;
  evaluate(jobs: readonly EvaluationJob[], options: EvaluateOptions): Promise<Result<true>>;
  close(): Promise<void>;
}

/** A job is tried this often before it counts as failed. */
export const ATTEMPTS = 3;

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Judges one job after the other in this process; `close` frees what `judge` keeps. */
export function inProcessEvaluator(judge: (architecture: Architecture) => Judgement | Promise<Judgement>, close: () => void = () => undefined): Evaluator {
  return {
    description: "in this process",
    async evaluate(jobs, { onResult, shouldStop }) {
      for (const job of jobs) {
        if (shouldStop()) break;
        const started = Date.now();
        let error = "";
        let judgement: Judgement | undefined;
        let attempt = 0;
        while (judgement === undefined && attempt < ATTEMPTS) {
          attempt++;
          try {
            judgement = await judge(job.architecture);
          } catch (thrown) {
            error = thrown instanceof Error ? thrown.message : String(thrown);
          }
        }
        const recorded = onResult({ number: job.number, attempt, started, finished: Date.now(), ...(judgement ? { judgement } : { error }) });
        if (!recorded.ok) return recorded;
        await nextTurn();
      }
      return success(true);
    },
    close: () => Promise.resolve(close()),
  };
}
