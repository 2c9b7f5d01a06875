/**
 * Where the numbers of tensors lie. Kernels read and write them in place; views are taken anew each time, because the WebAssembly
 * heap moves to another buffer when it grows.
 */
import type { DataId } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "./autograd.js";
import type { EngineTensor } from "./engine.js";

export interface Heap {
  /** A new float32 tensor, content undefined, tracked by the current scope. */
  allocate(shape: readonly number[]): EngineTensor;
  /** The live values of a float32 tensor. Not valid after the next allocation. */
  floats(tensor: EngineTensor): Float32Array;
  /** The live values of an int32 tensor. Not valid after the next allocation. */
  integers(tensor: EngineTensor): Int32Array;
  /** How many tensors share these values (a reshape shares them with its input). In-place updates demand 1. */
  owners(tensor: EngineTensor): number;
}

/** What we use of the plain JavaScript backend. */
interface PlainBackend { readonly data: { get(id: DataId): { readonly values: Float32Array | Int32Array; readonly refCount: number } } }

export function plainHeap(tf: TensorFlow): Heap {
  const backend = tf.backend() as unknown as PlainBackend;
  const values = (tensor: EngineTensor): Float32Array | Int32Array => backend.data.get(tensor.dataId).values;
  return {
    allocate: (shape) => tf.tensor(new Float32Array(volume(shape)), [...shape], "float32"),
    floats: (tensor) => values(tensor) as Float32Array,
    integers: (tensor) => values(tensor) as Int32Array,
    owners: (tensor) => backend.data.get(tensor.dataId).refCount,
  };
}

/** What we use of the WebAssembly backend: its heap and the place of each tensor on it. */
export interface WasmBackend {
  readonly wasm: { readonly asm: { readonly memory: WebAssembly.Memory }; _malloc: (bytes: number) => number; _free(pointer: number): void };
  readonly dataIdMap: { get(id: DataId): { readonly memoryOffset: number; readonly refCount: number } };
  makeOutput(shape: number[], type: "float32" | "int32"): { readonly dataId: DataId; readonly shape: number[]; readonly dtype: "float32" | "int32" };
}

/** The heap cannot grow further (it ends at 4 GB). */
export class HeapFullError extends Error {
  constructor(bytes: number) {
    super(`no room for ${Math.ceil(bytes / 2 ** 20)} MB on the engine's heap, which ends at 4 GB`);
    this.name = "HeapFullError";
  }
}

/**
 * TensorFlow.js does not look at what its allocator returns: a full heap would hand out address 0 and kernels would write over the
 * allocator's own data.
 */
function checkAllocations(wasm: WasmBackend["wasm"]): void {
  // The loader replaces the function at its first call.
  wasm._free(wasm._malloc(16));
  const allocate = wasm._malloc;
  wasm._malloc = (bytes) => {
    const address = allocate(bytes);
    if (address === 0 && bytes > 0) throw new HeapFullError(bytes);
    return address;
  };
}

/** The heap of the WebAssembly backend; `pointer` is what kernels take. */
export interface WasmHeap extends Heap {
  pointer(tensor: EngineTensor): number;
  /** `bytes` of scratch, aligned to 16; the same memory at each call, so it is good until the next call with the same `slot`. */
  scratch(slot: number, bytes: number): number;
  readonly memory: WebAssembly.Memory;
}

export function wasmHeap(tf: TensorFlow): WasmHeap {
  const backend = tf.backend() as unknown as WasmBackend;
  const { memory } = backend.wasm.asm;
  checkAllocations(backend.wasm);
  const pointer = (tensor: EngineTensor): number => backend.dataIdMap.get(tensor.dataId).memoryOffset >>> 0;
  const slots: { pointer: number; bytes: number }[] = [];
  return {
    memory,
    pointer,
    allocate: (shape) => tf.engine().makeTensorFromTensorInfo(backend.makeOutput([...shape], "float32")),
    floats: (tensor) => new Float32Array(memory.buffer, pointer(tensor), tensor.size),
    integers: (tensor) => new Int32Array(memory.buffer, pointer(tensor), tensor.size),
    owners: (tensor) => backend.dataIdMap.get(tensor.dataId).refCount,
    scratch(slot, bytes) {
      const held = slots[slot];
      if (held !== undefined && held.bytes >= bytes) return held.pointer;
      if (held !== undefined) backend.wasm._free(held.pointer);
      const unaligned = backend.wasm._malloc(bytes + 16) >>> 0;
      slots[slot] = { pointer: unaligned, bytes };
      return unaligned;
    },
  };
}

export function volume(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
