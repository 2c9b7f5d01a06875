/**
 * Makes an engine: loads TensorFlow.js (only now, so that checking and editing never pay for it), takes a backend, and joins library,
 * gradients, updates and memory accounting.
 */
import { diagnostic, failure, success, type Result } from "../diagnostics/model.js";
import { lossGradients, type TensorFlow } from "./autograd.js";
import type { Engine, EngineName, EngineReport, EngineTensor } from "./engine.js";
import { addGradientsWith } from "./gradient-sums.js";
import { plainHeap, wasmHeap, type Heap } from "./heap.js";
import { chooseKernels, type KernelOptions } from "./kernels/choose-kernels.js";
import { kernelPrimitives } from "./kernels/kernel-primitives.js";
import { libraryContext } from "./library-context.js";
import { plainPrimitives } from "./plain-primitives.js";
import type { Primitives } from "./primitives.js";
import { shareClones } from "./shared-clones.js";
import { tensorflowLibrary } from "./tensorflow-library.js";
import { defaultEngine, nodeFoundation } from "./tfjs-node/node-foundation.js";

interface Foundation { readonly heap: Heap; readonly primitives: Primitives; readonly report: EngineReport }

/** TensorFlow.js in production mode: no greeting, no checks that read every tensor back. */
async function loadTensorFlow(): Promise<TensorFlow> {
  const tf = await import("@tensorflow/tfjs-core");
  tf.enableProdMode();
  return tf;
}

/** The listeners for uncaught errors that the WebAssembly loader leaves behind would rethrow what the command line wants to print. */
async function withoutNewListeners<R>(work: () => Promise<R>): Promise<R> {
  const events = ["uncaughtException", "unhandledRejection"] as const;
  const before = events.map((event) => new Set<unknown>(process.rawListeners(event)));
  const result = await work();
  events.forEach((event, index) => {
    for (const listener of process.rawListeners(event)) if (!before[index]!.has(listener)) process.off(event, listener as () => void);
  });
  return result;
}

async function takeBackend(tf: TensorFlow, name: "wasm" | "cpu"): Promise<boolean> {
  return withoutNewListeners(async () => {
    if (name === "wasm") await import("@tensorflow/tfjs-backend-wasm");
    else await import("@tensorflow/tfjs-backend-cpu");
    return tf.setBackend(name);
  });
}

function versionOf(tf: TensorFlow): string {
  return tf.version_core;
}

async function wasmFoundation(tf: TensorFlow, options: KernelOptions): Promise<Foundation | { readonly problem: string }> {
  if (!(await takeBackend(tf, "wasm"))) return { problem: "the WebAssembly backend of TensorFlow.js does not start" };
  shareClones(tf);
  const heap = wasmHeap(tf);
  const chosen = chooseKernels(heap.memory, options);
  if ("problem" in chosen) return chosen;
  const { pack, description, arithmetic, reasons } = chosen;
  const primitives = kernelPrimitives(heap, pack, plainPrimitives(heap));
  addGradientsWith(tf, primitives);
  return {
    heap, primitives,
    report: { name: "wasm", description: `tfjs-wasm ${versionOf(tf)} + ${description}`, arithmetic, reasons },
  };
}

async function plainFoundation(tf: TensorFlow, reasons: readonly string[]): Promise<Foundation> {
  await takeBackend(tf, "cpu");
  const heap = plainHeap(tf);
  return { heap, primitives: plainPrimitives(heap), report: { name: "cpu", description: `tfjs-cpu ${versionOf(tf)} with plain loops, 1 thread`, arithmetic: "plain loops", reasons } };
}

const engineNames: readonly EngineName[] = ["wasm", "cpu", "node"];

/** What TensorFlow.js calls the engines. */
const backendOf: Readonly<Record<EngineName, string>> = { wasm: "wasm", cpu: "cpu", node: "tensorflow" };

interface Problem { readonly problem: string; readonly help?: string }

async function foundationNamed(name: EngineName, tf: TensorFlow, kernels: KernelOptions): Promise<Foundation | Problem> {
  switch (name) {
    case "wasm": return wasmFoundation(tf, kernels);
    case "cpu": return plainFoundation(tf, ["asked for"]);
    case "node": return nodeFoundation(tf, kernels);
  }
}

async function defaultFoundation(tf: TensorFlow, kernels: KernelOptions): Promise<Foundation | Problem> {
  const name = defaultEngine(kernels);
  const foundation = await foundationNamed(name, tf, kernels);
  if (name === "wasm" || !("problem" in foundation)) return foundation;
  const wasm = await wasmFoundation(tf, kernels);
  return "problem" in wasm ? wasm : { ...wasm, report: { ...wasm.report, reasons: [...wasm.report.reasons, foundation.problem] } };
}

/**
 * The default is WebAssembly with our kernels, or TensorFlow (see `defaultEngine`); without kernels it is an error and no silent
 * fallback, because plain JavaScript is hundreds of times slower. One process holds one engine: TensorFlow.js has one active backend.
 * `kernels` says which provider and how many threads.
 */
export async function createEngine(asked?: EngineName, kernels: KernelOptions = {}): Promise<Result<Engine>> {
  const tf = await loadTensorFlow();
  const active: string | undefined = tf.getBackend();
  const running = active === undefined || active === "" ? undefined : engineNames.find((name) => backendOf[name] === active);
  const name = asked ?? running;
  if (running !== undefined && name !== running) return failure(diagnostic("NAS6031", { title: `this process already runs on the engine \`${running}\``, why: `\`${String(asked)}\` was asked for as well`, help: "use one engine in a process" }));
  const foundation = await (name === undefined ? defaultFoundation(tf, kernels) : foundationNamed(name, tf, kernels));
  if ("problem" in foundation) return failure(name === "node" ? diagnostic("NAS6033", { title: "the engine `node` does not start", why: foundation.problem, ...(foundation.help === undefined ? {} : { help: foundation.help }) }) : diagnostic("NAS6030", { title: "the engine does not start", why: foundation.problem, help: "in a checkout, `npm run build` makes the kernels; otherwise install nasc again" }));
  return success(engineOn(tf, foundation));
}

function engineOn(tf: TensorFlow, { heap, primitives, report }: Foundation): Engine {
  const context = libraryContext(tf, primitives);
  /** A reshape or clone shares its values with its source: writing into one would silently change the other. */
  const exclusive = (...tensors: readonly EngineTensor[]): void => {
    for (const tensor of tensors) if (heap.owners(tensor) !== 1) throw new Error(`a tensor of shape [${tensor.shape.join(", ")}] shares its values with another one and cannot be changed in place`);
  };
  return {
    report,
    library: tensorflowLibrary(context),
    upload: (values, shape) => tf.tensor(values.slice(), [...shape], values instanceof Int32Array ? "int32" : "float32"),
    download: (tensor) => (tensor.dtype === "float32" ? heap.floats(tensor).slice() : Float32Array.from(heap.integers(tensor))),
    dispose(...tensors) { for (const tensor of tensors) tensor.dispose(); },
    scope: (work) => scoped(tf, work),
    gradients: (parameters, loss) => lossGradients(tf, parameters, loss),
    crossEntropy: (logits, labels, smoothing) => context.run({
      inputs: [logits],
      forward: () => primitives.crossEntropy(logits, labels, smoothing),
      saved: () => [logits, labels],
      gradient: (dy, [values, targets]) => [() => primitives.crossEntropyGradient(values!, targets!, smoothing, dy)],
    }),
    updateSgd(parameter, gradient, velocity, rate, momentum, decay, begin) {
      exclusive(parameter, velocity);
      if (begin === undefined) primitives.updateSgd(parameter, gradient, velocity, rate, momentum, decay);
      else if (primitives.updateSgdRegion !== undefined) primitives.updateSgdRegion(parameter, gradient, velocity, begin, rate, momentum, decay);
      else onCopies(primitives, [parameter, velocity], begin, gradient.shape, ([p, v]) => primitives.updateSgd(p!, gradient, v!, rate, momentum, decay));
    },
    updateAdam(parameter, gradient, first, second, step, rate, beta1, beta2, epsilon, decay, decoupled, begin) {
      exclusive(parameter, first, second);
      const settings = { step, rate, beta1, beta2, epsilon, decay, decoupled };
      if (begin === undefined) primitives.updateAdam(parameter, gradient, first, second, settings);
      else if (primitives.updateAdamRegion !== undefined) primitives.updateAdamRegion(parameter, gradient, first, second, begin, settings);
      else onCopies(primitives, [parameter, first, second], begin, gradient.shape, ([p, m, v]) => primitives.updateAdam(p!, gradient, m!, v!, settings));
    },
    readRegion: (source, begin, size) => primitives.slice(source, begin, size),
    writeRegion(target, source, begin) {
      exclusive(target);
      primitives.writeRegion(target, source, begin);
    },
    tensorCount: () => tf.memory().numTensors,
  };
}

/** In-place work on a region of some tensors, for primitives that know whole tensors only. */
function onCopies(primitives: Primitives, tensors: readonly EngineTensor[], begin: readonly number[], size: readonly number[], work: (copies: readonly EngineTensor[]) => void): void {
  const copies = tensors.map((tensor) => primitives.slice(tensor, begin, size));
  work(copies);
  copies.forEach((copy, index) => {
    primitives.writeRegion(tensors[index]!, copy, begin);
    copy.dispose();
  });
}

/** Frees what `work` makes and does not return. Looks into arrays and records two levels deep, and never into typed arrays. */
function scoped<R>(tf: TensorFlow, work: () => R): R {
  tf.engine().startScope();
  const returned: EngineTensor[] = [];
  try {
    const result = work();
    collect(tf, result, 2, returned);
    return result;
  } finally {
    tf.engine().endScope(returned);
  }
}

function collect(tf: TensorFlow, value: unknown, depth: number, found: EngineTensor[]): void {
  if (value instanceof tf.Tensor) found.push(value);
  else if (depth > 0 && typeof value === "object" && value !== null && !ArrayBuffer.isView(value)) for (const part of Object.values(value)) collect(tf, part, depth - 1, found);
}
