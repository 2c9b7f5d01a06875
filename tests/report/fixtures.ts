/** A made-up search over a small hybrid space, with a real network and its real costs. */
import { createCostModel, type NetCost } from "../../src/hw/cost-model.js";
import type { Net } from "../../src/ir/net.js";
import type { Accelerator } from "../../src/ir/plan.js";
import { randomStream } from "../../src/random/stream.js";
import { operatorMix } from "../../src/report/collect.js";
import type { ReportInput, TrainingPoint } from "../../src/report/input.js";
import type { ParetoDocument } from "../../src/search/pareto.js";
import type { StudyTrial } from "../../src/search/study.js";
import { NetBuilder } from "../codegen/networks.js";

export const edge: Accelerator = {
  name: "Edge", technology: 45, clock: 250e6,
  memories: [{ name: "dram", width: 64 }, { name: "buffer", size: 108 * 1024, width: 64 }],
  chunks: [
    { name: "mac", array: [12, 14], runs: ["conv", "dense", "attention"], dataflow: ["row_stationary"], precision: "int8" },
    { name: "shift", array: [8, 16], runs: ["shift"], dataflow: ["weight_stationary"], precision: "int8" },
    { name: "adder", array: [8, 16], runs: ["add"], dataflow: ["output_stationary"], precision: "int8" },
  ],
};

/** The chosen network: every family of arithmetic once, residual edges, a branch that skips. */
export function chosenNet(): Net {
  const builder = new NetBuilder("Hybrid28");
  const normal = (node: number, path: string): number => builder.call("batch_norm", [node], {}, `${path}/batch_norm`);
  const relu = (node: number, path: string): number => builder.call("relu", [node], {}, path);
  let x = relu(normal(builder.call("conv", [builder.input("image", [28, 28, 1])], { channels: 24, stride: 2 }, "stem/conv"), "stem"), "stem/relu");
  const kinds = [["conv", { channels: 24, kernel: 5 }], ["shift", { channels: 24 }], ["add", { channels: 24 }], ["attention", { heads: 4, kind: "axial" }], ["shift", { channels: 24, kernel: 5 }]] as const;
  kinds.forEach(([kind, attributes], index) => {
    const path = `mix[${index + 1}].${kind}`;
    const branch = normal(builder.call(kind, [x], attributes, `${path}/${kind}`), path);
    x = relu(builder.call("plus", [x, branch], {}, `x[${index + 1}]/plus`), `x[${index + 1}]/relu`);
  });
  return builder.build({ classes: builder.call("dense", [builder.call("global_pool", [x], {}, "global_pool")], { channels: 10 }, "dense") });
}

export function chosenCost(net: Net): NetCost {
  return createCostModel(edge).netCost(net);
}

export function trialsOf(count: number, perGeneration: number): StudyTrial[] {
  const random = randomStream(11, "made-up trials");
  return Array.from({ length: count }, (_, number): StudyTrial => {
    const generation = Math.floor(number / perGeneration);
    const size = 0.15 + random.uniform() * (1 - 0.02 * generation);
    const energy = 4e-7 + 2.4e-6 * size ** 1.8;
    const accuracy = Math.min(0.94, 0.62 + 0.25 * size ** 0.45 + 0.012 * Math.log1p(generation) + 0.03 * random.normal());
    return {
      number, generation, architecture: [number], labels: { width: String(16 + 8 * random.integer(3)), depth: String(2 + random.integer(5)), "mix[1]": ["conv", "shift", "add"][random.integer(3)]! },
      hash: (0x1a2b3c00 + number * 79190311).toString(16).padEnd(16, "0"), seed: 1, codeVersion: "0.1.0", state: number === 17 ? "failed" : "complete",
      accuracy: number === 17 ? undefined : accuracy, loss: number === 17 ? undefined : 1 - accuracy, costs: { energy, latency: energy * 180, params: Math.round(9e4 * size), macs: Math.round(8e6 * size) },
      predicted: generation === 0 ? undefined : accuracy, started: 0, finished: 1000, attempt: 1, error: number === 17 ? "the loss is not a number" : undefined,
    };
  });
}

export function curveOf(points: number): TrainingPoint[] {
  const random = randomStream(3, "made-up curve");
  return Array.from({ length: points }, (_, index) => ({
    step: (index + 1) * 50, epoch: ((index + 1) * 50) / 390, rate: 0.1,
    loss: 0.55 + 1.75 * Math.exp(-index / 9) + 0.02 * random.normal(), accuracy: 0.86 - 0.7 * Math.exp(-index / 8) + 0.008 * random.normal(),
  }));
}

function front(trials: readonly StudyTrial[]): StudyTrial[] {
  const able = trials.filter((trial) => trial.accuracy !== undefined && trial.costs.energy! <= 2.2e-6);
  return able.filter((a) => !able.some((b) => b !== a && b.accuracy! >= a.accuracy! && b.costs.energy! <= a.costs.energy!)).sort((a, b) => b.accuracy! - a.accuracy!);
}

export function documentOf(trials: readonly StudyTrial[]): ParetoDocument {
  const members = front(trials);
  return {
    schema: "nasc/1", kind: "pareto", search: "Main", space: "Hybrid28", accelerator: "Edge",
    identity: { space: "9c0ffee112233445", plan: "aabbccddeeff0011", data: "1234567890abcdef", seed: 1 },
    versions: { nasc: "0.1.0", node: "v20.0.0", engine: "tfjs-wasm 4.22.0 + AssemblyScript SIMD kernels, 1 thread" },
    units: {}, objectives: [{ metric: "accuracy", direction: "maximize" }, { metric: "energy", direction: "minimize" }],
    budgets: [{ metric: "energy", relation: "<=", bound: 2.2e-6, text: "energy <= 2.2uJ" }],
    counts: { trials: trials.length, failed: 1, feasible: trials.filter((trial) => trial.costs.energy! <= 2.2e-6).length },
    members: members.map((trial) => ({ hash: trial.hash, trial: trial.number, architecture: trial.architecture, labels: trial.labels, accuracy: trial.accuracy!, loss: trial.loss!, costs: trial.costs, network: "", weights: "" })),
    best: members[0]?.hash ?? null,
    ranker: Array.from({ length: 9 }, (_, index) => ({ generation: index + 1, tau: 0.35 + 0.05 * index, low: 0.1 + 0.05 * index, high: 0.58 + 0.04 * index, count: 20 })),
  };
}

export function wholeInput(): ReportInput {
  const trials = trialsOf(200, 20);
  const document = documentOf(trials);
  const net = chosenNet();
  return {
    document, trials, curve: curveOf(46), spaceSize: 12_345_678_901n, convention: createCostModel(edge).convention,
    chosen: { hash: document.best!, net, cost: chosenCost(net), mixes: Object.fromEntries(document.members.map(({ hash }) => [hash, operatorMix(net)])) },
    facts: [{ name: "data", value: "fashion_mnist, first 12000 examples" }],
    commands: [{ command: "nasc derive runs/Main", purpose: "train the best network on its own and judge it on the test part" }],
  };
}
