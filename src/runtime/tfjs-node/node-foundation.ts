/** The foundation of the engine `node`: TensorFlow's operators through tfjs-node, and our kernels for what those lack. */
import { existsSync } from "node:fs";
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "../autograd.js";
import type { EngineName, EngineReport } from "../engine.js";
import { volume, type Heap } from "../heap.js";
import { chooseKernels, countedThreads, threadsOf, type KernelOptions } from "../kernels/choose-kernels.js";
import { kernelPrimitives } from "../kernels/kernel-primitives.js";
import { nativeFile } from "../kernels/native-pack.js";
import { plainPrimitives } from "../plain-primitives.js";
import type { Primitives } from "../primitives.js";
import { operators, type NodeBackend, type Operators } from "./backend.js";
import { lending } from "./lending.js";
import { loadTfjsNode, tfjsNodeIsThere, type TfjsNode } from "./load.js";
import { nodePrimitives } from "./node-primitives.js";

/** This engine's `EngineReport.arithmetic`: TensorFlow splits sums among its threads, so their number is part of it. */
const ARITHMETIC = /^TensorFlow \S+ on (\d+) threads? with (.*)$/;

const HELP = "`npm install @tensorflow/tfjs-node` beside nasc, or let NASC_TFJS_NODE name its folder; without `--engine` nasc trains on its own kernels";

interface NodeFoundation { readonly heap: Heap; readonly primitives: Primitives; readonly report: EngineReport }

function nodeHeap(tf: TensorFlow, backend: NodeBackend): Heap {
  return {
    allocate: (shape) => tf.zeros([...shape]),
    floats: (tensor) => backend.readSync(tensor.dataId) as Float32Array,
    integers: (tensor) => backend.readSync(tensor.dataId) as Int32Array,
    owners: (tensor) => backend.refCount(tensor.dataId),
  };
}

function isShape(given: unknown): given is readonly number[] {
  return Array.isArray(given) && given.every((size) => typeof size === "number");
}

/** The stock kernel makes the new shape a tensor at every call and frees it again: four times the cost of the operator. */
function quickenReshape(tf: TensorFlow, backend: NodeBackend, { run, integers, type }: Operators): void {
  const stock = tf.getKernel("Reshape", "tensorflow");
  const float = [type("T"), type("Tshape", true)];
  tf.unregisterKernel("Reshape", "tensorflow");
  tf.registerKernel({
    kernelName: "Reshape", backendName: "tensorflow",
    kernelFunc(call) {
      const x = call.inputs["x"] as TensorInfo;
      const asked = call.attrs?.["shape"];
      if (x.dtype !== "float32" || !isShape(asked)) return stock.kernelFunc(call);
      const shape = tf.util.inferFromImplicitShape([...asked], volume(x.shape));
      if (tf.util.arraysEqual(shape, x.shape)) {
        backend.incRef(x.dataId);
        return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
      }
      return run("Reshape", float, [x, integers(shape)]);
    },
  });
}

/** Which engine is taken where none is named: TensorFlow for a run that was begun with it, and where it is installed but C++ kernels are not. */
export function defaultEngine({ arithmetic, deterministic, provider, nativeFile: file }: KernelOptions): EngineName {
  if (deterministic === true) return "wasm";
  if (arithmetic !== undefined) return ARITHMETIC.test(arithmetic) ? "node" : "wasm";
  const kernelsAsked = provider !== undefined || process.env["NASC_KERNELS"] !== undefined;
  return !kernelsAsked && !existsSync(file ?? nativeFile()) && tfjsNodeIsThere() ? "node" : "wasm";
}

/** A run that was begun with a number of threads goes on with it, and so do its workers, so that all sums are split alike. */
export function nodeFoundation(tf: TensorFlow, options: KernelOptions): NodeFoundation | { readonly problem: string; readonly help: string } {
  if (options.deterministic === true) return { problem: "`--deterministic` asks for the same bits on every machine, and TensorFlow's depend on its build, the processor and the threads", help: "leave out `--engine` or `--deterministic`" };
  const { arithmetic, ...others } = options;
  const [, recordedThreads, kernels] = ARITHMETIC.exec(arithmetic ?? "") ?? [];
  const threads = recordedThreads === undefined ? threadsOf(options) : Number(recordedThreads);
  const loaded = loadTfjsNode(tf, threads);
  if ("problem" in loaded) return { problem: loaded.problem, help: HELP };
  const foundation = foundationOn(tf, loaded, threads, { ...others, ...(kernels === undefined ? {} : { arithmetic: kernels }) });
  return "problem" in foundation ? { ...foundation, help: HELP } : foundation;
}

function foundationOn(tf: TensorFlow, { backend, description, tensorflow }: TfjsNode, threads: number, options: KernelOptions): NodeFoundation | { readonly problem: string } {
  const ours = operators(backend);
  quickenReshape(tf, backend, ours);
  const heap = nodeHeap(tf, backend);
  const { heap: lentHeap, lent } = lending(tf, backend, heap);
  const chosen = chooseKernels(lentHeap.memory, options);
  if ("problem" in chosen) return chosen;
  const k = kernelPrimitives(lentHeap, chosen.pack, plainPrimitives(lentHeap));
  const others = {
    adder: lent(k.adder), adderInputGradient: lent(k.adderInputGradient), adderFilterGradient: lent(k.adderFilterGradient),
    depthwiseAdder: lent(k.depthwiseAdder), depthwiseAdderInputGradient: lent(k.depthwiseAdderInputGradient), depthwiseAdderFilterGradient: lent(k.depthwiseAdderFilterGradient), roundToPowerOfTwo: lent(k.roundToPowerOfTwo),
    gelu: lent(k.gelu), geluGradient: lent(k.geluGradient), layerNorm: lent(k.layerNorm), layerNormGradient: lent(k.layerNormGradient),
    convolution: lent(k.convolution), convolutionInputGradient: lent(k.convolutionInputGradient), convolutionFilterGradient: lent(k.convolutionFilterGradient),
    depthwise: lent(k.depthwise), depthwiseInputGradient: lent(k.depthwiseInputGradient), depthwiseFilterGradient: lent(k.depthwiseFilterGradient),
    maxPool: lent(k.maxPool), maxPoolGradient: lent(k.maxPoolGradient), averagePool: lent(k.averagePool), averagePoolGradient: lent(k.averagePoolGradient),
  };
  return {
    heap, primitives: nodePrimitives(tf, backend, ours, others),
    report: { name: "node", description: `${description}, ${countedThreads(threads)}; what it lacks by ${chosen.description}`, arithmetic: `${tensorflow} on ${countedThreads(threads)} with ${chosen.arithmetic}`, reasons: chosen.reasons },
  };
}
