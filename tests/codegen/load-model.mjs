/** Loads an exported folder with TensorFlow.js alone and prints its outputs for the inputs on stdin, as JSON. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import "@tensorflow/tfjs-backend-wasm";
import { loadGraphModel } from "@tensorflow/tfjs-converter";
import * as tf from "@tensorflow/tfjs-core";

await tf.setBackend("wasm");
const folder = process.argv[2];
const model = await loadGraphModel("http://model/model.json", { fetchFunc: async (path) => new Response(readFileSync(join(folder, String(path).split("/").at(-1)))) });
const inputs = JSON.parse(readFileSync(0, "utf8"));
const outputs = Object.keys(model.modelSignature.outputs);
const tensors = Object.fromEntries(Object.entries(inputs).map(([name, { shape, values }]) => [name, tf.tensor(values, shape, "float32")]));
const results = model.execute(tensors, outputs.map((name) => model.modelSignature.outputs[name].name));
console.log(JSON.stringify(Object.fromEntries(outputs.map((name, index) => [name, [...[results].flat()[index].dataSync()]]))));
