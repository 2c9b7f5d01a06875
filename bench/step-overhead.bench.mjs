// What does sharing weights cost? A single-path training step of a supernet (drawing and binding the network included) against a step of
// the same network alone, on weights of its own size: same engine, one process, in turns, so that what else the machine does hits both.
import { randomStream } from "../dist/random/stream.js";
import { Batcher } from "../dist/runtime/batches.js";
import { createEngine } from "../dist/runtime/create-engine.js";
import { stateCount } from "../dist/runtime/optimizer.js";
import { pathSampler } from "../dist/runtime/sampler.js";
import { trainStep } from "../dist/runtime/train-step.js";
import { createNetStore, createSpaceStore } from "../dist/runtime/weight-store.js";
import { median, value } from "./measuring.mjs";
import { circumstances, writeSection } from "./results.mjs";
import { samplePlan } from "./sample-plan.mjs";

/** Samples with their constants: networks of a few layers, where fixed costs weigh most, up to twenty units. */
const PROGRAMS = [["quickstart", "Main", []], ["hybrid-fashion", "Main", []], ["mobile-hybrid", "Main", []], ["04-spos", "Main", ["SIDE=32", "COLOURS=3"]]];
const ONLY = (process.env.PROGRAMS ?? "").split(",").filter((name) => name !== "");
const STEPS = Number(process.env.STEPS ?? 60);
const WARM_UP = 10;
/** Where in a training the steps are taken: networks have been drawn, bound and remembered that often. */
const BEFORE = 1000;
const RATE = 0.01;
const SEED = 1;

/** Images of noise: what a step costs does not depend on what it learns. */
function noiseFor(net, count) {
  const [height, width, channels] = net.nodes.find(({ kind }) => kind === "input").shape;
  const classes = net.nodes[net.outputs[0].node].shape[0];
  const random = randomStream(SEED, "noise images");
  const images = Uint8Array.from({ length: count * height * width * channels }, () => random.integer(256));
  const examples = { count, images, labels: Uint8Array.from({ length: count }, () => random.integer(classes)) };
  return { name: "noise", height, width, channels, classes, train: examples, validation: examples, test: examples, mean: Array(channels).fill(127), deviation: Array(channels).fill(70) };
}

function measure(engine, plan) {
  const { space, supernet } = plan;
  const shared = createSpaceStore(engine, space, SEED);
  shared.prepareState(stateCount(supernet.optimizer));
  const netAt = pathSampler(space, SEED);
  const again = pathSampler(space, SEED);
  for (let step = 0; step < BEFORE; step++) shared.uses(netAt(step));
  const data = noiseFor(netAt(0), 4 * supernet.batch);
  const batcher = new Batcher(engine, data);
  const rows = Uint32Array.from({ length: supernet.batch }, (_, row) => row);
  const timed = (store, networks, step) => {
    const started = performance.now();
    const before = process.cpuUsage();
    const { loss } = trainStep({ engine, store, netAt: networks, plan: supernet, seed: SEED }, batcher, undefined, step, rows, RATE);
    if (!Number.isFinite(loss)) throw new Error(`the loss of step ${step} is ${loss}`);
    const { user, system } = process.cpuUsage(before);
    return { time: performance.now() - started, processor: (user + system) / 1000 };
  };
  const pairs = [];
  for (let step = BEFORE; step < BEFORE + WARM_UP + STEPS; step++) {
    // The network alone was bound before, and has made its first step; its store is made anew, so that memory stays what it is.
    const net = again(step);
    const own = createNetStore(engine, net, SEED, space.sharing);
    own.prepareState(stateCount(supernet.optimizer));
    timed(own, () => net, step);
    const turns = [() => timed(shared, netAt, step), () => timed(own, () => net, step)];
    const [first, second] = step % 2 === 0 ? turns : [...turns].reverse();
    const times = [first(), second()];
    if (step % 2 === 1) times.reverse();
    own.dispose();
    if (step >= BEFORE + WARM_UP) pairs.push({ together: times[0], alone: times[1] });
  }
  shared.dispose();
  return pairs;
}

/** Medians of both, and the median of the ratios of single steps: networks differ a lot, so pairs say more than medians. */
function summary(pairs, figure) {
  const [together, alone] = [median(pairs.map((pair) => pair.together[figure])), median(pairs.map((pair) => pair.alone[figure]))];
  return `${together.toFixed(2)} | ${alone.toFixed(2)} | ${median(pairs.map((pair) => pair.together[figure] / pair.alone[figure])).toFixed(3)}`;
}

export async function run() {
  const engine = value(await createEngine("wasm", { threads: 1 }));
  const rows = [];
  for (const [name, search, constants] of PROGRAMS) {
    if (ONLY.length > 0 && !ONLY.includes(name)) continue;
    const plan = samplePlan(name, search, constants);
    const pairs = measure(engine, plan);
    rows.push(`| ${name} | ${plan.supernet.batch} | ${summary(pairs, "time")} | ${summary(pairs, "processor")} |`);
    console.error(rows.at(-1));
  }
  const lines = [
    `${circumstances()} Engine: ${engine.report.description}.`, "",
    `A single-path step of the supernet against the same network alone, ${STEPS} networks drawn as in training after ${BEFORE} steps, in turns; medians, and the median of the ratios of each pair. Where the machine is busy with other work, processor time is the figure to go by.`, "",
    "| sample | batch | supernet, ms | alone, ms | ratio | processor time: supernet | alone | ratio |", "|---|---|---|---|---|---|---|---|", ...rows,
  ];
  if (ONLY.length === 0) writeSection("step-overhead", lines);
  console.log(lines.join("\n"));
}
