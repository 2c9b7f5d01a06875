/** Exported graph models, loaded by the converter's own loader on the plain backend, against the runtime. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import "@tensorflow/tfjs-backend-cpu";
import { loadGraphModel } from "@tensorflow/tfjs-converter";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { exportTensorFlowJs } from "../../src/codegen/tfjs-model.js";
import type { Net } from "../../src/ir/net.js";
import { operators } from "../../src/ops/registry.js";
import { createEngine } from "../../src/runtime/create-engine.js";
import type { Engine } from "../../src/runtime/engine.js";
import type { NetWeights } from "../../src/runtime/extract.js";
import { distance, hybridNet, inputsOf, operatorCases, reference, singleNet, tokenNet, weightsOf } from "./networks.js";

let engine: Engine;
beforeAll(async () => {
  const made = await createEngine();
  if (!made.ok) throw new Error(JSON.stringify(made.diagnostics));
  engine = made.value;
});

function exported(net: Net, weights: NetWeights): ReadonlyMap<string, Uint8Array> {
  const files = exportTensorFlowJs(net, weights);
  if (!files.ok) throw new Error(JSON.stringify(files.diagnostics));
  return files.value;
}

const json = (files: ReadonlyMap<string, Uint8Array>): { readonly modelTopology: { readonly node: readonly { readonly name: string; readonly op: string }[] }; readonly signature: unknown; readonly weightsManifest: readonly { readonly paths: readonly string[]; readonly weights: readonly { readonly name: string }[] }[] } =>
  JSON.parse(new TextDecoder().decode(files.get("model.json"))) as ReturnType<typeof json>;

/** Runs the model as a web page would: files fetched by their names, outputs by the names of the signature. */
async function run(files: ReadonlyMap<string, Uint8Array>, inputs: ReturnType<typeof inputsOf>): Promise<Record<string, Float32Array>> {
  const backend = tf.getBackend();
  await tf.setBackend("cpu");
  try {
    const model = await loadGraphModel("http://model/model.json", { fetchFunc: async (path: unknown) => new Response(files.get(String(path).split("/").at(-1)!) as Uint8Array<ArrayBuffer>) });
    const tensors = Object.fromEntries(Object.entries(inputs).map(([name, { shape, values, element }]) => [name, tf.tensor(values, shape, element === "tokens" ? "int32" : "float32")]));
    const results = model.predict(tensors) as tf.NamedTensorMap;
    const named = Object.fromEntries(model.outputs.map(({ name }, index) => [name, results instanceof tf.Tensor ? results : Array.isArray(results) ? (results as tf.Tensor[])[index]! : results[name]!]));
    return Object.fromEntries(Object.entries(named).map(([name, tensor]) => [name, Float32Array.from(tensor.dataSync())]));
  } finally {
    await tf.setBackend(backend);
  }
}

describe("graph models", () => {
  it("knows a case for every operator", () => {
    const covered = new Set([...operatorCases.map(([operator]) => operator), "embed"]);
    expect([...operators.keys()].filter((name) => !covered.has(name))).toEqual([]);
  });

  it.each(operatorCases.map(([operator, shapes, attributes], index) => [`${operator} ${JSON.stringify(attributes)}`, operator, shapes, attributes, index] as const))("computes %s as the runtime does", async (_, operator, shapes, attributes, index) => {
    const net = singleNet(operator, shapes, attributes);
    const weights = weightsOf(engine, net, index);
    const inputs = inputsOf(net, index);
    const expected = reference(engine, net, weights, inputs);
    const results = Object.values(await run(exported(net, weights), inputs));
    expect(distance(results[0]!, expected.y!)).toBeLessThan(2e-5);
  });

  it.each([1, 2, 3, 4, 5, 6])("computes a hybrid network (%i) with two named outputs", async (seed) => {
    const net = hybridNet(seed);
    const sharing = seed % 2 === 0 ? "separate" : "slice";
    const weights = weightsOf(engine, net, seed, sharing);
    const inputs = inputsOf(net, seed);
    const files = exported(net, weights);
    const expected = reference(engine, net, weights, inputs);
    const results = await run(files, inputs);
    expect(Object.keys(json(files).signature as object)).toEqual(["inputs", "outputs"]);
    for (const name of ["classes", "features"]) expect(distance(results[name] ?? results[`output/${name}`] ?? [], expected[name]!)).toBeLessThan(1e-4);
  });

  it("takes token indices as int32", async () => {
    const net = tokenNet();
    const weights = weightsOf(engine, net, 3);
    const inputs = inputsOf(net, 3);
    const results = Object.values(await run(exported(net, weights), inputs));
    expect(distance(results[0]!, reference(engine, net, weights, inputs).meaning!)).toBeLessThan(1e-5);
  });

  it("names each tensor once and writes equal bytes for equal input", () => {
    const net = hybridNet(2);
    const weights = weightsOf(engine, net, 2);
    const [first, second] = [exported(net, weights), exported(net, weights)];
    expect([...first.values()].map((bytes) => Buffer.from(bytes).toString("base64"))).toEqual([...second.values()].map((bytes) => Buffer.from(bytes).toString("base64")));
    const names = json(first).modelTopology.node.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it("stores shift weights as powers of two and computes nothing of them in the model", () => {
    const net = singleNet("shift", [[5, 5, 2]], { channels: 3, fixed_point: false });
    const files = exported(net, weightsOf(engine, net, 1));
    const { modelTopology, weightsManifest } = json(files);
    expect(modelTopology.node.map(({ op }) => op).filter((op) => op === "Round" || op === "Log")).toEqual([]);
    const filter = modelTopology.node.filter(({ op }) => op === "Const").map(({ name }) => name);
    expect(filter.length).toBe(weightsManifest[0]!.weights.length);
    const values = new Float32Array(files.get(weightsManifest[0]!.paths[0]!)!.slice().buffer).filter((value) => Math.abs(value) > 1e-30);
    expect(values.length).toBeGreaterThan(30);
    expect([...values].filter((value) => !Number.isInteger(Math.log2(Math.abs(value))))).toEqual([]);
  });

  it("refuses weights of another network and weights that are not finite", () => {
    const net = singleNet("dense", [[4]], { channels: 3 });
    const weights = weightsOf(engine, net, 1);
    const codes = (given: NetWeights): readonly string[] => { const result = exportTensorFlowJs(net, given); return result.ok ? [] : result.diagnostics.map(({ code }) => code); };
    expect(codes({ ...weights, tensors: new Map() })).toEqual(["NAS8001"]);
    expect(codes({ ...weights, tensors: new Map([...weights.tensors].map(([key, tensor]) => [key, { ...tensor, shape: [1, ...tensor.shape] }])) })).toEqual(["NAS8001"]);
    expect(codes({ ...weights, tensors: new Map([...weights.tensors].map(([key, tensor]) => [key, { ...tensor, values: tensor.values.map(() => NaN) }])) })).toEqual(["NAS8002"]);
  });

  it("runs on the WebAssembly backend in a process that knows nothing of nasc", () => {
    const nets = [...operatorCases.map(([operator, shapes, attributes]) => singleNet(operator, shapes, attributes)), hybridNet(2), hybridNet(4), tokenNet()];
    const folder = mkdtempSync(join(tmpdir(), "nasc-model-"));
    try {
      const expected = nets.map((net, index) => {
        const place = join(folder, String(index));
        mkdirSync(place);
        const weights = weightsOf(engine, net, index);
        const inputs = inputsOf(net, index);
        for (const [name, bytes] of exported(net, weights)) writeFileSync(join(place, name), bytes);
        writeFileSync(join(place, "inputs.json"), JSON.stringify(Object.fromEntries(Object.entries(inputs).map(([name, { shape, values, element }]) => [name, { shape, values: [...values], element }]))));
        return reference(engine, net, weights, inputs);
      });
      const printed = execFileSync(process.execPath, [fileURLToPath(new URL("./load-models.mjs", import.meta.url)), ...nets.map((_, index) => join(folder, String(index)))], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
      const results = JSON.parse(printed.trim().split("\n").at(-1)!) as readonly Record<string, number[]>[];
      const wrong = nets.filter((_, index) => Object.entries(expected[index]!).some(([name, values]) => !(distance(results[index]![name] ?? [], values) < 1e-4)));
      expect(wrong.map(({ name }) => name)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
