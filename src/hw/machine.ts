/**
 * An accelerator resolved to prices: joules per bit and bytes per second of each memory level, the chunk of every operator. The
 * declared memories are read outermost first as external memory, shared buffer, and (where a third is declared) the local memory of
 * one processing element; what is not declared takes the defaults of unit-costs.ts.
 */
import type { Accelerator, Chunk, MemoryLevel } from "../ir/plan.js";
import { createNestMapper, type MappingMemory, type NestMapper } from "./nest-mapper.js";
import { createPredictor, type PredictionMemory, type Predictor } from "./predictor/predictor.js";
import { DRAM_ENERGY_PER_BIT, REFERENCE_NODE, registerEnergyPerBit, sramEnergyPerBit } from "./unit-costs.js";
import { resolveVectorUnit, type VectorUnit } from "./vector-unit.js";

export interface MemoryPrice {
  readonly name: string;
  /** Bytes; Infinity for external memory. */
  readonly size: number;
  /** Joules per bit. */
  readonly read: number;
  readonly write: number;
  /** Bytes per second, of each of one read and one write port (external memory: of its only port). */
  readonly bandwidth: number;
}

export interface Machine {
  readonly accelerator: Accelerator;
  readonly clock: number;
  readonly technology: number;
  readonly dram: MemoryPrice;
  readonly buffer: MemoryPrice | undefined;
  readonly registers: { readonly read: number; readonly write: number };
  chunkOf(operator: string): Chunk | undefined;
  readonly firstChunk: Chunk;
  /** What runs vector work, and pooling and copies that no chunk names. */
  readonly vector: VectorUnit;
  /** True where a price is extrapolated from another node. */
  readonly estimated: boolean;
  /** Present where the accelerator searches mappings. */
  readonly mapper: NestMapper | undefined;
  /** Present where a predictor's templates stand in for the mapper. */
  readonly predictor: Predictor | undefined;
  /** Activations of at most so many bytes stay on the chip between two operators. */
  readonly keepLimit: number;
}

const DEFAULT_DRAM: MemoryLevel = { name: "dram", width: 64 };
const DEFAULT_CHUNK: Chunk = { name: "mac", array: [16, 16], runs: [], dataflow: ["weight_stationary"], precision: "int8" };

function price(level: MemoryLevel, defaultPerBit: number, clock: number): MemoryPrice {
  return {
    name: level.name,
    size: level.size ?? Infinity,
    read: level.readEnergy === undefined ? defaultPerBit : level.readEnergy / level.width,
    write: level.writeEnergy === undefined ? (level.readEnergy === undefined ? defaultPerBit : level.readEnergy / level.width) : level.writeEnergy / level.width,
    bandwidth: level.bandwidth ?? (level.width / 8) * clock,
  };
}

export function resolveMachine(accelerator: Accelerator, mappings?: MappingMemory, predictions?: PredictionMemory): Machine {
  const { clock, technology } = accelerator;
  const [first, ...rest] = accelerator.memories;
  const external = first !== undefined && first.size === undefined ? first : DEFAULT_DRAM;
  const onChip = external === first ? rest : accelerator.memories;
  const buffer = onChip[0];
  const local = onChip.length > 1 ? onChip[onChip.length - 1] : undefined;
  const onChipPerBit = (level: MemoryLevel): number => sramEnergyPerBit(level.size ?? 0, technology);
  const registers = local === undefined
    ? { read: registerEnergyPerBit(technology), write: registerEnergyPerBit(technology) }
    : price(local, onChipPerBit(local), clock);
  const byOperator = new Map<string, Chunk>();
  const mapper = accelerator.mapper === undefined ? undefined : createNestMapper(accelerator, accelerator.mapper, mappings);
  const predictor = accelerator.predictor === undefined ? undefined : createPredictor(accelerator, accelerator.predictor, predictions);
  for (const chunk of accelerator.chunks) for (const operator of chunk.runs) if (!byOperator.has(operator)) byOperator.set(operator, chunk);
  return {
    accelerator, clock, technology,
    dram: price(external, DRAM_ENERGY_PER_BIT, clock),
    buffer: buffer === undefined ? undefined : price(buffer, onChipPerBit(buffer), clock),
    registers: { read: registers.read, write: registers.write },
    chunkOf: (operator) => byOperator.get(operator),
    firstChunk: accelerator.chunks[0] ?? DEFAULT_CHUNK, vector: resolveVectorUnit(accelerator),
    estimated: technology !== REFERENCE_NODE, mapper, predictor,
    // Without mappings: half, the other half is for the tensor they meet. A predicted layer takes everything from outside.
    keepLimit: predictor === undefined ? mapper?.keepLimit ?? (buffer?.size ?? 0) / 2 : 0,
  };
}
