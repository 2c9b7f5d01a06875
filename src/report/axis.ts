/** Axes of plots: linear or logarithmic scales over the data, few round ticks, one unit with an SI prefix for the whole axis. */
import { scaleLinear, scaleLog } from "d3-scale";
import { metrics } from "../hw/metrics.js";

export interface Tick { readonly value: number; readonly text: string }

export interface Axis {
  /** With its unit, e.g. `energy (µJ)`. */
  readonly label: string;
  readonly ticks: readonly Tick[];
  readonly logarithmic: boolean;
  /** Position of a value between the two ends given. */
  place(value: number): number;
}

/** The greatest over the least from which an axis is logarithmic. */
const WIDE = 30;

const PREFIXES = [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"], [1, ""], [1e-3, "m"], [1e-6, "µ"], [1e-9, "n"], [1e-12, "p"]] as const;

interface Unit { readonly scale: number; readonly text: string }

/** The unit that makes `largest` a number from 1 to 1000. Counts have no small prefixes. */
function unitFor(metric: string, largest: number): Unit {
  if (metric === "accuracy") return { scale: 0.01, text: "%" };
  const known = metrics.find(({ name }) => name === metric);
  if (known === undefined) return { scale: 1, text: "" };
  const base = known.unit === "count" ? "" : known.unit;
  const usable = PREFIXES.filter(([scale]) => scale >= 1 || base === "J" || base === "s");
  const [scale, prefix] = usable.find(([threshold]) => largest >= threshold) ?? usable.at(-1)!;
  return { scale, text: base === "" ? (prefix === "" ? "" : { k: "thousands", M: "millions", G: "billions" }[prefix as string] ?? `${prefix}`) : `${prefix}${base}` };
}

/** At most three digits after the point, none that say nothing. */
function tickText(value: number): string {
  const magnitude = Math.abs(value);
  return magnitude !== 0 && magnitude < 0.001 ? value.toExponential(0) : String(Number(value.toFixed(magnitude < 1 ? 3 : magnitude < 10 ? 2 : 1)));
}

function logarithmicTicks(low: number, high: number): number[] {
  const ticks: number[] = [];
  const decades = Math.log10(high) - Math.log10(low);
  const steps = decades > 3 ? [1] : decades > 1.7 ? [1, 3] : [1, 2, 5];
  const stride = Math.max(1, Math.ceil(decades / 10));
  for (let exponent = Math.floor(Math.log10(low)); exponent <= Math.ceil(Math.log10(high)); exponent += stride) for (const step of steps) ticks.push(step * 10 ** exponent);
  return ticks.filter((tick) => tick >= low * 0.999999 && tick <= high * 1.000001);
}

export interface AxisOptions {
  /** A metric name (its unit is added), or any words. */
  readonly name: string;
  readonly metric?: string;
  readonly from: number;
  readonly to: number;
  readonly tickCount?: number;
  /** Values that must lie on the axis beside the data. */
  readonly include?: readonly number[];
  /** Whole numbers only (steps, generations). */
  readonly whole?: boolean;
  /** False keeps it linear however wide. */
  readonly mayBeLogarithmic?: boolean;
}

/** An axis over the finite values; over [0, 1] where there are none. */
export function axisOver(values: readonly number[], options: AxisOptions): Axis {
  // Below this, numbers are rounding dust that no scale can tell apart.
  const finite = [...values, ...(options.include ?? [])].filter(Number.isFinite).map((value) => (Math.abs(value) < 1e-200 ? 0 : value));
  let low = finite.length === 0 ? 0 : finite.reduce((a, b) => Math.min(a, b));
  let high = finite.length === 0 ? 1 : finite.reduce((a, b) => Math.max(a, b));
  if (low === high) [low, high] = low === 0 ? [0, 1] : [low - Math.abs(low) * 0.1, high + Math.abs(high) * 0.1];
  const unit = unitFor(options.metric ?? "", Math.max(Math.abs(low), Math.abs(high)));
  const label = unit.text === "" ? options.name : `${options.name} (${unit.text})`;
  const range = [options.from, options.to];
  if ((options.mayBeLogarithmic ?? true) && low > 0 && high / low > WIDE) {
    const scale = scaleLog().domain([low / 1.15, high * 1.15]).range(range);
    const ticks = logarithmicTicks(low / 1.15, high * 1.15);
    return { label: `${label}, logarithmic`, logarithmic: true, ticks: ticks.map((value) => ({ value, text: tickText(value / unit.scale) })), place: (value) => scale(value) };
  }
  const count = options.tickCount ?? 6;
  const scaled = scaleLinear().domain([low / unit.scale, high / unit.scale]).range(range).nice(count);
  const ticks = scaled.ticks(count).filter((value) => options.whole !== true || Number.isInteger(value));
  return { label, logarithmic: false, ticks: ticks.map((value) => ({ value: value * unit.scale, text: tickText(value) })), place: (value) => scaled(value / unit.scale) };
}
