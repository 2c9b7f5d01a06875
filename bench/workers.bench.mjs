// What do worker processes bring? Candidates of a supernet judged by one and by two workers of one thread each, in turns with processes that
// judge the same candidates with nobody handing them out: what two of those get from the machine is the most that two workers can. Also
// what a candidate costs beside its evaluation: the weights stay on each worker's own heap, and what is copied for a candidate is timed.
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadDataset } from "../dist/data/load.js";
import { createCostModel } from "../dist/hw/cost-model.js";
import { spaceCosts } from "../dist/hw/space-costs.js";
import { spaceQueries } from "../dist/ir/space-queries.js";
import { randomStream } from "../dist/random/stream.js";
import { createEngine } from "../dist/runtime/create-engine.js";
import { boundNets } from "../dist/runtime/sampler.js";
import { createSpaceStore } from "../dist/runtime/weight-store.js";
import { processPool } from "../dist/search/process-pool.js";
import { subnetJudge } from "../dist/search/subnet-judge.js";
import { saveSupernet } from "../dist/search/supernet-file.js";
import { forkProgram } from "../dist/search/worker-process.js";
import { median, value } from "./measuring.mjs";
import { circumstances, writeSection } from "./results.mjs";
import { samplePlan } from "./sample-plan.mjs";

/** Samples on the built-in glyphs. */
const PROGRAMS = ["quickstart", "mobile-hybrid"];
/** So many because the processor is shared with others: the ratio of one round is off by up to a tenth. */
const ROUNDS = Number(process.env.ROUNDS ?? 30);
/** Rounds of each worker before it is measured: compiled code goes on getting faster for about a hundred candidates. */
const WARM_UP = 5;
const CANDIDATES = Number(process.env.CANDIDATES ?? 24);
const SEED = 1;

/** Processor milliseconds of `work`. */
function processorTime(work) {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { milliseconds: (user + system) / 1000, result };
}

/** What a worker does, without a pool: judges all candidates each time it is told to, and says how many milliseconds of the clock and of the processor each took. */
async function plainProcess(setup, architectures) {
  const child = forkProgram(fileURLToPath(new URL("peers/judging-peer.mjs", import.meta.url)));
  const ended = new Promise((_, reject) => { child.once("exit", (code) => reject(new Error(`the judging process ended (${code})`))); });
  // It ends as it should after `close`, too, when nobody waits any more.
  ended.catch(() => undefined);
  const ask = (message) => Promise.race([ended, new Promise((resolve) => { child.once("message", resolve); child.send(message); })]);
  await ask({ setup, architectures });
  return { round: () => ask("round"), close: () => child.disconnect() };
}

async function measure(name, folder) {
  const plan = samplePlan(name);
  const engine = value(await createEngine("wasm", { threads: 1 }));
  const store = createSpaceStore(engine, plan.space, SEED);
  const weights = join(folder, `${name}.weights`);
  value(saveSupernet(weights, engine, store));
  const queries = spaceQueries(plan.space);
  const costs = spaceCosts(plan.space, createCostModel(plan.accelerator), queries);
  // In the order in which a search hands them out.
  const latency = ({ architecture }) => costs.costOf(architecture).latency;
  const jobs = Array.from({ length: CANDIDATES }, (_, number) => ({ number, architecture: queries.sampleUniform(randomStream(SEED, "candidates", number)) })).sort((a, b) => latency(b) - latency(a));

  // Beside the evaluation: binding the network, and copying what it uses in part (for recalibration and again for judging).
  const data = value(await loadDataset(plan.data, { seed: SEED }));
  const { judge, dispose } = subnetJudge({ plan, seed: SEED, data, engine, store });
  const netOf = boundNets(plan.space);
  judge(jobs[0].architecture);
  const beside = jobs.map(({ architecture }) => {
    const bound = processorTime(() => { const net = netOf(architecture); return store.uses(net); });
    const copied = processorTime(() => engine.scope(() => { for (let i = 0; i < 2; i++) store.gather(bound.result); }));
    return { binding: bound.milliseconds, copying: copied.milliseconds, all: processorTime(() => judge(architecture)).milliseconds };
  });
  dispose();
  store.dispose();

  const setup = { plan, seed: SEED, weights, engine: engine.report.name, arithmetic: engine.report.arithmetic };
  const [one, two] = [1, 2].map((workers) => value(processPool({ workers, setup })));
  const plain = [];
  for (let i = 0; i < 2; i++) plain.push(await plainProcess(setup, jobs.map(({ architecture }) => architecture)));
  const failures = [];
  /** Milliseconds until all candidates are judged. */
  const pooled = async (pool) => {
    const started = performance.now();
    value(await pool.evaluate(jobs, { shouldStop: () => false, onResult: (result) => { if (result.error !== undefined) failures.push(result.error); return { ok: true, value: true, warnings: [] }; } }));
    return performance.now() - started;
  };
  const together = () => Promise.all(plain.map((process) => process.round()));
  const rounds = [];
  try {
    // As many candidates for every process: two workers share a round, so they get two for each one of the others.
    for (let round = 0; round < WARM_UP; round++) for (const work of [() => pooled(one), () => pooled(two), () => pooled(two), together]) await work();
    for (let round = 0; round < ROUNDS; round++) {
      const measured = {};
      const steps = [
        async () => { measured.one = await pooled(one); },
        async () => { measured.two = await pooled(two); },
        async () => { measured.alone = await plain[round % 2].round(); },
        async () => { const both = await together(); measured.together = { milliseconds: (both[0].milliseconds + both[1].milliseconds) / 2, processor: (both[0].processor + both[1].processor) / 2 }; },
      ];
      for (const step of round % 2 === 0 ? steps : steps.reverse()) await step();
      rounds.push(measured);
    }
  } finally {
    for (const pool of [one, two]) await pool.close();
    for (const process of plain) process.close();
  }
  if (failures.length > 0) throw new Error(failures[0]);
  const over = (figure) => median(rounds.map(figure));
  return {
    engine: engine.report.description,
    one: over((round) => (1000 * CANDIDATES) / round.one), two: over((round) => (1000 * CANDIDATES) / round.two),
    ratio: over((round) => round.one / round.two), ratios: rounds.map((round) => round.one / round.two),
    machine: over((round) => (2 * round.alone.milliseconds) / round.together.milliseconds),
    processorAlone: over((round) => round.alone.processor / CANDIDATES), processorTogether: over((round) => round.together.processor / CANDIDATES),
    ...Object.fromEntries(["binding", "copying", "all"].map((part) => [part, median(beside.map((cost) => cost[part]))])),
  };
}

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), "nasc-bench-"));
  const results = [];
  try {
    for (const name of PROGRAMS) results.push([name, await measure(name, folder)]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const lines = [
    `${circumstances()} Engine: ${results[0][1].engine}.`, "",
    `${CANDIDATES} candidates judged as in a search by one and by two workers, and by one and by two processes without a pool; ${ROUNDS} rounds of all four in turns, after every process has judged ${WARM_UP * CANDIDATES} candidates. Medians; of the ratios both that of the medians and the median of the rounds'. Load average ${loadavg()[0].toFixed(1)}.`, "",
    "| sample | candidates per second, 1 worker | 2 workers | ratio of medians | median ratio (lowest, highest) | two processes without a pool | workers over that | processor time of a candidate without a pool, ms: alone | beside another |", "|---|---|---|---|---|---|---|---|---|",
    ...results.map(([name, { one, two, ratio, ratios, machine, processorAlone, processorTogether }]) => `| ${name} | ${one.toFixed(2)} | ${two.toFixed(2)} | ${(two / one).toFixed(2)} | ${ratio.toFixed(2)} (${Math.min(...ratios).toFixed(2)}, ${Math.max(...ratios).toFixed(2)}) | ${machine.toFixed(2)} | ${(ratio / machine).toFixed(2)} | ${processorAlone.toFixed(1)} | ${processorTogether.toFixed(1)} |`), "",
    "Beside the evaluation, ms of processor time (medians):", "", "| sample | a candidate in all | of it binding the network | copying weights that it uses in part |", "|---|---|---|---|",
    ...results.map(([name, { all, binding, copying }]) => `| ${name} | ${all.toFixed(1)} | ${binding.toFixed(2)} | ${copying.toFixed(2)} |`),
  ];
  writeSection("workers", lines);
  console.log(lines.join("\n"));
}
