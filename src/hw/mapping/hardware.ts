/**
 * The hardware a mapping runs on: memory levels from the innermost outwards and the spatial arrays between them. Sizes are in
 * bits, bandwidths in words per cycle, energies in pJ per access of `wordsPerAccess` words; none of these units is ever implied.
 */

/** What happens to a word at a memory: `fill` and `update` write it (from outside, from inside), `read` and `drain` read it. */
export type AccessKind = "read" | "fill" | "update" | "drain";

/** A path in or out of a memory. Without `tensors` it carries those of every tensor. */
export interface Port {
  readonly name: string;
  readonly wordsPerCycle: number;
  readonly carries: readonly AccessKind[];
  readonly tensors?: readonly string[];
}

/** pJ per access of `wordsPerAccess` words. `leak` is pJ per cycle and used instance. */
export interface AccessEnergy { readonly read: number; readonly write: number; readonly update?: number; readonly leak?: number }

export interface MemoryLevel {
  readonly name: string;
  /** Absent: unbounded (DRAM). */
  readonly sizeBits?: number;
  /** Words of one physical access; partly used accesses cost as much as full ones. */
  readonly wordsPerAccess: number;
  /** Bits of the words that accesses and ports count. Absent: a word is one of whichever tensor moves. */
  readonly wordBits?: number;
  readonly energy: AccessEnergy;
  /** None: bandwidth is no limit here. */
  readonly ports: readonly Port[];
  /** Half the size works while the other half is loaded, so that transfers overlap with computing. */
  readonly doubleBuffered: boolean;
}

/** An axis of the array of copies below a level: `below: 1` fans out between level 1 and level 0, `below: 0` between level 0 and the arithmetic. */
export interface SpatialAxis { readonly name: string; readonly size: number; readonly below: number }

/** pJ per word that the links of an array carry between a memory and one copy below it. `wordBits` as for memories: absent, a word is one of whichever tensor moves. */
export interface ArrayNetwork { readonly energy: number; readonly wordBits?: number }

export interface Hardware {
  /** Innermost first; the last one holds everything. */
  readonly levels: readonly MemoryLevel[];
  readonly axes: readonly SpatialAxis[];
  /** Absent: links cost nothing. */
  readonly network?: ArrayNetwork;
  /** pJ of one innermost point. */
  readonly pointEnergy: number;
  /** pJ of a cycle, whatever is mapped. */
  readonly staticEnergy?: number;
}

/** Levels that stand side by side (each for tensors of its own) form one stage: a loop runs outside or inside of all of them. */
export type Stages = readonly (readonly number[])[];

/** Every level by itself. */
export const singleStages = ({ levels }: Hardware): Stages => levels.map((_, level) => [level]);

/** Copies of the arithmetic: the product of all axes. */
export const processingElements = (hardware: Hardware): number => hardware.axes.reduce((product, axis) => product * axis.size, 1);
