/**
 * Softmax attention a few matrices of scores at a time: they stay in the cache between the product that makes them, the softmax and the
 * product that uses them. Processes that judge side by side would else meet at the memory they share.
 */
import type { WasmHeap } from "../heap.js";
import type { Primitives } from "../primitives.js";
import type { KernelPack } from "./kernel-pack.js";
import { Slot } from "./slots.js";

const FLOAT = 4;
/** Scores of so many floats at a time; with their softmax they fill a quarter of a second-level cache. */
const SCORES = 32768;
/** Kernels share whole matrices out over threads where there are this many. */
const LEAST = 8;

export function kernelAttention({ pointer, allocate, scratch }: WasmHeap, pack: KernelPack): Required<Pick<Primitives, "attend">> {
  return {
    attend(q, k, v) {
      const [batch, t, d] = q.shape as [number, number, number];
      const [, u, e] = v.shape as [number, number, number];
      const result = allocate([batch, t, e]);
      const group = Math.max(LEAST, Math.floor(SCORES / (t * u)));
      const bytes = FLOAT * t * u * group;
      const scores = scratch(Slot.scores, 2 * bytes);
      // Not in place: a row would be read while the end of the one before it is still on its way to memory.
      const weights = scores + bytes;
      const workspace = scratch(Slot.work, pack.productWorkspace(Math.max(u, e)));
      for (let first = 0; first < batch; first += group) {
        const count = Math.min(group, batch - first);
        const place = (start: number, floats: number): number => start + FLOAT * first * floats;
        pack.products(place(pointer(q), t * d), 0, t * d, place(pointer(k), u * d), 1, u * d, scores, count, t, u, d, workspace);
        pack.softmax(scores, weights, count * t, u);
        pack.products(weights, 0, t * u, place(pointer(v), u * e), 0, u * e, place(pointer(result), t * e), count, t, e, u, workspace);
      }
      return result;
    },
  };
}
