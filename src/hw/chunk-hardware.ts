/**
 * A chunk of a declared accelerator as the mapping model sees it: levels from the innermost outwards in pJ and bits, the two axes of its
 * array between them, and which levels stand side by side. What is not declared is priced by `unit-costs.ts`.
 */
import type { Accelerator, Chunk, MemoryLevel as DeclaredMemory } from "../ir/plan.js";
import type { Hardware, MemoryLevel, Port, SpatialAxis, Stages } from "./mapping/hardware.js";
import { DRAM_ENERGY_PER_BIT, formatBits, registerEnergyPerBit, sramEnergyPerBit } from "./unit-costs.js";

export const ROWS = "rows";
export const COLUMNS = "columns";

const PICO = 1e-12;

/** A memory beside a processing element of at most so many bytes is made of registers. */
const LARGEST_REGISTER_FILE = 32;

export interface ChunkHardware {
  readonly hardware: Hardware;
  readonly stages: Stages;
  /** The declared memory behind each level. */
  readonly memories: readonly DeclaredMemory[];
}

/** Part of the chip's memories that a chunk has: what it says, else an equal part of what the others leave. */
export function shareOf({ chunks }: Accelerator, chunk: Chunk): number {
  if (chunk.share !== undefined) return chunk.share;
  const said = chunks.reduce((sum, other) => sum + (other.share ?? 0), 0);
  return (1 - said) / chunks.filter((other) => other.share === undefined).length;
}

/** Joules per bit where no energy is declared. */
export function lawPerBit({ size, per, banks = 1 }: DeclaredMemory, nanometres: number): number {
  if (size === undefined) return DRAM_ENERGY_PER_BIT;
  return per === "pe" && size <= LARGEST_REGISTER_FILE ? registerEnergyPerBit(nanometres) : sramEnergyPerBit(size / banks, nanometres);
}

/** Copies beside the array are as fast as it is, unless something else is declared. */
function portsOf({ width, bandwidth, ports, per, size }: DeclaredMemory, clock: number): Port[] {
  if (per !== undefined && bandwidth === undefined && ports === undefined) return [];
  const each = bandwidth === undefined ? 1 : (8 * bandwidth) / clock / width;
  const { read, write, shared } = ports ?? (size === undefined ? { read: 0, write: 0, shared: 1 } : { read: 1, write: 1, shared: 0 });
  // Ports of either kind help where they are needed: they bound the sum of all traffic.
  return [
    ...(read > 0 ? [{ name: "read", wordsPerCycle: (read + shared) * each, carries: ["read", "drain"] as const }] : []),
    ...(write > 0 ? [{ name: "write", wordsPerCycle: (write + shared) * each, carries: ["fill", "update"] as const }] : []),
    ...(shared > 0 ? [{ name: "any", wordsPerCycle: (read + write + shared) * each, carries: ["read", "drain", "fill", "update"] as const }] : []),
  ];
}

function levelOf(memory: DeclaredMemory, accelerator: Accelerator, share: number): MemoryLevel {
  const { name, width, size, per, readEnergy, writeEnergy, leak, doubleBuffered } = memory;
  const law = lawPerBit(memory, accelerator.technology) * width;
  const read = readEnergy ?? law;
  return {
    name, wordsPerAccess: 1, wordBits: width, energy: { read: read / PICO, write: (writeEnergy ?? read) / PICO, ...(leak === undefined ? {} : { leak: leak / accelerator.clock / PICO }) }, ports: portsOf(memory, accelerator.clock),
    doubleBuffered: size === undefined || (doubleBuffered ?? per === undefined), ...(size === undefined ? {} : { sizeBits: Math.floor(8 * size * (per === undefined ? share : 1)) }),
  };
}

function sideBySide(one: DeclaredMemory, other: DeclaredMemory): boolean {
  return one.per === other.per && one.holds !== undefined && other.holds !== undefined && !one.holds.some((role) => other.holds!.includes(role));
}

/** Neighbours with the same copies and nothing in common. */
function stagesOf(memories: readonly DeclaredMemory[]): Stages {
  const stages: number[][] = [];
  memories.forEach((memory, level) => {
    const last = stages[stages.length - 1];
    if (last !== undefined && last.every((other) => sideBySide(memories[other]!, memory))) last.push(level);
    else stages.push([level]);
  });
  return stages;
}

/** Rows lie outside of whatever has a copy per row; the chip's memories see both axes. */
function axesOf(memories: readonly DeclaredMemory[], stages: Stages, [rows, columns]: readonly [number, number]): readonly SpatialAxis[] {
  const first = (test: (memory: DeclaredMemory) => boolean): number | undefined => stages.find((levels) => levels.some((level) => test(memories[level]!)))?.[0];
  const chip = first(({ per }) => per === undefined) ?? memories.length - 1;
  return [
    { name: ROWS, size: rows, below: first(({ per }) => per === "column") ?? chip },
    { name: COLUMNS, size: columns, below: first(({ per }) => per === "row") ?? chip },
  ];
}

export function chunkHardware(accelerator: Accelerator, chunk: Chunk, pointEnergy: number): ChunkHardware {
  const memories = [...accelerator.memories].reverse();
  const stages = stagesOf(memories);
  const share = chunk.room ?? shareOf(accelerator, chunk);
  return {
    memories, stages,
    hardware: {
      levels: memories.map((memory) => levelOf(memory, accelerator, share)), axes: axesOf(memories, stages, chunk.array), pointEnergy: pointEnergy / PICO,
      ...(accelerator.staticPower === undefined ? {} : { staticEnergy: accelerator.staticPower / accelerator.clock / PICO }),
      ...(chunk.networkEnergy === undefined ? {} : { network: { energy: chunk.networkEnergy / PICO, wordBits: formatBits[chunk.precision] } }),
    },
  };
}
