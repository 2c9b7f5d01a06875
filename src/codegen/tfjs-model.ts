/**
 * Writes a network with its weights as a TensorFlow.js graph model: `model.json` and weight shards that `loadGraphModel` of the
 * TensorFlow.js converter loads without nasc. Only standard TensorFlow operations; the batch is free.
 */
import { failure, success, type Result } from "../diagnostics/model.js";
import type { Net } from "../ir/net.js";
import type { NetWeights } from "../runtime/extract.js";
import { weightProblems } from "./fitting-weights.js";
import { foldConstants } from "./fold-constants.js";
import { GraphBuilder, dimensions, type ConstantTensor, type DataType } from "./graph-def.js";
import { lowerTrace } from "./lower-trace.js";
import { traceNet } from "./trace-net.js";
import type { Trace } from "./trace.js";

/** Browsers cache files of this size; the converter of TensorFlow.js cuts at the same place. */
const SHARD_BYTES = 4 * 1024 * 1024;

function signatureOf(trace: Trace, names: readonly string[]): unknown {
  const entry = (node: number, name: string, dtype: DataType): unknown => ({ name: `${name}:0`, dtype, tensorShape: dimensions(trace.nodes[node]!.shape) });
  return {
    inputs: Object.fromEntries(trace.inputs.map(({ name, node }) => {
      const { operation } = trace.nodes[node]!;
      return [name, entry(node, names[node]!, operation.kind === "input" && operation.element === "tokens" ? "DT_INT32" : "DT_FLOAT")];
    })),
    outputs: Object.fromEntries(trace.outputs.map(({ name, node }, index) => [name, entry(node, names[trace.nodes.length + index]!, "DT_FLOAT")])),
  };
}

/** All constants one after the other, little-endian, in shards. */
function shardsOf(constants: readonly ConstantTensor[]): readonly Uint8Array[] {
  const bytes = new Uint8Array(constants.reduce((sum, { values }) => sum + values.byteLength, 0));
  let at = 0;
  for (const { values } of constants) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return Array.from({ length: Math.max(1, Math.ceil(bytes.length / SHARD_BYTES)) }, (_, index) => bytes.subarray(index * SHARD_BYTES, (index + 1) * SHARD_BYTES));
}

/**
 * The files of the model by name. Inputs are [-1, height, width, channels] under their names in the space, outputs likewise.
 * Fails where the weights belong to another network (NAS8001) or hold values that are not finite (NAS8002).
 */
export function exportTensorFlowJs(net: Net, weights: NetWeights): Result<ReadonlyMap<string, Uint8Array>> {
  const trace = traceNet(net, { sharing: weights.sharing });
  const problems = weightProblems(trace, weights);
  if (problems.length > 0) return failure(...problems);
  const graph = new GraphBuilder();
  const images = lowerTrace(trace, foldConstants(trace, weights.tensors), graph);
  const outputs = trace.outputs.map(({ name, node }) => graph.add("Identity", `output/${name}`, [images[node]!.name]));
  const shards = shardsOf(graph.constants);
  const files = shards.map((bytes, index) => [`group1-shard${index + 1}of${shards.length}.bin`, bytes] as const);
  const model = {
    format: "graph-model",
    generatedBy: "nasc",
    convertedBy: "nasc",
    userDefinedMetadata: { network: net.name },
    signature: signatureOf(trace, [...images.map(({ name }) => name), ...outputs]),
    modelTopology: { node: graph.nodes, library: {}, versions: { producer: 1882, minConsumer: 12 } },
    weightsManifest: [{
      paths: files.map(([name]) => name),
      weights: graph.constants.map(({ name, shape, values }) => ({ name, shape, dtype: values instanceof Int32Array ? "int32" : "float32" })),
    }],
  };
  return success(new Map([["model.json", new TextEncoder().encode(`${JSON.stringify(model)}\n`)], ...files]));
}
