/** Hardware other people measured or modelled, ready to use. Prices are their own; see the hardware notes 1.2 and 2.7. */
import type { AccessEnergy, Hardware } from "./hardware.js";
import type { AxisRules } from "./spatial.js";

const flat = (price: number): AccessEnergy => ({ read: price, write: price });
const WORD_BITS = 16;

/** HW-NAS-Bench's Eyeriss: 14 x 12 elements, 192-word weight registers, 64 K words of buffer, 250 MHz; pJ per 16-bit word. */
export const eyerissHwNas: Hardware = {
  levels: [
    { name: "rf", sizeBits: (12 + 192 + 16) * WORD_BITS, wordsPerAccess: 1, energy: flat(2), ports: [], doubleBuffered: true },
    { name: "glb", sizeBits: 65536 * WORD_BITS, wordsPerAccess: 1, energy: flat(0.5), ports: [], doubleBuffered: true },
    { name: "dram", wordsPerAccess: 1, energy: flat(0.8), ports: [], doubleBuffered: true },
  ],
  axes: [{ name: "X", size: 14, below: 1 }, { name: "Y", size: 12, below: 1 }], network: { energy: 2, wordBits: WORD_BITS }, pointEnergy: 1,
};

/** Inferred from the published cycles of nine 1x1 layers (hardware notes 7.4), not stated anywhere: Eyeriss' columns hold output positions and filters, its rows channels, filters and the taps of a filter row. */
export const eyerissAxes: AxisRules = { X: ["n", "g", "m", "p", "q", "k"], Y: ["g", "c", "k", "r", "s"] };
