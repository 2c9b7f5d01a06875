// The engine `node` (TensorFlow through tfjs-node) beside the default one: the quickstart on both, the first steps of every network of
// the engine benchmark, and what it costs to lend tensors to our kernels instead of composing TensorFlow's operators.
// `scripts/verify-tfjs-node.mjs` builds tfjs-node and runs this; NASC_TFJS_NODE names one that is there.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { median } from "./measuring.mjs";
import { networks } from "./peers/networks.mjs";
import { circumstances, writeSection } from "./results.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const kinds = [["node", "node"], ["default", "wasm"]];

/** One line of JSON per event; each with the time it came. */
function nasc(...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [here("../bin/nasc.js"), ...args, "--json"], { stdio: ["ignore", "pipe", "pipe"] });
    const events = [];
    let said = "";
    child.stderr.on("data", (text) => { said += text; });
    createInterface({ input: child.stdout }).on("line", (line) => events.push({ ...JSON.parse(line), at: performance.now() }));
    child.on("close", (code) => { if (code === 0) resolve(events); else reject(new Error(said.trim() || `nasc ended with ${code}`)); });
  });
}

/** The whole search: trains the supernet and judges candidates. The first generation is the same on every engine. */
async function quickstart(folder, [name, engine]) {
  const events = await nasc("search", here("../samples/quickstart.nas"), "--out", join(folder, name), "--engine", engine);
  const of = (kind) => events.filter(({ event }) => event?.kind === kind).map(({ at, event }) => ({ at, ...event }));
  const [[started], [trained], result] = [of("started"), of("supernet trained"), events.at(-1)];
  const first = new Map(of("trial").map(({ trial }) => trial).filter(({ generation }) => generation === 0).map(({ hash, accuracy }) => [hash, accuracy]));
  return { name, engine: started.engine, training: (trained.at - started.at) / 1000, judging: (result.at - trained.at) / 1000, curve: trained.curve, first, best: Math.max(...result.pareto.members.map(({ accuracy }) => accuracy)) };
}

async function firstSteps(provider) {
  const child = spawn(process.execPath, [here("peers/nasc-peer.mjs"), provider, "2"], { stdio: ["pipe", "pipe", "ignore"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => JSON.parse((await lines.next()).value);
  const { description } = await answer();
  const found = {};
  for (const network of Object.keys(networks)) {
    const losses = [];
    const times = [];
    for (const steps of [1, 9, 10]) {
      child.stdin.write(`${JSON.stringify({ network, steps })}\n`);
      const reply = await answer();
      losses.push(reply.loss);
      times.push(...reply.times);
    }
    found[network] = { first: losses[0], tenth: losses[1], time: median(times.slice(2)) };
  }
  child.stdin.end();
  child.kill();
  return { description, found };
}

/** In a process of its own, because it holds the engine. */
const lendingTable = () => JSON.parse(execFileSync(process.execPath, [here("peers/lending.mjs")], { stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 20 }).toString());

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), "nasc-tfjs-node-"));
  const loads = [loadavg()[0]];
  try {
    const runs = [];
    for (const kind of kinds) { console.error(`quickstart on ${kind[0]}`); runs.push(await quickstart(folder, kind)); loads.push(loadavg()[0]); }
    const [node, standard] = runs;
    const steps = { node: await firstSteps("node"), standard: await firstSteps("native") };
    loads.push(loadavg()[0]);
    const lent = lendingTable();
    const apart = (index) => Math.abs(node.curve.at(index).loss - standard.curve.at(index).loss);
    const both = [...standard.first].map(([hash, accuracy]) => [accuracy, node.first.get(hash)]);
    const differences = both.map(([a, b]) => Math.abs(a - b));
    const pairs = both.flatMap((one, i) => both.slice(i + 1).map((other) => Math.sign((one[0] - other[0]) * (one[1] - other[1]))));
    const tau = pairs.reduce((sum, sign) => sum + sign, 0) / pairs.length;
    const percent = (share) => `${(100 * share).toFixed(1)} %`;
    const lines = [
      circumstances(), "",
      `\`node\` = ${node.engine}. Default = ${standard.engine}. Load average during the run: ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}.`, "",
      "samples/quickstart.nas, the whole search:", "",
      "| engine | supernet, s | 48 candidates, s | last training loss | best accuracy |", "|---|---|---|---|---|",
      ...runs.map(({ name, training, judging, curve, best }) => `| ${name} | ${training.toFixed(1)} | ${judging.toFixed(1)} | ${curve.at(-1).loss.toFixed(3)} | ${percent(best)} |`), "",
      `Rounding differs, and training amplifies it: the mean loss of the first ${standard.curve[0].step} steps differs by ${apart(0).toExponential(1)}, that of the last by ${apart(-1).toExponential(1)}. The accuracies of the ${standard.first.size} architectures that both judge first differ by ${percent(median(differences))} (median) and at most ${percent(Math.max(...differences))}; their ranks agree with a Kendall tau of ${tau.toFixed(2)}.`, "",
      `One training step of the engine benchmark's networks on both (default: ${steps.standard.description}), and the relative difference of the losses from the same weights:`, "",
      "| network | node, ms | default, ms | step 1 | step 10 |", "|---|---|---|---|---|",
      ...Object.keys(networks).map((network) => {
        const [a, b] = [steps.node.found[network], steps.standard.found[network]];
        const difference = (key) => (Math.abs(a[key] - b[key]) / Math.abs(b[key])).toExponential(1);
        return `| ${network} | ${a.time.toFixed(1)} | ${b.time.toFixed(1)} | ${difference("first")} | ${difference("tenth")} |`;
      }), "",
      "The same result composed of TensorFlow's operators, and by our kernels with tensors copied to their memory and back, ms. The engine takes the faster way, and our kernels where TensorFlow has no exact one:", "",
      "| work | TensorFlow | copied | taken |", "|---|---|---|---|",
      ...lent.map(({ work, tensorflow, copied, taken }) => `| ${work} | ${tensorflow.toFixed(2)} | ${copied.toFixed(2)} | ${taken} |`),
    ];
    writeSection("tfjs-node", lines);
    console.log(lines.join("\n"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
