// One engine of ours behind standard input and output: a line {network, steps} is answered with the milliseconds of each training step.
// usage: node nasc-peer.mjs strict|relaxed|native|node THREADS (strict and relaxed: AssemblyScript; node: TensorFlow through tfjs-node)
import { createInterface } from "node:readline";
import { createEngine } from "../../dist/runtime/create-engine.js";
import { value } from "../measuring.mjs";
import { networks } from "./networks.mjs";

const [, , kind, threads] = process.argv;
const engine = value(await (kind === "node" ? createEngine("node", { threads: Number(threads) }) : createEngine("wasm", kind === "strict" ? { deterministic: true } : { provider: kind === "relaxed" ? "assembly" : kind, threads: Number(threads) })));
const built = new Map();

function networkNamed(name) {
  if (!built.has(name)) {
    const { parameters, loss, update = true } = networks[name](engine);
    const velocities = parameters.map((tensor) => engine.upload(new Float32Array(tensor.size), tensor.shape));
    built.set(name, () => engine.scope(() => {
      const { loss: value, gradients } = engine.gradients(parameters, loss);
      if (update) parameters.forEach((tensor, i) => engine.updateSgd(tensor, gradients[i], velocities[i], 0.05, 0.9, 0));
      return engine.download(value)[0];
    }));
  }
  return built.get(name);
}

console.log(JSON.stringify({ description: engine.report.description, reasons: engine.report.reasons }));
for await (const line of createInterface({ input: process.stdin })) {
  const { network, steps } = JSON.parse(line);
  const step = networkNamed(network);
  const times = [];
  const cpu = process.cpuUsage();
  let loss = 0;
  for (let i = 0; i < steps; i++) {
    const started = performance.now();
    loss = step();
    times.push(performance.now() - started);
  }
  const { user, system } = process.cpuUsage(cpu);
  console.log(JSON.stringify({ times, loss, cpu: (user + system) / 1000 / steps }));
}
