// How fast are costs? Mappings priced per second of processor time (every mapping of a layer, nothing skipped), the whole of ResNet-18
// mapped with proof, and architectures priced per second from the cost tables of a space like Single Path One-Shot's (20 choices of 4);
// beside them ZigZag's mapper and a table look-up in Python, in the same run. `bench/setup-python.sh` installs ZigZag; another
// installation of it is named by ZIGZAG_PYTHON.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createCostModel } from "../dist/hw/cost-model.js";
import { createNestMapper } from "../dist/hw/nest-mapper.js";
import { physical } from "../dist/hw/mapping/conventions.js";
import { problemOf } from "../dist/hw/mapping/problem.js";
import { searchMapping } from "../dist/hw/mapping/search.js";
import { spaceCosts } from "../dist/hw/space-costs.js";
import { checkProgram } from "../dist/ir/check.js";
import { importedFile } from "../dist/ir/import-paths.js";
import { convolutionNest } from "../dist/ops/nests.js";
import { randomStream } from "../dist/random/stream.js";
import { circumstances, writeSection } from "./results.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const SECONDS = 4;
const LAYERS = 20;
const OPTIONS = 4;
const DRAWS = 10_000;

/** Seconds of processor time, which other programs do not lengthen. */
const processorTime = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6; };

function programOf(text) {
  const readImport = (path, importer) => { const file = importedFile(path, importer); return file?.startsWith("std/") && existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8") : undefined; };
  const { program, diagnostics } = checkProgram({ source: { file: "bench.nas", text }, readImport, constants: new Map() });
  if (program === undefined) throw new Error(diagnostics.map(({ title }) => title).join("; "));
  return [...program.searches.values()][0];
}

const onEyeriss = (body) => programOf(`import { eyeriss168 } from "std/accelerators"\nspace S { ${body} }\nsearch M { space S on eyeriss168  minimize energy }`);

const convolution = (filters, channels, size, kernel, stride = 1) => convolutionNest("multiply_accumulate", {
  input: [size * stride, size * stride, channels], output: [size, size, filters], kernel: [kernel, kernel], window: { strides: [stride, stride], padding: "same", dilation: [1, 1] }, groups: 1,
});

/** ResNet-18's layers for 224 x 224: filters, channels, output size, kernel, stride. */
const RESNET18 = [
  [64, 3, 112, 7, 2], [64, 64, 56, 3], [128, 64, 28, 3, 2], [128, 128, 28, 3], [128, 64, 28, 1, 2], [256, 128, 14, 3, 2], [256, 256, 14, 3], [256, 128, 14, 1, 2],
  [512, 256, 7, 3, 2], [512, 512, 7, 3], [512, 256, 7, 1, 2], [1000, 512, 1, 1],
];

function resnet18() {
  const { accelerator } = onEyeriss("input x: f32[4]  output y = x -> dense(2)");
  const start = processorTime();
  const mapper = createNestMapper(accelerator, accelerator.mapper);
  const mapped = RESNET18.map((layer) => mapper.map(convolution(...layer), accelerator.chunks[0], 1e-12));
  return { seconds: processorTime() - start, proven: mapped.filter(({ result }) => result.proven).length, looked: mapped.reduce((sum, { result }) => sum + result.looked, 0) };
}

/** Every mapping of a layer on three levels and an array, priced one after the other until the time is over. */
function mappingsPerSecond() {
  const { accelerator } = onEyeriss("input x: f32[4]  output y = x -> dense(2)");
  const { target } = createNestMapper(accelerator, accelerator.mapper).map(convolution(16, 16, 8, 3), accelerator.chunks[0], 1e-12);
  const problem = problemOf(convolution(64, 32, 28, 3));
  const keep = target.memories.map(({ holds }) => ["W", "I", "O"].filter((name) => holds === undefined || holds.includes({ W: "weights", I: "inputs", O: "outputs" }[name])));
  const rows = [];
  for (const objective of ["energy", "energy_delay"]) {
    const options = { conventions: physical, objective, keep, stages: target.stages, factors: "perfect", leastUse: 1, prune: false };
    searchMapping(problem, target.hardware, { ...options, effort: 200_000 });
    const start = processorTime();
    let mappings = 0;
    while (processorTime() - start < SECONDS) mappings += searchMapping(problem, target.hardware, { ...options, effort: 20_000_000 }).looked;
    rows.push({ objective, perSecond: mappings / (processorTime() - start) });
  }
  return rows;
}

function singlePathPlan() {
  const blocks = Array.from({ length: LAYERS }, (_, layer) => `x = x -> choose b${layer} { a: conv(8, kernel = 3)  b: conv(8, kernel = 5)  c: depthwise(kernel = 3)  d: shift(8, kernel = 3) }`);
  return programOf(`space S { input image: f32[16, 16, 8]\n x = image\n ${blocks.join("\n ")}\n output y = x -> global_pool -> dense(10) }\nsearch M { space S  minimize energy }`);
}

function architecturesPerSecond() {
  const plan = singlePathPlan();
  const costs = spaceCosts(plan.space, createCostModel(plan.accelerator));
  const random = randomStream(0, "bench");
  const count = 4096;
  const genes = Uint8Array.from({ length: count * LAYERS }, () => random.integer(OPTIONS));
  return [["macs"], ["energy", "latency"], ["energy", "latency", "params", "period"]].map((metrics) => {
    const batch = costs.batch(metrics);
    const into = new Float64Array(count * metrics.length);
    for (let warm = 0; warm < 50; warm++) batch.evaluate(genes, count, into);
    const start = processorTime();
    let architectures = 0;
    while (processorTime() - start < SECONDS / 2) { batch.evaluate(genes, count, into); architectures += count; }
    return { metrics, perSecond: architectures / (processorTime() - start) };
  });
}

/** The same space from its text to answers: tables, bounds, the count under a budget on multiply-accumulates, and uniform draws within it. */
function budgetedDraws() {
  const plan = singlePathPlan();
  const start = processorTime();
  const costs = spaceCosts(plan.space, createCostModel(plan.accelerator));
  const { minimum, maximum } = costs.bounds("macs");
  const within = costs.within([{ metric: "macs", relation: "<=", bound: minimum.value + 0.5 * (maximum.value - minimum.value) }]);
  const counted = processorTime() - start;
  const random = randomStream(1, "bench draws");
  for (let i = 0; i < DRAWS; i++) within.draw(random);
  return { counted, seconds: processorTime() - start, how: within.how, networks: within.least };
}

/** What a Python program prints as JSON, or why it does not. */
function python(interpreter, name, ...args) {
  try {
    return JSON.parse(execFileSync(interpreter ?? "/usr/bin/python3", [join(root, "bench/peers", name), ...args.map(String)], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim().split("\n").at(-1));
  } catch (error) {
    return { missing: String(error.stderr ?? error.message).trim().split("\n").at(-1) };
  }
}

const millions = (value) => (value < 1e4 ? value.toFixed(0) : `${(value / 1e6).toFixed(value < 1e6 ? 3 : 2)} M`);

export async function run() {
  const load = loadavg()[0];
  const mappings = mappingsPerSecond();
  const net = resnet18();
  const architectures = architecturesPerSecond();
  const draws = budgetedDraws();
  const lookup = python(process.env.PYTHON, "lookup_peer.py", LAYERS, OPTIONS, SECONDS / 2);
  const zigzag = python(process.env.ZIGZAG_PYTHON ?? join(root, "bench/.python/bin/python"), "zigzag_peer.py");
  const row = (what, perSecond) => `| ${what} | ${perSecond} |`;
  writeSection("costs", [
    `${circumstances()} One core, seconds of processor time; load of the machine ${load.toFixed(1)}.`, "",
    "| priced per second | |", "|---|---|",
    ...mappings.map(({ objective, perSecond }) => row(`mappings of a 3x3 convolution (32 to 64 at 28) on eyeriss168, every one, by ${objective.replace("_", " x ")}`, millions(perSecond))),
    row("mappings, ZigZag in Python (LOMA orders of the same layer on its own TPU-like array; its model also cuts tensors unevenly and counts stalls)", zigzag.missing === undefined ? `${millions(zigzag.perSecond)} (ZigZag ${zigzag.version})` : `not measured: ${zigzag.missing}`),
    ...architectures.map(({ metrics, perSecond }) => row(`architectures of a space of ${LAYERS} choices of ${OPTIONS}: ${metrics.join(", ")}`, millions(perSecond))),
    row("architectures, a dictionary per layer in Python, one cost", lookup.missing === undefined ? `${millions(lookup.perSecond)} (Python ${lookup.python})` : `not measured: ${lookup.missing}`),
    "", `ResNet-18 on eyeriss168, ${RESNET18.length} distinct layers by energy x delay: ${net.seconds.toFixed(2)} s, ${net.proven} of ${RESNET18.length} proven optimal, ${net.looked.toLocaleString("en-US")} mappings priced.`,
    "", `The space of ${LAYERS} choices of ${OPTIONS} under half its span of multiply-accumulates: tables, bounds and ${draws.how} count (${draws.networks.toLocaleString("en-US")} networks) in ${draws.counted.toFixed(2)} s, with ${DRAWS.toLocaleString("en-US")} uniform draws within the budget ${draws.seconds.toFixed(2)} s.`,
  ]);
  console.log(readFileSync(join(root, "bench/RESULTS.md"), "utf8").split("## costs")[1].split("\n## ")[0]);
}
