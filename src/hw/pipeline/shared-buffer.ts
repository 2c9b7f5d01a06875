/**
 * Memories of the chip shared as the layers of a pipeline come (`share dynamic`): each layer is mapped with the room that the layers running
 * on the other chunks leave. What a layer costs then depends on all others, so such costs are of whole networks.
 */
import type { Accelerator } from "../../ir/plan.js";
import { shareOf } from "../chunk-hardware.js";
import { scheduleLayers, type Schedule } from "./chunk-schedule.js";
import type { MappedNest } from "../nest-mapper.js";
import type { OperatorCost } from "../operator-cost.js";

/** Whether chunks of an accelerator have different rooms at different times. */
export const sharesDynamically = ({ sharing, mapper, chunks }: Accelerator): boolean => sharing === "dynamic" && mapper !== undefined && chunks.length > 1;

/** Every chunk with a part of the chip's memories. */
export const withRoom = (accelerator: Accelerator, room: number): Accelerator => ({ ...accelerator, chunks: accelerator.chunks.map((chunk) => ({ ...chunk, room })) });

/** Part of the fullest memory of the chip that a mapped nest holds: what stays once, tiles in use twice where they are loaded beside. */
export function heldPart({ target: { memories, hardware }, result: { evaluation } }: MappedNest): number {
  return Math.max(0, ...evaluation.occupancies.map(({ level, usedBits, availableBits }) => {
    const { size, per } = memories[level]!;
    const { sizeBits } = hardware.levels[level]!;
    if (size === undefined || per !== undefined || sizeBits === undefined) return 0;
    const stay = availableBits < sizeBits ? 2 * availableBits - sizeBits : usedBits;
    return (stay + 2 * Math.max(0, usedBits - stay)) / (8 * size);
  }));
}

/** A layer of a network that some unit runs, with its cost on the fixed part that its chunk would have. */
export interface SharedLayer { readonly fixed: OperatorCost; readonly with: (room: number) => OperatorCost }

export interface SharedRun { readonly schedule: Schedule; readonly costs: readonly OperatorCost[] }

/**
 * Whether a mapping in another room does what the one with a fixed part does at no more cost: as much stays on the chip between two layers,
 * or the neighbours would not be billed for what leaves.
 */
function improves(cost: OperatorCost, { mappings = [], unmapped }: OperatorCost): boolean {
  if (cost.unmapped === true || cost.mappings === undefined) return false;
  const objective = (of: readonly MappedNest[]): number => of.reduce((sum, { result }) => sum + result.objective, 0);
  return unmapped === true || (objective(cost.mappings) <= objective(mappings) && mappings.every(({ onChip }, nest) => onChip.every((tensor) => cost.mappings![nest]?.onChip.includes(tensor) === true)));
}

/**
 * Runs the layers with the rooms that their schedule gives them. None starts with less than its mapping with a fixed part holds, so that
 * mapping is always at hand; one of the array without mappings has the part that is its chunk's.
 */
export function shareMemories(accelerator: Accelerator, layers: readonly SharedLayer[]): SharedRun {
  const parts = new Map(accelerator.chunks.map((chunk) => [chunk.name, shareOf(accelerator, chunk)]));
  const costs = layers.map(({ fixed }) => fixed);
  /** The vector unit and the network's own input and output hold no tiles. */
  const heldBy = (cost: OperatorCost): number => {
    const part = parts.get(cost.chunk);
    if (part === undefined) return 0;
    return cost.mappings === undefined || cost.unmapped === true || cost.engines !== undefined ? part : Math.max(0, ...cost.mappings.map(heldPart));
  };
  const scheduled = layers.map(({ fixed }) => ({ unit: fixed.latency > 0 ? fixed.chunk : undefined, least: heldBy(fixed), expected: fixed.latency }));
  const schedule = scheduleLayers(scheduled, (layer, room) => {
    const { fixed, with: priced } = layers[layer]!;
    const part = parts.get(fixed.chunk);
    // In less room than the fixed part its mapping is still the best.
    const other = part === undefined || room <= part || fixed.engines !== undefined || (fixed.mappings === undefined && fixed.unmapped !== true) ? fixed : priced(room);
    const cost = improves(other, fixed) ? other : fixed;
    costs[layer] = cost;
    return { latency: cost.latency, held: heldBy(cost) };
  });
  return { schedule, costs };
}

/** The schedule with fixed parts: layers take what they take, and hold the part of their chunk. Without mappings nobody knows who holds what. */
export function fixedSchedule(accelerator: Accelerator, rows: readonly { readonly chunk: string; readonly latency: number }[]): Schedule {
  const parts = new Map(accelerator.chunks.map((chunk) => [chunk.name, accelerator.mapper === undefined ? 0 : shareOf(accelerator, chunk)]));
  return scheduleLayers(rows.map(({ chunk, latency }) => ({ unit: latency > 0 ? chunk : undefined, least: parts.get(chunk) ?? 0, expected: latency })), (layer) => ({ latency: rows[layer]!.latency, held: parts.get(rows[layer]!.chunk) ?? 0 }));
}
