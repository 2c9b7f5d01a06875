/**
 * The boundaries that words of a layer cross, for one spatial choice: between a memory that keeps a tensor and the next one outside that
 * does. Everything that does not depend on temporal loops is worked out here once, so that the price of a mapping is, per boundary, one
 * multiplication of the words that are brought in. Equal to `evaluate`, by test.
 */
import type { Conventions } from "./conventions.js";
import type { AccessKind, Hardware, MemoryLevel, Stages } from "./hardware.js";
import { crossesArray, networkPrice } from "./network.js";
import { leastWords, tileWords, type Problem, type ProblemTensor } from "./problem.js";
import type { SpatialChoice } from "./spatial.js";
import { accessUnits, finalUnitOf, unitOf } from "./traffic.js";

export interface Boundary {
  readonly tensor: number;
  readonly level: number;
  /** pJ for so many words brought into one instance of `level`, all instances together: `slope * words + offset`... */
  readonly slope: number;
  readonly offset: number;
  /** ...where no access is partly used; else by this. */
  readonly rounded: ((words: number) => number) | undefined;
  /** Cycles of ports: `portSlope * words + portOffset` on each of `ports`. */
  readonly ports: readonly number[];
  readonly portSlope: readonly number[];
  readonly portOffset: readonly number[];
  /** Fewest words that can be brought into one instance. */
  readonly leastWords: number;
}

export interface Boundaries {
  /** By stage, the boundaries on its outer side. */
  readonly byStage: readonly (readonly Boundary[])[];
  /** pJ of arithmetic and of what it takes from the innermost memories. */
  readonly energy: number;
  /** pJ per cycle. */
  readonly leakage: number;
  /** Steps of the array. */
  readonly steps: number;
  /** Cycles of ports that no mapping changes. */
  readonly ports: Float64Array;
  /** Level of every port. */
  readonly portLevels: readonly number[];
  /** By stage and dimension, the spatial factors below it that are not below the next one inside. */
  readonly spread: readonly (readonly number[])[];
}

interface Side { readonly memory: MemoryLevel; readonly level: number; readonly instances: number; readonly distinct: number }

/** Words of a kind at a side as a line over the words brought into the child: units = slope * words + offset. */
interface Line { readonly side: Side; readonly kind: AccessKind; readonly slope: number; readonly offset: number }

/** pJ as a line over the words brought into the child. */
interface Price { readonly slope: number; readonly offset: number }

const FREE: Price = { slope: 0, offset: 0 };

export function boundariesOf(problem: Problem, hardware: Hardware, keep: readonly (readonly string[])[], stages: Stages, choice: SpatialChoice, conventions: Conventions): Boundaries {
  const { levels } = hardware;
  const stageOf = levels.map((_, level) => stages.findIndex((members) => members.includes(level)));
  const spread = stages.map(() => problem.dimensions.map(() => 1));
  for (const loop of choice.loops) spread[stageOf[loop.level]!]![problem.dimensions.indexOf(loop.dimension)]! *= loop.bound;
  /** By dimension, the factors of stages from one (inclusive) to another (exclusive). */
  const factors = (from: number, to: number): number[] => {
    const product = problem.dimensions.map(() => 1);
    for (let stage = Math.max(0, from); stage < Math.min(to, stages.length); stage++) for (let d = 0; d < product.length; d++) product[d]! *= spread[stage]![d]!;
    return product;
  };
  const all = (values: readonly number[]): number => values.reduce((product, value) => product * value, 1);
  const relevantOf = (tensor: ProblemTensor, values: readonly number[]): number => values.reduce((product, value, dimension) => (tensor.relevant[dimension]! ? product * value : product), 1);
  const portLevels = levels.flatMap((memory, level) => memory.ports.map(() => level));
  const firstPort = levels.map((_, level) => portLevels.indexOf(level));
  const steps = all(choice.bounds) / all(factors(0, stages.length));
  const ports = new Float64Array(portLevels.length);
  const byStage: Boundary[][] = stages.map(() => []);
  let energy = problem.points * hardware.pointEnergy;

  /** What an instance of `level` sees of a tensor: everything inside, and all loops in time. */
  const seenBy = (level: number, whole: boolean): number[] => {
    const outside = factors(whole ? stages.length : stageOf[level]! + 1, stages.length);
    return choice.bounds.map((bound, dimension) => bound / outside[dimension]!);
  };
  const sideOf = (tensor: ProblemTensor, level: number): Side => {
    const whole = level === tensor.top;
    return { memory: levels[level]!, level, instances: whole ? 1 : all(factors(stageOf[level]! + 1, stages.length)), distinct: tileWords(tensor, seenBy(level, whole)) };
  };
  /** pJ of so many units of one kind at a side. */
  const priceOf = ({ memory: { energy: { read, write, update = write } }, instances }: Side, kind: AccessKind): number => {
    if (kind === "drain" && !conventions.drainReads) return 0;
    return instances * (kind === "read" || kind === "drain" ? read : kind === "fill" ? write : update);
  };
  const addPorts = (tensor: ProblemTensor, { side, kind, slope, offset }: Line, into: (port: number, slope: number, offset: number) => void): void => {
    if (kind === "drain" && !conventions.drainOccupiesPort) return;
    side.memory.ports.forEach((port, index) => {
      if (!port.carries.includes(kind) || (port.tensors !== undefined && !port.tensors.includes(tensor.name))) return;
      const scale = 1 / (port.wordsPerCycle * (side.memory.wordBits ?? 1));
      into(firstPort[side.level]! + index, slope * scale, offset * scale);
    });
  };
  /** What happens at the outer side when so many children bring in different words. */
  const outerLines = (tensor: ProblemTensor, side: Side, children: number): Line[] => {
    const unit = unitOf(side.memory, tensor);
    if (tensor.role !== "output") return [{ side, kind: "read", slope: children * unit, offset: 0 }];
    return [
      { side, kind: "update", slope: children * unit, offset: side.distinct * (finalUnitOf(side.memory, tensor) - unit) },
      { side, kind: "read", slope: children * unit, offset: conventions.firstTouchReads ? 0 : -side.distinct * unit },
    ];
  };
  const innerLines = (tensor: ProblemTensor, side: Side): Line[] => {
    const unit = unitOf(side.memory, tensor);
    if (tensor.role !== "output") return [{ side, kind: "fill", slope: unit, offset: 0 }];
    return [
      { side, kind: "fill", slope: unit, offset: conventions.firstTouchReads ? 0 : -side.distinct * unit },
      { side, kind: "drain", slope: unit, offset: side.distinct * (finalUnitOf(side.memory, tensor) - unit) },
    ];
  };
  /** pJ over the links of an array, from and to all copies below a side, as a line over the words brought into one of them. */
  const links = (tensor: ProblemTensor, side: Side, child: number, between: readonly number[]): Price => {
    const { network } = hardware;
    if (network === undefined || !crossesArray(hardware, tensor, side.level, child)) return FREE;
    const [unit, finalUnit] = [unitOf(network, tensor), finalUnitOf(network, tensor)];
    const price = side.instances * networkPrice(network);
    const slope = price * all(between) * unit;
    if (tensor.role !== "output") return { slope, offset: 0 };
    const untouched = conventions.firstTouchReads ? 0 : side.distinct * unit * (all(between) / relevantOf(tensor, between));
    return { slope: 2 * slope, offset: price * (side.distinct * (finalUnit - unit) - untouched) };
  };
  const accesses = (units: number, memory: MemoryLevel): number => (conventions.wholeAccesses ? Math.ceil(units / accessUnits(memory)) : units / accessUnits(memory));

  for (const [number, tensor] of problem.tensors.entries()) {
    const chain = levels.flatMap((_, level) => (level === tensor.top || (keep[level]!.includes(tensor.name) && (tensor.top === undefined || level < tensor.top)) ? [level] : []));
    for (const [rank, level] of chain.entries()) {
      const side = sideOf(tensor, level);
      const below = chain[rank - 1];
      const between = factors(below === undefined ? 0 : stageOf[below]! + 1, level === tensor.top ? stages.length : stageOf[level]! + 1);
      const children = relevantOf(tensor, between);
      const network = links(tensor, side, below ?? -1, between);
      if (below === undefined) {
        // Arithmetic takes (or gives) one word per step.
        energy += network.slope * steps + network.offset;
        for (const line of outerLines(tensor, side, children)) {
          energy += priceOf(side, line.kind) * accesses(line.slope * steps + line.offset, side.memory);
          addPorts(tensor, line, (port, slope, offset) => { ports[port]! += slope * steps + offset; });
        }
        continue;
      }
      const child = sideOf(tensor, below);
      const lines = [...innerLines(tensor, child), ...outerLines(tensor, side, children)];
      let { slope, offset } = network;
      for (const line of lines) {
        const price = priceOf(line.side, line.kind) / accessUnits(line.side.memory);
        slope += price * line.slope;
        offset += price * line.offset;
      }
      const whole = !conventions.wholeAccesses || lines.every((line) => priceOf(line.side, line.kind) === 0 || (Number.isInteger(line.slope / accessUnits(line.side.memory)) && Number.isInteger(line.offset / accessUnits(line.side.memory))));
      const rounded = whole ? undefined : (words: number): number => {
        let sum = network.slope * words + network.offset;
        for (const line of lines) sum += priceOf(line.side, line.kind) * Math.ceil((line.slope * words + line.offset) / accessUnits(line.side.memory));
        return sum;
      };
      const used: number[] = [];
      const slopes: number[] = [];
      const offsets: number[] = [];
      for (const line of lines) addPorts(tensor, line, (port, own, start) => {
        let at = used.indexOf(port);
        if (at < 0) { at = used.length; used.push(port); slopes.push(0); offsets.push(0); }
        slopes[at]! += own;
        offsets[at]! += start;
      });
      const least = leastWords(tensor, seenBy(below, false));
      byStage[stageOf[below]!]!.push({
        tensor: number, level: below, slope, offset, rounded, leastWords: least, ports: used, portSlope: slopes, portOffset: offsets,
      });
    }
  }
  const leakage = levels.reduce((sum, memory, level) => sum + (memory.energy.leak ?? 0) * all(factors(stageOf[level]! + 1, stages.length)), 0);
  return { byStage, energy, leakage, steps, ports, portLevels, spread };
}
