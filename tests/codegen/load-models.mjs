/** Loads exported folders with TensorFlow.js alone and prints what each makes of its inputs.json, as one JSON list. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import "@tensorflow/tfjs-backend-wasm";
import { loadGraphModel } from "@tensorflow/tfjs-converter";
import * as tf from "@tensorflow/tfjs-core";

async function run(folder) {
  const model = await loadGraphModel("http://model/model.json", { fetchFunc: async (path) => new Response(readFileSync(join(folder, String(path).split("/").at(-1)))) });
  const inputs = JSON.parse(readFileSync(join(folder, "inputs.json"), "utf8"));
  const tensors = Object.fromEntries(Object.entries(inputs).map(([name, { shape, values, element }]) => [name, tf.tensor(values, shape, element === "tokens" ? "int32" : "float32")]));
  const { outputs } = model.modelSignature;
  const names = Object.keys(outputs);
  const results = [model.execute(tensors, names.map((name) => outputs[name].name))].flat();
  return Object.fromEntries(names.map((name, index) => [name, [...results[index].dataSync()]]));
}

await tf.setBackend("wasm");
const all = [];
for (const folder of process.argv.slice(2)) all.push(await run(folder));
console.log(JSON.stringify(all));
