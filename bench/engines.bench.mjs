// How fast do engines train? Whole training steps of the same networks on ours and on PyTorch (`bench/setup-python.sh` installs it),
// interleaved: round by round every engine does a few steps of every network, so that what else the machine does hits all alike.
import { spawn } from "node:child_process";
import { availableParallelism, loadavg } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { tfjsNodeIsThere } from "../dist/runtime/tfjs-node/load.js";
import { median } from "./measuring.mjs";
import { networks } from "./peers/networks.mjs";
import { circumstances, writeSection } from "./results.mjs";

const place = (name) => fileURLToPath(new URL(`peers/${name}`, import.meta.url));
const names = { native: "C++", strict: "AssemblyScript", relaxed: "AssemblyScript relaxed", node: "tfjs-node" };
/** Node 20 has relaxed SIMD behind a flag, which later releases no longer know. */
const flags = (provider) => (provider === "relaxed" && process.versions.node.startsWith("20.") ? ["--experimental-wasm-relaxed-simd"] : []);
const ours = (provider, threads) => ({ name: `${names[provider]} x${threads}`, command: process.execPath, args: [...flags(provider), place("nasc-peer.mjs"), provider, String(threads)] });
const torch = (threads) => ({ name: `PyTorch x${threads}`, command: process.env.PYTHON ?? "/usr/bin/python3", args: [place("torch_peer.py"), String(threads)], env: { OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) } });
const engines = [ours("strict", 1), ours("relaxed", 1), ours("native", 1), ours("native", 2), ...(tfjsNodeIsThere() ? [ours("node", 1), ours("node", 2)] : []), torch(1), torch(2)];
/** Steps in a turn, by how long they take; the first round warms up and does not count. */
const ROUNDS = Number(process.env.ROUNDS ?? 6);
const MILLISECONDS = 250;
/** Only these networks: a list separated by commas. */
const ONLY = (process.env.NETWORKS ?? "").split(",").filter((name) => name !== "");

/** A process that answers one line per request, or the reason why there is none. */
async function start({ name, command, args, env = {} }) {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...env } });
  let said = "";
  child.stderr.on("data", (text) => { said += text; });
  child.on("error", (error) => { said += error.message; });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${name} ended: ${said.trim().split("\n").at(-1)}`);
    return JSON.parse(value);
  };
  const { description, reasons } = await answer();
  return { name, description, reasons, ask(request) { child.stdin.write(`${JSON.stringify(request)}\n`); return answer(); }, end() { child.stdin.end(); child.kill(); } };
}

export async function run() {
  const remarks = tfjsNodeIsThere() ? [] : ["tfjs-node is missing: `node scripts/verify-tfjs-node.mjs` builds it and says how NASC_TFJS_NODE names it."];
  const peers = [];
  for (const engine of engines) {
    try { peers.push(await start(engine)); } catch (error) { remarks.push(`${engine.name} is missing: ${error.message}`); }
  }
  const loads = [];
  const measured = new Map(Object.keys(networks).filter((network) => ONLY.length === 0 || ONLY.includes(network)).map((network) => [network, new Map(peers.map(({ name }) => [name, { times: [], cpu: [] }]))]));
  try {
    for (const [network, results] of measured) {
      const steps = new Map();
      for (let round = 0; round <= ROUNDS; round++) {
        for (const peer of peers) {
          const { times, cpu } = await peer.ask({ network, steps: steps.get(peer.name) ?? 2 });
          if (round === 0) { steps.set(peer.name, Math.max(1, Math.min(8, Math.round(MILLISECONDS / Math.min(...times))))); continue; }
          results.get(peer.name).times.push(...times);
          results.get(peer.name).cpu.push(cpu);
        }
        loads.push(loadavg()[0]);
      }
      console.error(`${network}: ${[...results].map(([name, { times }]) => `${name} ${median(times).toFixed(1)}`).join(", ")}`);
    }
  } finally {
    for (const peer of peers) peer.end();
  }
  const header = peers.map(({ name }) => name);
  // On an oversubscribed machine threads that wait for each other collapse, PyTorch's most of all: times against them would flatter us.
  const quiet = Math.max(...loads) <= availableParallelism() + 1;
  // Even on a quiet machine a round can collapse: the minima are then the fair comparison.
  const uneven = [...measured].flatMap(([network, results]) => [...results].filter(([, { times }]) => times.length > 0 && median(times) > 1.4 * Math.min(...times)).map(([name]) => `${name} on ${network}`));
  const table = (title, figure, reference) => [
    `| ${title} | ${header.join(" | ")} |`, `|---|${header.map(() => "---").join("|")}|`,
    ...[...measured].map(([network, results]) => {
      const base = reference === undefined ? undefined : results.get(reference);
      return `| ${network} | ${header.map((name) => { const value = figure(results.get(name)); return base !== undefined ? `${value.toFixed(1)} (${(value / figure(base)).toFixed(2)})` : value.toFixed(1); }).join(" | ")} |`;
    }),
  ];
  const lines = [
    circumstances(), "",
    `Engines: ${peers.map(({ name, description }) => `${name} = ${description}`).join("; ")}.`,
    ...[...remarks, ...peers.flatMap(({ name, reasons }) => reasons.map((reason) => `${name}: ${reason}`))].map((remark) => `\n${remark}`), "",
    `Milliseconds of a training step (in brackets: ratio of times to PyTorch x2, of processor times to PyTorch x1), ${ROUNDS} interleaved rounds. Load average during the run: ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}.${quiet ? "" : " The machine was busy with other work: times say little, PyTorch x2 nothing (its threads wait for each other), and no ratio of times is given. Processor time with one thread is the figure to go by."}`, "",
    ...(uneven.length === 0 ? [] : [`Uneven rounds, where the minima are the fair comparison: ${uneven.join(", ")}.`, ""]),
    ...table("median", ({ times }) => median(times), quiet ? "PyTorch x2" : undefined), "",
    ...table("minimum", ({ times }) => Math.min(...times), quiet ? "PyTorch x2" : undefined), "",
    ...table("processor time of all threads, median", ({ cpu }) => median(cpu), "PyTorch x1"), "",
    "CNN A and B: four 3x3 convolutions of 32 channels with batch norm on 28x28, batch 64, strides 1,2,1,2 and 1. ViT: 50 tokens, width 128, 4 heads, depth 4, batch 64. MobileNetV2-like: six inverted bottlenecks on 32x32, batch 64. Adder layer: 3x3, 64 to 64 channels, 16x16, batch 32, forward and backward. Adder network: three adder layers. PyTorch computes adder layers as unfold and cdist.",
  ];
  writeSection("engines", lines);
  console.log(lines.join("\n"));
}
