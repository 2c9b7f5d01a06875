// What do worker processes bring? Candidates of a supernet judged by one and by two workers of one thread each, in turns; and what a
// candidate costs beside its evaluation. The weights stay on each worker's own heap: what is copied for a candidate is timed, too.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkText, pick, readProgram } from "../dist/cli/program-file.js";
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
import { circumstances, writeSection } from "./results.mjs";

/** Samples on the built-in glyphs. */
const PROGRAMS = ["quickstart", "mobile-hybrid"];
const ROUNDS = Number(process.env.ROUNDS ?? 6);
const CANDIDATES = Number(process.env.CANDIDATES ?? 24);
const SEED = 1;

function value(result) {
  if (!result.ok) throw new Error(result.diagnostics.map(({ title, why }) => `${title}: ${why ?? ""}`).join("; "));
  return result.value;
}

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

/** Processor milliseconds of `work`. */
function processorTime(work) {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { milliseconds: (user + system) / 1000, result };
}

/** Processor milliseconds of all child processes so far (Linux counts them in hundredths of a second). */
function childrenTime() {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").trim().split(" ");
  return children.reduce((sum, child) => {
    const fields = readFileSync(`/proc/${child}/stat`, "utf8").split(") ")[1].split(" ");
    return sum + 10 * (Number(fields[11]) + Number(fields[12]));
  }, 0);
}

async function measure(name, folder) {
  const { program, diagnostics } = checkText(value(readProgram(fileURLToPath(new URL(`../samples/${name}.nas`, import.meta.url)))));
  if (program === undefined) throw new Error(diagnostics.map(({ title }) => title).join("; "));
  const plan = value(pick("search", program.searches));
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
  const pools = [1, 2].map((workers) => ({ workers, pool: value(processPool({ workers, setup })), rates: [], processor: [] }));
  const failures = [];
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      for (const { pool, rates, processor } of round % 2 === 0 ? pools : [...pools].reverse()) {
        const started = performance.now();
        const before = round > 0 ? childrenTime() : 0;
        value(await pool.evaluate(jobs, { shouldStop: () => false, onResult: (result) => { if (result.error !== undefined) failures.push(result.error); return { ok: true, value: true, warnings: [] }; } }));
        // The first round starts the processes and warms them up.
        if (round === 0) continue;
        rates.push((1000 * CANDIDATES) / (performance.now() - started));
        processor.push((childrenTime() - before) / CANDIDATES);
      }
    }
  } finally {
    for (const { pool } of pools) await pool.close();
  }
  if (failures.length > 0) throw new Error(failures[0]);
  const [one, two] = pools.map(({ rates }) => rates);
  const [processorOne, processorTwo] = pools.map(({ processor }) => median(processor));
  return { processorOne, processorTwo, engine: engine.report.description, one: median(one), two: median(two), ratio: median(two.map((rate, round) => rate / one[round])), ...Object.fromEntries(["binding", "copying", "all"].map((part) => [part, median(beside.map((cost) => cost[part]))])) };
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
    `${CANDIDATES} candidates judged as in a search, ${ROUNDS} rounds with one and with two workers in turns; medians, and the median of the ratios of each round. Load average ${loadavg()[0].toFixed(1)}: above 2 the workers share two cores with other work, and the ratio of rates says little; twice the ratio of processor times then says how much two workers get in each other's way.`, "",
    "| sample | candidates per second, 1 worker | 2 workers | ratio | processor time of a candidate, ms: 1 worker | 2 workers | twice their ratio |", "|---|---|---|---|---|---|---|",
    ...results.map(([name, { one, two, ratio, processorOne, processorTwo }]) => `| ${name} | ${one.toFixed(2)} | ${two.toFixed(2)} | ${ratio.toFixed(2)} | ${processorOne.toFixed(1)} | ${processorTwo.toFixed(1)} | ${((2 * processorOne) / processorTwo).toFixed(2)} |`), "",
    "Beside the evaluation, ms of processor time (medians):", "", "| sample | a candidate in all | of it binding the network | copying weights that it uses in part |", "|---|---|---|---|",
    ...results.map(([name, { all, binding, copying }]) => `| ${name} | ${all.toFixed(1)} | ${binding.toFixed(2)} | ${copying.toFixed(2)} |`),
  ];
  writeSection("workers", lines);
  console.log(lines.join("\n"));
}
