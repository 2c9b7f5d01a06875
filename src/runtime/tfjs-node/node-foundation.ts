/** The foundation of the engine `node`: TensorFlow's operators through tfjs-node, and our kernels for what those lack. */
import type { TensorInfo } from "@tensorflow/tfjs-core";
import { diagnostic, type Diagnostic } from "../../diagnostics/model.js";
import type { TensorFlow } from "../autograd.js";
import type { EngineReport } from "../engine.js";
import { volume, type Heap } from "../heap.js";
import { chooseKernels, threadsOf, type KernelOptions } from "../kernels/choose-kernels.js";
import { kernelPrimitives } from "../kernels/kernel-primitives.js";
import { plainPrimitives } from "../plain-primitives.js";
import type { Primitives } from "../primitives.js";
import { operators, type NodeBackend, type Operators } from "./backend.js";
import { lending } from "./lending.js";
import { loadTfjsNode, type TfjsNode } from "./load.js";
import { nodePrimitives } from "./node-primitives.js";

/** Between the parts of this engine's `EngineReport.arithmetic`. */
const WITH = " with ";

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

/** What a run was begun with names TensorFlow and the kernels; the kernels are chosen by their part. */
function kernelOptions({ arithmetic, ...options }: KernelOptions): KernelOptions {
  const kernels = arithmetic?.split(WITH)[1];
  return { ...options, ...(kernels === undefined ? {} : { arithmetic: kernels }) };
}

export function nodeFoundation(tf: TensorFlow, options: KernelOptions): { readonly heap: Heap; readonly primitives: Primitives; readonly report: EngineReport } | { readonly problem: string } {
  const threads = threadsOf(options);
  const loaded = loadTfjsNode(tf, threads);
  return "problem" in loaded ? loaded : foundationOn(tf, loaded, threads, options);
}

function foundationOn(tf: TensorFlow, { backend, description, tensorflow }: TfjsNode, threads: number, options: KernelOptions): ReturnType<typeof nodeFoundation> {
  const ours = operators(backend);
  quickenReshape(tf, backend, ours);
  const heap = nodeHeap(tf, backend);
  const { heap: lentHeap, lent } = lending(tf, backend, heap);
  const chosen = chooseKernels(lentHeap.memory, kernelOptions(options));
  if ("problem" in chosen) return chosen;
  const k = kernelPrimitives(lentHeap, chosen.pack, plainPrimitives(lentHeap));
  const others = {
    adder: lent(k.adder), adderInputGradient: lent(k.adderInputGradient), adderFilterGradient: lent(k.adderFilterGradient), roundToPowerOfTwo: lent(k.roundToPowerOfTwo),
    convolution: lent(k.convolution), convolutionInputGradient: lent(k.convolutionInputGradient), convolutionFilterGradient: lent(k.convolutionFilterGradient),
    depthwise: lent(k.depthwise), depthwiseInputGradient: lent(k.depthwiseInputGradient), depthwiseFilterGradient: lent(k.depthwiseFilterGradient),
    maxPool: lent(k.maxPool), maxPoolGradient: lent(k.maxPoolGradient), averagePool: lent(k.averagePool), averagePoolGradient: lent(k.averagePoolGradient),
  };
  return {
    heap, primitives: nodePrimitives(tf, backend, ours, others),
    report: { name: "node", description: `${description}, ${threads} ${threads === 1 ? "thread" : "threads"}; adder layers by ${chosen.description}`, arithmetic: `${tensorflow}${WITH}${chosen.arithmetic}`, reasons: chosen.reasons },
  };
}

/** The engine `node` was asked for and cannot be had. */
export function tfjsNodeProblem(why: string): Diagnostic {
  return diagnostic("NAS6033", { title: "the engine `node` does not start", why, help: "`npm install @tensorflow/tfjs-node` beside nasc, or let NASC_TFJS_NODE name its folder; without `--engine` nasc trains on its own kernels" });
}
