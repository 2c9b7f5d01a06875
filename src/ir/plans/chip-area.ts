/**
 * What a declared accelerator takes up, for area budgets: processing elements and on-chip memories, without wires and control. Arithmetic
 * by Horowitz (ISSCC 2014) and ShiftAddLLM (NeurIPS 2024) table 1; storage by Accelergy's 45 nm tables; other nodes by the square of the
 * feature size, an estimate.
 */
import type { Accelerator, Chunk, MemoryLevel, NumberFormat } from "../plan.js";

const SQUARE_MICRON = 1e-12;

/** um2, 45 nm. int16 is not in the table: a multiplier grows with the product of its operands' widths. */
const ADD: Readonly<Record<NumberFormat, number>> = { int8: 36, int16: 67, int32: 137, fp16: 1360, fp32: 4184 };
const MULTIPLY: Readonly<Record<NumberFormat, number>> = { int8: 282, int16: 4 * 282, int32: 3495, fp16: 1640, fp32: 7700 };
/** A power of two times a floating-point number is an addition to its exponent. */
const SHIFT: Readonly<Record<NumberFormat, number>> = { int8: 34, int16: 73, int32: 157, fp16: 36, fp32: 36 };
const ACCUMULATOR: Readonly<Record<NumberFormat, NumberFormat>> = { int8: "int32", int16: "int32", int32: "int32", fp16: "fp16", fp32: "fp32" };

/** um2 per bit, 45 nm: a 16-bit register is 95.7, a 192-word scratchpad 1,420, 128 KB of SRAM 429,746 (Accelergy). */
const REGISTER_BIT = 95.7 / 16;
const SCRATCHPAD_BIT = 1420 / (192 * 16);
const SRAM_BIT = 429_746 / (128 * 1024 * 8);
const LARGEST_REGISTER = 64;
const LARGEST_SCRATCHPAD = 8 * 8192;

const scale = (nanometres: number): number => SQUARE_MICRON * (nanometres / 45) ** 2;

/** Square metres of one processing element: as declared, else its largest arithmetic and an accumulator. */
export function elementArea(chunk: Chunk, nanometres: number): number {
  if (chunk.area !== undefined) return chunk.area;
  const { precision } = chunk;
  const arithmetic = chunk.runs.map((operator) => (operator === "shift" ? SHIFT : operator === "add" ? ADD : MULTIPLY)[precision]);
  return (Math.max(0, ...arithmetic) + ADD[ACCUMULATOR[precision]]) * scale(nanometres);
}

export function memoryArea(memory: MemoryLevel, nanometres: number): number {
  const bits = 8 * (memory.size ?? 0);
  return bits * (bits <= LARGEST_REGISTER ? REGISTER_BIT : bits <= LARGEST_SCRATCHPAD ? SCRATCHPAD_BIT : SRAM_BIT) * scale(nanometres);
}

/** Copies of a memory on one array; on one that is sized, as many as it may come to have with `elements`. */
function copies(memory: MemoryLevel, { array: [rows, columns], sized }: Chunk, elements: number): number {
  switch (memory.per) {
    case "row": return sized === undefined ? rows : sized.rows ?? (sized.columns === undefined ? Math.sqrt(elements) : elements / sized.columns);
    // Arrays whose sides are both free are at most four times as wide as high.
    case "column": return sized === undefined ? columns : sized.columns ?? (sized.rows === undefined ? 2 * Math.sqrt(elements) : elements / sized.rows);
    case "pe": return sized === undefined ? rows * columns : elements;
    case undefined: return 0;
  }
}

/**
 * Square metres of all processing elements and on-chip memories. Chunks that are sized for a network count with the most that any split
 * of their area gives them: elements take that area, and memories beside elements what the smallest elements make of it; copies by row and
 * column are counted for every chunk as if it had the whole area.
 */
export function chipArea({ technology, memories, chunks, balancedArea = 0 }: Accelerator): number {
  const shared = memories.reduce((sum, memory) => (memory.per === undefined ? sum + memoryArea(memory, technology) : sum), balancedArea);
  const beside = (chunk: Chunk, elements: number, of: (memory: MemoryLevel) => boolean): number => memories.reduce((own, memory) => (of(memory) ? own + copies(memory, chunk, elements) * memoryArea(memory, technology) : own), 0);
  const sized = chunks.filter((chunk) => chunk.sized !== undefined).map((chunk) => ({ chunk, elements: balancedArea / elementArea(chunk, technology) }));
  const perElement = Math.max(0, ...sized.map(({ chunk, elements }) => beside(chunk, elements, ({ per }) => per === "pe")));
  const perSide = sized.reduce((sum, { chunk, elements }) => sum + beside(chunk, elements, ({ per }) => per !== "pe"), 0);
  return chunks.reduce((sum, chunk) => {
    const elements = chunk.array[0] * chunk.array[1];
    return chunk.sized === undefined ? sum + elements * elementArea(chunk, technology) + beside(chunk, elements, () => true) : sum;
  }, shared + perElement + perSide);
}
