/**
 * Each worker process reads the weights of the supernet once, and a candidate copies none of those that it uses whole. That is the least
 * there can be: kernels compute on a heap that each process has for itself.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkText } from "../../src/cli/program-file.js";
import { loadDataset } from "../../src/data/load.js";
import { success, type Result } from "../../src/diagnostics/model.js";
import type { SearchPlan } from "../../src/ir/plan.js";
import { spaceQueries } from "../../src/ir/space-queries.js";
import { randomStream } from "../../src/random/stream.js";
import type { Engine } from "../../src/runtime/engine.js";
import { boundNets } from "../../src/runtime/sampler.js";
import { createSpaceStore, type WeightStore } from "../../src/runtime/weight-store.js";
import type { EvaluationJob, Evaluator, Judgement } from "../../src/search/evaluator.js";
import { processPool } from "../../src/search/process-pool.js";
import { subnetJudge, type SubnetJudge } from "../../src/search/subnet-judge.js";
import { loadSupernet, saveSupernet } from "../../src/search/supernet-file.js";
import { TINY } from "../cli/run-cli.js";
import { engineForTests } from "../runtime/train/fixtures.js";

const SEED = 3;
const folder = mkdtempSync(join(tmpdir(), "nasc-weights-"));
const weights = join(folder, "supernet.weights");
let engine: Engine;
let plan: SearchPlan;
let store: WeightStore;
let jobs: readonly EvaluationJob[];

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
  return result.value;
}

async function judgeOn(on: Engine, from: WeightStore): Promise<SubnetJudge> {
  return subnetJudge({ plan, seed: SEED, data: value(await loadDataset(plan.data, { seed: SEED })), engine: on, store: from });
}

beforeAll(async () => {
  engine = await engineForTests();
  plan = checkText({ file: "tiny.nas", text: TINY, constants: new Map(), readImport: () => undefined }).program!.searches.get("Main")!;
  store = createSpaceStore(engine, plan.space, SEED);
  value(saveSupernet(weights, engine, store));
  const queries = spaceQueries(plan.space);
  jobs = Array.from({ length: 12 }, (_, number) => ({ number, architecture: queries.sampleUniform(randomStream(SEED, "jobs", number)) }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** True where two were judged at the same time. */
const overlapping = (spans: readonly (readonly [from: number, to: number])[]): boolean => spans.some(([from], at) => spans.some(([start, end], other) => other !== at && start <= from && from < end));

/** Goes on until both workers have judged something, and so have the weights. */
async function bothAtWork(pool: Evaluator): Promise<boolean> {
  for (let round = 0; round < 50; round++) {
    const spans: [number, number][] = [];
    value(await pool.evaluate(jobs, { shouldStop: () => false, onResult: ({ started, finished }) => { spans.push([started, finished]); return success(true); } }));
    if (overlapping(spans)) return true;
  }
  return false;
}

async function judgements(pool: Evaluator, some: readonly EvaluationJob[]): Promise<readonly (Judgement | undefined)[]> {
  const found = new Map<number, Judgement | undefined>();
  value(await pool.evaluate(some, { shouldStop: () => false, onResult: ({ number, judgement }) => { found.set(number, judgement); return success(true); } }));
  return some.map(({ number }) => found.get(number));
}

describe("the weights of the supernet", () => {
  it("come back from their file as they were", () => {
    const loaded = value(loadSupernet(weights, engine, plan.space));
    expect(loaded.layout).toBe(store.layout);
    for (const { key, tensor } of store.weights.values()) expect(engine.download(loaded.weights.get(key)!.tensor)).toEqual(engine.download(tensor));
    loaded.dispose();
  });

  it("are read once by each worker: later candidates are judged without the file", async () => {
    const pool = value(processPool({ workers: 2, setup: { plan, seed: SEED, weights, engine: "wasm", arithmetic: engine.report.arithmetic } }));
    try {
      const before = await judgements(pool, jobs);
      expect(await bothAtWork(pool)).toBe(true);
      // A third worker would find no file.
      rmSync(weights);
      expect(await judgements(pool, jobs)).toEqual(before);
      const { judge, dispose } = await judgeOn(engine, store);
      expect(before).toEqual(jobs.map(({ architecture }) => judge(architecture)));
      dispose();
    } finally {
      await pool.close();
      value(saveSupernet(weights, engine, store));
    }
  }, 60_000);

  it("are not copied for a candidate, but for the parts of tensors that it uses in part", async () => {
    let [uploaded, read, uncopied] = [0, 0, 0];
    const counting: Engine = {
      ...engine,
      upload: (values, shape) => { uploaded += values.length; return engine.upload(values, shape); },
      readRegion: (source, begin, size) => { const part = engine.readRegion(source, begin, size); read += part.size; return part; },
    };
    const own = value(loadSupernet(weights, counting, plan.space));
    const { judge, dispose } = await judgeOn(counting, own);
    judge(jobs[0]!.architecture);
    const netOf = boundNets(plan.space);
    const tensors = engine.tensorCount();
    for (const { architecture } of jobs) {
      [uploaded, read] = [0, 0];
      judge(architecture);
      const uses = own.uses(netOf(architecture)).weights;
      const values = (some: typeof uses): number => some.reduce((sum, { region }) => sum + region.size.reduce((a, b) => a * b, 1), 0);
      // Recalibrated statistics are the candidate's own; examples are kept from the first one on.
      expect(uploaded).toBe(values(uses.filter(({ weight }) => weight.role === "statistic")));
      // Once to recalibrate, once to judge.
      expect(read).toBe(2 * values(uses.filter(({ whole }) => !whole)));
      // Width 8 is the largest: nothing is used in part.
      if (uses.every(({ whole }) => whole)) uncopied++;
      expect(engine.tensorCount()).toBe(tensors);
    }
    expect(uncopied).toBeGreaterThan(0);
    dispose();
    own.dispose();
  });
});
