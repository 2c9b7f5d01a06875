import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { diagnostic, failure, success, type Result } from "../../src/diagnostics/model.js";
import type { SearchPlan } from "../../src/ir/plan.js";
import type { EvaluationResult, Evaluator } from "../../src/search/evaluator.js";
import { processPool } from "../../src/search/process-pool.js";

const jobs = Array.from({ length: 9 }, (_, number) => ({ number, architecture: [number % 3, number] }));

function pool(workers: number, seed: number, weights = "", dataOverride = ""): Evaluator {
  const made = processPool({ workers, entry: resolve("tests/search/stub-worker.mjs"), setup: { plan: {} as SearchPlan, seed, weights, engine: "wasm", arithmetic: "AssemblyScript", dataOverride } });
  if (!made.ok) throw new Error("no pool");
  return made.value;
}

async function evaluateAll(evaluator: Evaluator, shouldStop = (): boolean => false): Promise<{ results: EvaluationResult[]; outcome: Result<true> }> {
  const results: EvaluationResult[] = [];
  const outcome = await evaluator.evaluate(jobs, { shouldStop, onResult: (result) => { results.push(result); return success(true); } });
  return { results: results.sort((a, b) => a.number - b.number), outcome };
}

const codes = (result: Result<true>): string[] => (result.ok ? [] : result.diagnostics.map((one) => one.code));

describe("the process pool", () => {
  it("judges every job once, on as many processes as it has, and can go on", async () => {
    for (const workers of [1, 2, 3]) {
      const markers = mkdtempSync(join(tmpdir(), "nasc-pool-"));
      const evaluator = pool(workers, 7, markers, String(workers));
      const first = await evaluateAll(evaluator);
      expect(first.results.map(({ number, judgement, attempt }) => [number, judgement?.accuracy, attempt])).toEqual(jobs.map((job) => [job.number, (job.architecture[0]! + job.number) / 10, 1]));
      const processes = new Set(first.results.map((result) => result.judgement?.loss));
      expect(processes.size).toBe(workers);
      const second = await evaluateAll(evaluator);
      expect(second.results.map((result) => result.number)).toEqual(jobs.map((job) => job.number));
      expect(second.results.filter((result) => !processes.has(result.judgement?.loss))).toEqual([]);
      await evaluator.close();
      rmSync(markers, { recursive: true });
    }
  });

  it("replaces a worker that dies and tries its job again", async () => {
    const markers = mkdtempSync(join(tmpdir(), "nasc-pool-"));
    const evaluator = pool(2, 3, markers);
    const { results, outcome } = await evaluateAll(evaluator);
    await evaluator.close();
    rmSync(markers, { recursive: true });
    expect(outcome.ok).toBe(true);
    expect(results.map((result) => result.attempt)).toEqual(jobs.map(() => 2));
    expect(results.every((result) => result.judgement !== undefined)).toBe(true);
  });

  it("gives up on a job that kills its worker three times, and finishes the others", async () => {
    const evaluator = pool(2, 2);
    const { results, outcome } = await evaluateAll(evaluator);
    await evaluator.close();
    expect(outcome.ok).toBe(true);
    for (const result of results) {
      const deadly = jobs[result.number]!.architecture[0] === 1;
      expect(result.judgement === undefined).toBe(deadly);
      expect(result.attempt).toBe(deadly ? 3 : 1);
      if (deadly) expect(result.error).toContain("SIGKILL");
    }
  });

  it("keeps the worker when only the job fails", async () => {
    const evaluator = pool(1, 6);
    const { results } = await evaluateAll(evaluator);
    await evaluator.close();
    expect(results.filter((result) => result.error === "shape").map((result) => result.number)).toEqual([2, 5, 8]);
    expect(new Set(results.flatMap((result) => result.judgement?.loss ?? [])).size).toBe(1);
  });

  it("passes on why a worker cannot be set up", async () => {
    const evaluator = pool(2, 4);
    expect(codes((await evaluateAll(evaluator)).outcome)).toEqual(["NAS6001"]);
    await evaluator.close();
  });

  it("reports workers that die before they are ready, with their last words", async () => {
    const evaluator = pool(1, 5);
    const { outcome } = await evaluateAll(evaluator);
    expect(codes(outcome)).toEqual(["NAS7025"]);
    expect(outcome.ok ? "" : outcome.diagnostics[0]!.why).toContain("no engine here");
    await evaluator.close();
  });

  it("stops after the jobs in flight", async () => {
    const evaluator = pool(2, 1);
    const results: number[] = [];
    const outcome = await evaluator.evaluate(jobs, { shouldStop: () => results.length >= 3, onResult: (result) => { results.push(result.number); return success(true); } });
    await evaluator.close();
    expect(outcome.ok).toBe(true);
    expect(results.length).toBeGreaterThanOrEqual(3);
    // One on each worker: a worker has its next job before its last result is seen here.
    expect(results.length).toBeLessThanOrEqual(3 + 2);
  });

  it("ends the round when a result cannot be stored", async () => {
    const evaluator = pool(2, 1);
    const outcome = await evaluator.evaluate(jobs, { shouldStop: () => false, onResult: () => failure(diagnostic("NAS7005", { title: "full" })) });
    await evaluator.close();
    expect(codes(outcome)).toEqual(["NAS7005"]);
  });

  it("reports a missing worker program", async () => {
    const made = processPool({ workers: 1, entry: "/nonexistent/worker.js", setup: { plan: {} as SearchPlan, seed: 1, weights: "", engine: "wasm", arithmetic: "AssemblyScript" } });
    if (!made.ok) throw new Error("no pool");
    expect(codes((await evaluateAll(made.value)).outcome)).toEqual(["NAS7025"]);
    await made.value.close();
  });
});
