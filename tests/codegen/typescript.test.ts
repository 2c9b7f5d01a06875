/** Emitted TypeScript: it type-checks on its own, and computes what the runtime computes. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { emitTypeScript, exportTypeScript } from "../../src/codegen/typescript.js";
import type { Net } from "../../src/ir/net.js";
import { createEngine } from "../../src/runtime/create-engine.js";
import type { Engine } from "../../src/runtime/engine.js";
import type { NetWeights } from "../../src/runtime/extract.js";
import { distance, hybridNet, inputsOf, NetBuilder, operatorCases, reference, singleNet, tokenNet, weightsOf } from "./networks.js";

let engine: Engine;
beforeAll(async () => {
  const made = await createEngine();
  if (!made.ok) throw new Error(JSON.stringify(made.diagnostics));
  engine = made.value;
});

interface Emitted {
  readonly weightShapes: Readonly<Record<string, readonly number[]>>;
  weightsFrom(values: Float32Array): Readonly<Record<string, tf.Tensor>>;
  network(inputs: Readonly<Record<string, tf.Tensor>>, weights: Readonly<Record<string, tf.Tensor>>): Readonly<Record<string, tf.Tensor>>;
}

/** Transpiles a module and evaluates it with TensorFlow.js as its only import. */
function evaluate(source: string): Emitted {
  const { outputText } = ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const exports = {} as Emitted;
  const require = (name: string): unknown => { if (name !== "@tensorflow/tfjs-core") throw new Error(`the module imports ${name}`); return tf; };
  new Function("exports", "require", outputText)(exports, require);
  return exports;
}

async function run(net: Net, weights: NetWeights, inputs: ReturnType<typeof inputsOf>): Promise<Record<string, Float32Array>> {
  const backend = tf.getBackend();
  await tf.setBackend("cpu");
  try {
    const module = evaluate(emitTypeScript(net, { sharing: weights.sharing }));
    expect(Object.keys(module.weightShapes).sort()).toEqual([...weights.tensors.keys()].sort());
    const loaded = Object.fromEntries([...weights.tensors].map(([key, { values, shape }]) => [key, tf.tensor(values, [...shape], "float32")]));
    const given = Object.fromEntries(Object.entries(inputs).map(([name, { shape, values, element }]) => [name, tf.tensor(values, shape, element === "tokens" ? "int32" : "float32")]));
    const before = tf.memory().numTensors;
    const outputs = module.network(given, loaded);
    expect(tf.memory().numTensors - before).toBe(Object.keys(outputs).length);
    return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, Float32Array.from(tensor.dataSync())]));
  } finally {
    await tf.setBackend(backend);
  }
}

/** What the compiler says of modules under strict settings. */
function complaints(sources: Readonly<Record<string, string>>): readonly string[] {
  const folder = resolve("node_modules/.cache/nasc-emitted");
  mkdirSync(folder, { recursive: true });
  try {
    const files = Object.entries(sources).map(([name, text]) => { const path = resolve(folder, `${name}.ts`); writeFileSync(path, text); return path; });
    const program = ts.createProgram(files, { strict: true, noUncheckedIndexedAccess: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, types: [] });
    return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => `${file === undefined ? "" : `${file.fileName.split("/").at(-1)} ${file.text.slice(start, (start ?? 0) + 80)}: `}${ts.flattenDiagnosticMessageText(messageText, " ")}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("emitted TypeScript", () => {
  it.each(operatorCases.map(([operator, shapes, attributes], index) => [`${operator} ${JSON.stringify(attributes)}`, operator, shapes, attributes, index] as const))("computes %s as the runtime does", async (_, operator, shapes, attributes, index) => {
    const net = singleNet(operator, shapes, attributes);
    const weights = weightsOf(engine, net, index);
    const inputs = inputsOf(net, index);
    expect(distance((await run(net, weights, inputs)).y!, reference(engine, net, weights, inputs).y!)).toBeLessThan(2e-5);
  });

  it.each([1, 2, 3, 4, 5, 6])("computes a hybrid network (%i)", async (seed) => {
    const net = hybridNet(seed);
    const weights = weightsOf(engine, net, seed, seed % 2 === 0 ? "separate" : "slice");
    const inputs = inputsOf(net, seed);
    const results = await run(net, weights, inputs);
    const expected = reference(engine, net, weights, inputs);
    for (const name of ["classes", "features"]) expect(distance(results[name]!, expected[name]!)).toBeLessThan(1e-4);
  });

  it("looks tokens up and slices a weight that two nodes share at different sizes", async () => {
    const words = tokenNet();
    const inputs = inputsOf(words, 1);
    const weights = weightsOf(engine, words, 1);
    expect(distance((await run(words, weights, inputs)).meaning!, reference(engine, words, weights, inputs).meaning!)).toBeLessThan(2e-5);
    const builder = new NetBuilder("shared");
    const x = builder.input("image", [5, 5, 2]);
    const wide = builder.call("conv", [x], { channels: 4, kernel: 5 }, "wide", "filters");
    const narrow = builder.call("conv", [x], { channels: 2, kernel: 3 }, "narrow", "filters");
    const shared = builder.build({ both: builder.call("concat", [wide, narrow]) });
    const sharedWeights = weightsOf(engine, shared, 2);
    const image = inputsOf(shared, 2);
    expect([...sharedWeights.tensors.keys()]).toHaveLength(1);
    expect(distance((await run(shared, sharedWeights, image)).both!, reference(engine, shared, sharedWeights, image).both!)).toBeLessThan(2e-5);
  });

  it("comes with its weights in one file that it reads itself", async () => {
    const net = hybridNet(3);
    const weights = weightsOf(engine, net, 3);
    const files = exportTypeScript(net, weights);
    if (!files.ok) throw new Error(JSON.stringify(files.diagnostics));
    const module = evaluate(new TextDecoder().decode(files.value.get("network.ts")));
    const numbers = new Float32Array(files.value.get("weights.bin")!.slice().buffer);
    const loaded = module.weightsFrom(numbers);
    expect(Object.keys(loaded).sort()).toEqual([...weights.tensors.keys()].sort());
    for (const [key, tensor] of Object.entries(loaded)) {
      expect(tensor.shape).toEqual(weights.tensors.get(key)!.shape);
      expect(distance(await tensor.data(), weights.tensors.get(key)!.values)).toBe(0);
    }
    expect(() => module.weightsFrom(numbers.subarray(1))).toThrow("the weights end");
    expect(exportTypeScript(net, { ...weights, tensors: new Map() })).toMatchObject({ ok: false, diagnostics: [{ code: "NAS8001" }] });
  });

  it("passes the strict compiler without nasc", () => {
    const single = Object.fromEntries(operatorCases.map(([operator, shapes, attributes], index) => [`operator-${index}`, emitTypeScript(singleNet(operator, shapes, attributes))]));
    const hybrid = Object.fromEntries([1, 2, 3, 4, 5, 6].map((seed) => [`hybrid-${seed}`, emitTypeScript(hybridNet(seed))]));
    expect(complaints({ ...single, ...hybrid, words: emitTypeScript(tokenNet()) })).toEqual([]);
  });

  it("reads like code a person would write", async () => {
    const builder = new NetBuilder("small");
    const image = builder.input("image", [8, 8, 3]);
    const stem = builder.call("relu", [builder.call("batch_norm", [builder.call("conv", [image], { channels: 4, stride: 2 }, "stem/conv")], {}, "stem/batch_norm")], {}, "stem/relu");
    const mixed = builder.call("plus", [stem, builder.call("shift", [stem], { channels: 4, fixed_point: false }, "mix[1].shift/shift")], {}, "mix[1]/plus");
    const added = builder.call("add", [mixed], { channels: 4 }, "mix[2].add/add");
    const net = builder.build({ classes: builder.call("dense", [builder.call("global_pool", [added], {}, "global_pool")], { channels: 10 }, "dense") });
    await expect(emitTypeScript(net)).toMatchFileSnapshot("./golden/small.ts.txt");
  });
});
