/** The unit suffixes that a number may carry, as the lexer accepts them. What they measure is the business of `src/ir`. */

export const unitSuffixes: ReadonlySet<string> = new Set([
  // counts
  "K", "M", "G", "T", "k",
  // time
  "s", "ms", "us", "ns", "ps", "min", "h",
  // energy and power
  "J", "mJ", "uJ", "nJ", "pJ", "fJ", "kJ", "W", "mW", "uW",
  // data
  "bit", "Kbit", "Mbit", "Gbit", "B", "KB", "MB", "GB", "TB", "KiB", "MiB", "GiB",
  // frequency
  "Hz", "kHz", "KHz", "MHz", "GHz",
  // length and area, voltage
  "nm", "um", "mm", "um2", "mm2", "V", "mV",
  // bandwidth
  "Bps", "KBps", "MBps", "GBps",
]);

/** A unit that may stand alone after a choice; single letters are too easily names. */
export function isUnitWord(text: string): boolean {
  return text.length > 1 && unitSuffixes.has(text);
}
