/**
 * What one operation and one memory access cost, with sources. 45 nm, 0.9 V; other nodes are scaled and flagged as estimates.
 * Arithmetic: Horowitz, ISSCC 2014; shifts: ShiftAddLLM, NeurIPS 2024, table 1. Nothing else in the project knows a joule.
 */
import type { NumberFormat } from "../ir/plan.js";

const PICO = 1e-12;

export const formatBits: Readonly<Record<NumberFormat, number>> = { int8: 8, int16: 16, int32: 32, fp16: 16, fp32: 32 };

/** A partial sum is kept wider than integer operands; floating point accumulates in its own format (Horowitz' 1.5 pJ fused fp16 step). */
export const accumulatorFormat: Readonly<Record<NumberFormat, NumberFormat>> = { int8: "int32", int16: "int32", int32: "int32", fp16: "fp16", fp32: "fp32" };

/** pJ, 45 nm, 0.9 V (Horowitz, ISSCC 2014; the int16 entry is interpolated in later papers and unconfirmed there). */
const ADD: Readonly<Record<NumberFormat, number>> = { int8: 0.03, int16: 0.05, int32: 0.1, fp16: 0.4, fp32: 0.9 };

/** pJ, 45 nm. Horowitz has no int16 multiplier: scaled from int8 by the product of the operand widths, 0.2 * 256 / 64. */
const MULTIPLY: Readonly<Record<NumberFormat, number>> = { int8: 0.2, int16: 0.8, int32: 3.1, fp16: 1.1, fp32: 3.7 };

/**
 * pJ, 45 nm (ShiftAddLLM table 1). A power of two times a floating-point number is an addition to its exponent: the int8 adder's price,
 * our estimate.
 */
const SHIFT: Readonly<Record<NumberFormat, number>> = { int8: 0.024, int16: 0.057, int32: 0.13, fp16: 0.03, fp32: 0.03 };

export type Arithmetic = "add" | "multiply" | "shift";

const tables: Readonly<Record<Arithmetic, Readonly<Record<NumberFormat, number>>>> = { add: ADD, multiply: MULTIPLY, shift: SHIFT };

/** The node that the tables hold for; any other node is an estimate. */
export const REFERENCE_NODE = 45;

/** E ~ node / 45 at 0.9 V: an estimate wherever it is not 1. */
export function nodeScale(nanometres: number): number {
  return nanometres / REFERENCE_NODE;
}

/** Joules of one operation at a node. */
export function arithmeticEnergy(operation: Arithmetic, format: NumberFormat, nanometres: number): number {
  return tables[operation][format] * PICO * nodeScale(nanometres);
}

/** Joules per bit of an on-chip memory of `bytes`: 10 pJ * sqrt(KB / 8) per 64 bits, fitted to Horowitz' 8 KB, 32 KB and 1 MB; constant below 0.5 KB. */
export function sramEnergyPerBit(bytes: number, nanometres: number): number {
  const kilobytes = Math.max(0.5, bytes / 1024);
  return (10 * Math.sqrt(kilobytes / 8) * PICO * nodeScale(nanometres)) / 64;
}

/** Joules per bit of external memory: 1,300 pJ per 64 bits, the lower end of Horowitz' range. Not scaled: the interface is off chip. */
export const DRAM_ENERGY_PER_BIT = (1300 * PICO) / 64;

/** Joules per bit of a register beside a processing element: 0.144 pJ per 16 bits (Accelergy, 45 nm). */
export function registerEnergyPerBit(nanometres: number): number {
  return (0.144 * PICO * nodeScale(nanometres)) / 16;
}

const SPECIAL_MULTIPLICATIONS = 4;
const LOOK_UP_TABLE_BYTES = 512;

/** Joules of a special function (exp, reciprocal, square root): 4 multiplications of `multiply` joules and one table look-up (hardware.md 2.1). */
export function specialFunctionEnergy(multiply: number, format: NumberFormat, nanometres: number): number {
  return SPECIAL_MULTIPLICATIONS * multiply + sramEnergyPerBit(LOOK_UP_TABLE_BYTES, nanometres) * formatBits[format];
}
