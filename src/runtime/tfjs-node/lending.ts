/**
 * Our kernels for tensors of TensorFlow: inputs are copied onto a small heap, a kernel runs there, results are copied back. For adder
 * layers that is some twenty times faster than composing them of TensorFlow's operators (`bench/RESULTS.md`, tfjs-node).
 */
import type { TensorFlow } from "../autograd.js";
import type { EngineTensor } from "../engine.js";
import { HeapFullError, volume, type Heap, type WasmHeap } from "../heap.js";
import type { NodeBackend } from "./backend.js";

const PAGE = 65536;
const LAST_PAGE = 65536;
/** Kernels take 0 for no address. */
const START = 1024;

export interface Lending {
  readonly heap: WasmHeap;
  /** Makes of a function over tensors on the heap one over tensors of TensorFlow. */
  lent<A extends readonly unknown[], R>(work: (...given: A) => R): (...given: A) => R;
}

export function lending(tf: TensorFlow, backend: NodeBackend, owner: Heap): Lending {
  const memory = new WebAssembly.Memory({ initial: 16 });
  const places = new Map<EngineTensor, number>();
  const made: EngineTensor[] = [];
  let next = START;

  /** Areas one behind the other; all are given back when the work is done. */
  function take(bytes: number): number {
    const address = next;
    next = (next + bytes + 15) & ~15;
    const missing = Math.ceil((address + bytes) / PAGE) - memory.buffer.byteLength / PAGE;
    if (missing > 0) {
      if (memory.buffer.byteLength / PAGE + missing > LAST_PAGE) throw new HeapFullError(bytes);
      memory.grow(missing);
    }
    return address;
  }

  function pointer(tensor: EngineTensor): number {
    const known = places.get(tensor);
    if (known !== undefined) return known;
    const address = take(4 * tensor.size);
    places.set(tensor, address);
    const values = backend.readSync(tensor.dataId);
    if (values instanceof Int32Array) new Int32Array(memory.buffer, address, tensor.size).set(values);
    else new Float32Array(memory.buffer, address, tensor.size).set(values);
    return address;
  }

  const heap: WasmHeap = {
    memory, pointer,
    allocate(shape) {
      const tensor = tf.engine().makeTensorFromTensorInfo({ dataId: backend.write(null, shape, "float32"), shape: [...shape], dtype: "float32" });
      places.set(tensor, take(4 * volume(shape)));
      made.push(tensor);
      return tensor;
    },
    floats: (tensor) => new Float32Array(memory.buffer, pointer(tensor), tensor.size),
    integers: (tensor) => new Int32Array(memory.buffer, pointer(tensor), tensor.size),
    owners: owner.owners,
    scratch: (_slot, bytes) => take(bytes),
  };

  return {
    heap,
    lent: (work) => (...given) => {
      try {
        const result = work(...given);
        for (const tensor of made) {
          const address = pointer(tensor);
          backend.tensorMap.get(tensor.dataId).values = new Float32Array(memory.buffer.slice(address, address + 4 * tensor.size));
        }
        return result;
      } finally {
        places.clear();
        made.length = 0;
        next = START;
      }
    },
  };
}
