/** The worked example of the hardware notes (2.8), whose counts a brute-force simulation of the loops agrees with. */
import { describe, expect, it } from "vitest";
import { asPublished, physical } from "../../../src/hw/mapping/conventions.js";
import { evaluate } from "../../../src/hw/mapping/evaluate.js";
import type { Hardware, MemoryLevel } from "../../../src/hw/mapping/hardware.js";
import { mappingProblems } from "../../../src/hw/mapping/mapping.js";
import { parseMapping, printFlat, printLoopNest } from "../../../src/hw/mapping/text.js";
import { convolution } from "../mapping/layers.js";

const memory = (name: string, price: number, rest: Partial<MemoryLevel> = {}): MemoryLevel =>
  ({ name, wordsPerAccess: 1, energy: { read: price, write: price }, ports: [], doubleBuffered: true, ...rest });
const all = ["read", "fill", "update", "drain"] as const;
const port = (wordsPerCycle: number): Pick<MemoryLevel, "ports"> => ({ ports: [{ name: "port", wordsPerCycle, carries: all }] });
const hardware: Hardware = {
  levels: [memory("rf", 1), memory("glb", 6, port(8)), memory("dram", 200, port(0.5))],
  axes: [{ name: "X", size: 2, below: 1 }, { name: "Y", size: 2, below: 1 }], pointEnergy: 1,
};
const problem = convolution({ K: 4, C: 2, P: 4, Q: 4, R: 3, S: 3 });
const keep = [["W"], ["W", "I", "O"], ["W", "I", "O"]];

function mapped(text: string) {
  const parsed = parseMapping(hardware, text);
  if (!parsed.ok) throw new Error(parsed.problem);
  const mapping = { loops: parsed.loops, keep };
  expect(mappingProblems(problem, hardware, mapping)).toEqual([]);
  return mapping;
}

const conventions = { ...asPublished("timeloop"), drainOccupiesPort: true };
const first = "dram: k 2 | glb: r 3, s 3 | X: k 2, Y: c 2 | rf: p 4, q 4";
const second = "dram: k 2, p 2 | glb: r 3, s 3 | X: k 2, Y: c 2 | rf: p 2, q 4";

function countsOf(text: string): Record<string, readonly number[]> {
  const { counts } = evaluate(problem, hardware, mapped(text), conventions);
  return Object.fromEntries(counts.map((count) => [`${hardware.levels[count.level]!.name}.${problem.tensors[count.tensor]!.name}`, [count.tile, count.fills, count.reads, count.updates, count.instances]]));
}

describe("worked example 2.8", () => {
  it("counts tile, fills, reads, updates and instances", () => {
    expect(countsOf(first)).toEqual({
      "rf.W": [1, 18, 288, 0, 4], "glb.W": [36, 72, 72, 0, 1], "glb.I": [72, 72, 576, 0, 1], "glb.O": [32, 0, 512, 576, 1],
      "dram.W": [72, 0, 72, 0, 1], "dram.I": [72, 0, 72, 0, 1], "dram.O": [64, 0, 0, 64, 1],
    });
    expect(countsOf(second)).toMatchObject({ "rf.W": [1, 36, 288, 0, 4], "glb.W": [36, 72, 144, 0, 1], "glb.I": [48, 144, 576, 0, 1], "glb.O": [16, 0, 512, 576, 1] });
  });

  it("costs 55256, with drain reads 55640, and 70592 for the second mapping", () => {
    expect(evaluate(problem, hardware, mapped(first), conventions).energy.total).toBe(55256);
    expect(evaluate(problem, hardware, mapped(first), physical).energy.total).toBe(55640);
    expect(evaluate(problem, hardware, mapped(second), conventions).energy.total).toBe(70592);
  });

  it("pays for every word that the links of the array deliver or collect", () => {
    const linked: Hardware = { ...hardware, network: { energy: 2 } };
    const { counts, energy } = evaluate(problem, linked, mapped(first), conventions);
    const linksOf = (memory: string, tensor: string): number => energy.network[counts.findIndex((count) => linked.levels[count.level]!.name === memory && problem.tensors[count.tensor]!.name === tensor)]!;
    // 72 words of W to one element each; 576 words of I to both elements along k; partial sums of all 4 elements up, and down but for the first.
    expect([linksOf("glb", "W"), linksOf("glb", "I"), linksOf("glb", "O")]).toEqual([2 * 72, 2 * 576 * 2, 2 * (576 + 512) * 2]);
    // Between the buffer and external memory, and between an element and its own registers, there is no array.
    expect(energy.network.reduce((sum, own) => sum + own, 0)).toBe(6800);
    expect(energy.total).toBe(55256 + 6800);
    // Priced for words of 8 bits: everything here has 16, and results leave the last element with 8.
    const narrow = { ...problem, tensors: problem.tensors.map((tensor) => (tensor.role === "output" ? { ...tensor, finalBits: 8 } : tensor)) };
    expect(evaluate(narrow, { ...hardware, network: { energy: 2, wordBits: 8 } }, mapped(first), conventions).energy.network.reduce((sum, own) => sum + own, 0)).toBe(2 * 6800 - 2 * 64);
  });

  it("takes 416 cycles, 568 with loading and storing", () => {
    const { cycles, utilisation, occupancies } = evaluate(problem, hardware, mapped(first), conventions);
    expect(cycles).toEqual({ compute: 288, busy: [0, 243, 416], latency: 416, latencyWithOnloading: 504, latencyWithOffloading: 568 });
    expect(utilisation).toBe(1);
    expect(occupancies[1]!.usedBits / 16).toBe(140);
  });

  it("adds the time of a single-buffered memory instead of hiding it", () => {
    const single: Hardware = { ...hardware, levels: hardware.levels.map((level) => ({ ...level, doubleBuffered: level.name !== "glb" })) };
    expect(evaluate(problem, single, mapped(first), conventions).cycles.latency).toBe(416 + 243);
  });

  it("prints as it was read, and as a loop nest", () => {
    expect(printFlat(hardware, mapped(first))).toBe(first);
    expect(printLoopNest(hardware, mapped(first)).split("\n")).toEqual([
      "-- dram keeps W, I, O", "for k in 0..2", "  -- glb keeps W, I, O", "  for r in 0..3", "    for s in 0..3",
      "      parallel for k in 0..2  on X", "        parallel for c in 0..2  on Y", "          -- rf keeps W", "          for p in 0..4",
      "            for q in 0..4", "              compute",
    ]);
  });

  it("says what is wrong with a mapping", () => {
    expect(parseMapping(hardware, "l2: k 2")).toEqual({ ok: false, problem: "the hardware has no memory or axis `l2`" });
    expect(parseMapping(hardware, "k 2")).toMatchObject({ ok: false });
    const wrong = parseMapping(hardware, "dram: k 2 | glb: r 3, s 3, z 2 | X: k 4, Y: c 2 | rf: p 4, q 4");
    expect(wrong.ok && mappingProblems(problem, hardware, { loops: wrong.loops, keep })).toEqual([
      "the layer has no dimension `z`", "the factors of `k` multiply to 8, its bound is 4", "axis `X` has 2 places, the mapping uses 4",
    ]);
  });
});
