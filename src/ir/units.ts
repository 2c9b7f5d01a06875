/**
 * Units of the language: what a suffix as in `2ms`, `108KB`, `100K` measures and its factor to the base unit (seconds, joules, bytes,
 * bits, hertz, metres, watts, square metres, bytes per second, plain count). Sizes of memories are powers of 1024 (`KB`, `MB`, `GB`),
 * as memories are built; everything else, bandwidths included, is decimal.
 */
import { suggest } from "../diagnostics/suggest.js";

export type Dimension = "count" | "time" | "energy" | "bytes" | "bits" | "frequency" | "length" | "power" | "area" | "bandwidth" | "voltage";

export interface Unit { readonly dimension: Dimension; readonly factor: number }

const KIBI = 1024;

const units: Readonly<Record<string, Unit>> = {
  "": { dimension: "count", factor: 1 },
  K: { dimension: "count", factor: 1e3 }, M: { dimension: "count", factor: 1e6 }, G: { dimension: "count", factor: 1e9 }, T: { dimension: "count", factor: 1e12 },
  s: { dimension: "time", factor: 1 }, ms: { dimension: "time", factor: 1e-3 }, us: { dimension: "time", factor: 1e-6 },
  ns: { dimension: "time", factor: 1e-9 }, ps: { dimension: "time", factor: 1e-12 },
  J: { dimension: "energy", factor: 1 }, mJ: { dimension: "energy", factor: 1e-3 }, uJ: { dimension: "energy", factor: 1e-6 },
  nJ: { dimension: "energy", factor: 1e-9 }, pJ: { dimension: "energy", factor: 1e-12 }, fJ: { dimension: "energy", factor: 1e-15 },
  B: { dimension: "bytes", factor: 1 }, KB: { dimension: "bytes", factor: KIBI }, MB: { dimension: "bytes", factor: KIBI ** 2 }, GB: { dimension: "bytes", factor: KIBI ** 3 }, TB: { dimension: "bytes", factor: KIBI ** 4 },
  bit: { dimension: "bits", factor: 1 }, Kbit: { dimension: "bits", factor: 1e3 }, Mbit: { dimension: "bits", factor: 1e6 }, Gbit: { dimension: "bits", factor: 1e9 },
  Hz: { dimension: "frequency", factor: 1 }, KHz: { dimension: "frequency", factor: 1e3 }, MHz: { dimension: "frequency", factor: 1e6 }, GHz: { dimension: "frequency", factor: 1e9 },
  nm: { dimension: "length", factor: 1e-9 }, um: { dimension: "length", factor: 1e-6 }, mm: { dimension: "length", factor: 1e-3 },
  W: { dimension: "power", factor: 1 }, mW: { dimension: "power", factor: 1e-3 }, uW: { dimension: "power", factor: 1e-6 },
  um2: { dimension: "area", factor: 1e-12 }, mm2: { dimension: "area", factor: 1e-6 },
  Bps: { dimension: "bandwidth", factor: 1 }, KBps: { dimension: "bandwidth", factor: 1e3 }, MBps: { dimension: "bandwidth", factor: 1e6 }, GBps: { dimension: "bandwidth", factor: 1e9 },
  V: { dimension: "voltage", factor: 1 }, mV: { dimension: "voltage", factor: 1e-3 },
};

/** Other spellings, understood but never written. */
const aliases: Readonly<Record<string, Unit>> = {
  k: units["K"]!, kHz: units["KHz"]!, KiB: units["KB"]!, MiB: units["MB"]!, GiB: units["GB"]!, kJ: { dimension: "energy", factor: 1e3 },
  min: { dimension: "time", factor: 60 }, h: { dimension: "time", factor: 3600 },
};

/** Dimensions as they are called in messages: "a time". */
const names: Readonly<Record<Dimension, string>> = {
  count: "a plain number", time: "a time", energy: "an energy", bytes: "a size in bytes", bits: "a width in bits", frequency: "a frequency",
  length: "a length", power: "a power", area: "an area", bandwidth: "a bandwidth", voltage: "a voltage",
};

/** The unit of a suffix ("" is a plain number), or undefined where there is no such unit. */
export function parseUnit(suffix: string): Unit | undefined {
  return Object.hasOwn(units, suffix) ? units[suffix] : Object.hasOwn(aliases, suffix) ? aliases[suffix] : undefined;
}

/** All suffixes, for near names and completion. */
export const unitSuffixes: readonly string[] = Object.keys(units).filter((suffix) => suffix !== "");

/** Suffixes of one dimension, smallest first. */
export function suffixesOf(dimension: Dimension): readonly string[] {
  return unitSuffixes.filter((suffix) => units[suffix]!.dimension === dimension).sort((a, b) => units[a]!.factor - units[b]!.factor);
}

/** "a time", "a plain number": with its article, for messages. */
export function dimensionName(dimension: Dimension): string {
  return names[dimension];
}

/** "a time (ps, ns, us, ms, s)"; a plain number names K, M, G. */
export function dimensionWithUnits(dimension: Dimension): string {
  return `${names[dimension]} (${suffixesOf(dimension).join(", ")})`;
}

/** Known suffixes that an unknown one may have been meant as: `kb` is KB, `sec` is s. */
export function nearUnits(suffix: string): readonly string[] {
  return suggest(suffix, unitSuffixes);
}

/** A value in base units, written with the largest suffix that keeps it at least 1: 0.002 s is `2ms`. Up to four significant digits. */
export function formatQuantity(value: number, dimension: Dimension): string {
  const suffixes = suffixesOf(dimension);
  if (value === 0 || !Number.isFinite(value)) return `${value}${dimension === "count" ? "" : suffixes.find((suffix) => units[suffix]!.factor === 1) ?? suffixes[0] ?? ""}`;
  const fitting = suffixes.filter((suffix) => Math.abs(value) >= units[suffix]!.factor * (1 - 1e-9));
  const suffix = fitting[fitting.length - 1] ?? (dimension === "count" ? "" : suffixes[0]!);
  return `${Number((value / units[suffix]!.factor).toPrecision(4))}${suffix}`;
}
