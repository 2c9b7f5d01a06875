/**
 * A heap for testing kernels: every area lies between canaries, so that a kernel which writes past its output or needs more workspace
 * than it said is found out.
 */
import type { EngineTensor } from "../../../src/runtime/engine.js";
import { volume, type WasmHeap } from "../../../src/runtime/heap.js";

const CANARY = 0x7fa5a5a5;
const GUARD = 16;

interface Area { readonly address: number; readonly words: number }

export interface Arena extends WasmHeap {
  tensor(values: ArrayLike<number>, shape: readonly number[]): EngineTensor;
  indices(values: readonly number[]): EngineTensor;
  /** Areas whose canaries are broken. */
  broken(): number;
  reset(): void;
}

export function arena(megabytes = 64): Arena {
  const memory = new WebAssembly.Memory({ initial: megabytes * 16 });
  const areas: Area[] = [];
  const places = new Map<EngineTensor, number>();
  let next = 1024;

  function take(words: number): number {
    const guards = new Int32Array(memory.buffer);
    // An odd number of floats in between: kernels may not rely on alignment to 16 bytes.
    const address = next + GUARD * 4 + 4 * (areas.length % 4);
    next = (address + (words + GUARD) * 4 + 15) & ~15;
    if (next > memory.buffer.byteLength) throw new Error("the arena is full");
    guards.fill(CANARY, address / 4 - GUARD, address / 4);
    // What a kernel does not write stays visible: NaN.
    new Float32Array(memory.buffer, address, words).fill(NaN);
    guards.fill(CANARY, address / 4 + words, address / 4 + words + GUARD);
    areas.push({ address, words });
    return address;
  }

  function make(shape: readonly number[]): EngineTensor {
    const tensor = { shape: [...shape], size: volume(shape), dtype: "float32" } as unknown as EngineTensor;
    places.set(tensor, take(volume(shape)));
    return tensor;
  }

  const pointer = (tensor: EngineTensor): number => places.get(tensor)!;
  const floats = (tensor: EngineTensor): Float32Array => new Float32Array(memory.buffer, pointer(tensor), tensor.size);
  const integers = (tensor: EngineTensor): Int32Array => new Int32Array(memory.buffer, pointer(tensor), tensor.size);
  return {
    memory, pointer, floats, integers,
    allocate: make,
    owners: () => 1,
    scratch: (_slot, bytes) => take(Math.ceil(bytes / 4)),
    tensor(values, shape) { const made = make(shape); floats(made).set(values); return made; },
    indices(values) { const made = make([values.length]); integers(made).set(values); return made; },
    broken() {
      const guards = new Int32Array(memory.buffer);
      return areas.filter(({ address, words }) => {
        const at = address / 4;
        return guards.subarray(at - GUARD, at).some((word) => word !== CANARY) || guards.subarray(at + words, at + words + GUARD).some((word) => word !== CANARY);
      }).length;
    },
    reset() { areas.length = 0; places.clear(); next = 1024; },
  };
}
