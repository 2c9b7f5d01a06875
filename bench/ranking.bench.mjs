// Does the supernet rank? Kendall's tau between the accuracy with inherited weights and the accuracy of the same networks trained
// alone from scratch, over 20 random architectures of samples/rank-check.nas, with a bootstrap interval.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadDataset } from "../dist/data/load.js";
import { bind } from "../dist/ir/bind.js";
import { checkProgram } from "../dist/ir/check.js";
import { hashArchitecture } from "../dist/ir/hash.js";
import { spaceQueries } from "../dist/ir/space-queries.js";
import { randomStream } from "../dist/random/stream.js";
import { createEngine } from "../dist/runtime/create-engine.js";
import { judge } from "../dist/runtime/judge.js";
import { pathSampler } from "../dist/runtime/sampler.js";
import { train } from "../dist/runtime/train.js";
import { createNetStore, createSpaceStore } from "../dist/runtime/weight-store.js";
import { rankAgreement } from "../dist/search/statistics.js";
import { value } from "./measuring.mjs";
import { circumstances, writeSection } from "./results.mjs";

const NETWORKS = 20;
const SEEDS = [1, 2, 3];
const file = fileURLToPath(new URL("../samples/rank-check.nas", import.meta.url));

async function agreementOf(seed) {
  const { program } = checkProgram({ source: { file, text: readFileSync(file, "utf8") }, readImport: () => undefined, constants: new Map() });
  const plan = [...program.searches.values()][0];
  const data = value(await loadDataset(plan.data, { seed }));
  const engine = value(await createEngine());
  const queries = spaceQueries(plan.space);
  const supernet = createSpaceStore(engine, plan.space, seed);
  value(await train({ engine, store: supernet, data, seed, plan: plan.supernet, netAt: pathSampler(plan.space, seed) }));
  const chosen = new Map();
  for (let draw = 0; chosen.size < NETWORKS; draw++) {
    const architecture = queries.sampleUniform(randomStream(seed, "ranking", draw));
    chosen.set(hashArchitecture(plan.space, architecture), architecture);
  }
  const inherited = [];
  const alone = [];
  for (const [hash, architecture] of chosen) {
    const net = bind(plan.space, architecture);
    const judged = { engine, net, data, split: "validation", batch: 256, seed };
    inherited.push(judge({ ...judged, store: supernet, recalibration: plan.supernet.recalibration }).accuracy);
    const store = createNetStore(engine, net, seed);
    value(await train({ engine, store, data, seed, plan: plan.derive, netAt: () => net }));
    alone.push(judge({ ...judged, store, recalibration: 0 }).accuracy);
    store.dispose();
    console.error(`seed ${seed} ${hash}: inherited ${(100 * inherited.at(-1)).toFixed(1)} %, alone ${(100 * alone.at(-1)).toFixed(1)} %`);
  }
  supernet.dispose();
  return { seed, inherited, alone, ...rankAgreement(inherited, alone, seed) };
}

export async function run() {
  const results = [];
  for (const seed of SEEDS) results.push(await agreementOf(seed));
  const percent = (list) => `${(100 * Math.min(...list)).toFixed(1)} to ${(100 * Math.max(...list)).toFixed(1)} %`;
  const lines = [
    circumstances(), "",
    `${NETWORKS} random architectures of samples/rank-check.nas (81 networks): validation accuracy with inherited weights against training alone.`, "",
    "| seed | Kendall tau | 95 % bootstrap interval | inherited | alone |", "|---|---|---|---|---|",
    ...results.map(({ seed, tau, low, high, inherited, alone }) => `| ${seed} | ${tau.toFixed(3)} | ${low.toFixed(3)} to ${high.toFixed(3)} | ${percent(inherited)} | ${percent(alone)} |`),
  ];
  writeSection("ranking", lines);
  console.log(lines.join("\n"));
}
