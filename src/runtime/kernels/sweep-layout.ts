/** Writes a window description where kernels read it: sixteen integers, then three per tap (`assembly/sweep.ts`). */
import type { Sweep } from "../geometry.js";

const HEADER = 16;

export function sweepBytes({ taps }: Sweep): number {
  return 4 * (HEADER + 3 * taps.length);
}

export function writeSweep(memory: WebAssembly.Memory, address: number, { batch, source, grid, stride, target, first, step, taps }: Sweep): void {
  const fields = new Int32Array(memory.buffer, address, HEADER + 3 * taps.length);
  fields.set([batch, ...source, ...grid, ...stride, ...target, ...first, ...step, taps.length]);
  taps.forEach((tap, index) => fields.set([tap.offsetY, tap.offsetX, tap.weight], HEADER + 3 * index));
}
