/**
 * The boundaries that words of a layer cross, for one spatial choice: between a memory that keeps a tensor and the next one outside that
 * does. Everything that does not depend on temporal loops is worked out here once, so that the price of a mapping is, per boundary, one
 * multiplication of the words that are brought in. Equal to `evaluate`, by test.
 */
import type { Conventions } from "./conventions.js";
import type { AccessKind, Hardware, MemoryLevel, Stages } from "./hardware.js";
import { crossesArray, networkPrice } from "./network.js";
import { leastWordsOf, tileWords, type Problem, type ProblemTensor } from "./problem.js";
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

/** A tensor's copy in a memory, inside or outside of a boundary. */
interface Side { readonly memory: MemoryLevel; readonly level: number; readonly stage: number; /** It stays here as a whole. */ readonly whole: boolean }

/** Words of a kind at a side over the words brought into the child: units = slope * words + offset, with slopes by child and offsets by different word. */
interface LineRule {
  readonly outer: boolean;
  readonly unit: number;
  readonly perDistinct: number;
  /** pJ of one access, and units of one. */
  readonly price: number;
  readonly accessUnits: number;
  /** Where it adds to the boundary's ports, and cycles there by unit. */
  readonly ports: readonly { readonly at: number; readonly cycles: number }[];
}

/** What does not depend on the spatial choice either. */
interface Crossing {
  readonly number: number;
  readonly tensor: ProblemTensor;
  readonly side: Side;
  readonly child: Side | undefined;
  readonly lines: readonly LineRule[];
  readonly ports: readonly number[];
  /** pJ of one unit on the links of the arrays between. */
  readonly link: number;
  readonly linkUnit: number;
  /** Units that a different word saves on the links, by multicast, and adds once. */
  readonly linkUntouched: number;
  readonly linkFinal: number;
}

function lineRules(tensor: ProblemTensor, side: Side, child: Side | undefined, conventions: Conventions): readonly { readonly of: Side; readonly kind: AccessKind; readonly perDistinct: number }[] {
  const change = ({ memory }: Side): number => finalUnitOf(memory, tensor) - unitOf(memory, tensor);
  const untouched = ({ memory }: Side): number => (conventions.firstTouchReads ? 0 : -unitOf(memory, tensor));
  if (tensor.role !== "output") return [...(child === undefined ? [] : [{ of: child, kind: "fill" as const, perDistinct: 0 }]), { of: side, kind: "read", perDistinct: 0 }];
  return [
    ...(child === undefined ? [] : [{ of: child, kind: "fill" as const, perDistinct: untouched(child) }, { of: child, kind: "drain" as const, perDistinct: change(child) }]),
    { of: side, kind: "update", perDistinct: change(side) }, { of: side, kind: "read", perDistinct: untouched(side) },
  ];
}

function crossingsOf(problem: Problem, hardware: Hardware, keep: readonly (readonly string[])[], stageOf: readonly number[], firstPort: readonly number[], conventions: Conventions): readonly Crossing[] {
  const { levels, network } = hardware;
  return problem.tensors.flatMap((tensor, number) => {
    const chain = levels.flatMap((memory, level): Side[] => (level === tensor.top || (keep[level]!.includes(tensor.name) && (tensor.top === undefined || level < tensor.top)) ? [{ memory, level, stage: stageOf[level]!, whole: level === tensor.top }] : []));
    return chain.map((side, rank): Crossing => {
      const child = chain[rank - 1];
      const used: number[] = [];
      const lines = lineRules(tensor, side, child, conventions).map(({ of, kind, perDistinct }): LineRule => {
        const { energy: { read, write, update = write }, ports, wordBits } = of.memory;
        const silent = kind === "drain" && !conventions.drainOccupiesPort;
        return {
          outer: of === side, unit: unitOf(of.memory, tensor), perDistinct, accessUnits: accessUnits(of.memory),
          price: kind === "drain" && !conventions.drainReads ? 0 : kind === "read" || kind === "drain" ? read : kind === "fill" ? write : update,
          ports: ports.flatMap((port, index) => {
            if (silent || !port.carries.includes(kind) || (port.tensors !== undefined && !port.tensors.includes(tensor.name))) return [];
            const global = firstPort[of.level]! + index;
            if (!used.includes(global)) used.push(global);
            return [{ at: used.indexOf(global), cycles: 1 / (port.wordsPerCycle * (wordBits ?? 1)) }];
          }),
        };
      });
      const linked = network !== undefined && crossesArray(hardware, tensor, side.level, child?.level ?? -1) ? network : undefined;
      const linkUnit = linked === undefined ? 0 : unitOf(linked, tensor);
      return {
        number, tensor, side, child, lines, ports: used, link: linked === undefined ? 0 : networkPrice(linked), linkUnit: tensor.role === "output" ? 2 * linkUnit : linkUnit,
        linkUntouched: tensor.role !== "output" || conventions.firstTouchReads ? 0 : linkUnit, linkFinal: linked === undefined || tensor.role !== "output" ? 0 : finalUnitOf(linked, tensor) - linkUnit,
      };
    });
  });
}

/** What a spatial choice costs at least: every word once through every boundary. */
export interface LeastCost {
  readonly energy: number;
  /** By stage, pJ of the boundaries on its outer side. */
  readonly byStage: readonly number[];
  readonly leakage: number;
  readonly steps: number;
  /** Cycles of every port; overwritten by the next choice. */
  readonly ports: Float64Array;
}

export interface BoundaryMaker {
  of(choice: SpatialChoice): Boundaries;
  /** The same without the boundaries, which most choices never need. */
  least(choice: SpatialChoice): LeastCost;
}

/** The boundaries of any spatial choice. A layer has many choices, so what they have in common is worked out before the first of them. */
export function boundaryMaker(problem: Problem, hardware: Hardware, keep: readonly (readonly string[])[], stages: Stages, conventions: Conventions): BoundaryMaker {
  const { levels } = hardware;
  const stageOf = levels.map((_, level) => stages.findIndex((members) => members.includes(level)));
  const portLevels = levels.flatMap((memory, level) => memory.ports.map(() => level));
  const firstPort = levels.map((_, level) => portLevels.indexOf(level));
  const crossings = crossingsOf(problem, hardware, keep, stageOf, firstPort, conventions);
  const numberOf = new Map(problem.dimensions.map((name, number) => [name, number]));
  const leastWords = problem.tensors.map(leastWordsOf);
  const leaks = levels.flatMap(({ energy: { leak = 0 } }, level) => (leak === 0 ? [] : [{ leak, stage: stageOf[level]! }]));
  const dimensions = problem.dimensions.length;
  const pointEnergy = problem.points * hardware.pointEnergy;
  /** By stage and dimension, the factors of all stages inside; a row more for all of them. */
  const inside = Array.from({ length: stages.length + 1 }, () => new Float64Array(dimensions).fill(1));
  const seen = new Float64Array(dimensions);
  const [scratchSlope, scratchOffset]: [number[], number[]] = [[], []];
  /** Least cycles of the ports of every boundary, stage by stage as they are added up. */
  const portWork = crossings.map(({ ports }) => new Float64Array(ports.length));
  const outwards = stages.flatMap((_, stage) => crossings.flatMap(({ child }, index) => (child?.stage === stage ? [index] : [])));
  const leastPorts = new Float64Array(portLevels.length);

  /** Gives every boundary to `take`, or what it costs at least to `leastByStage`. */
  const walk = (choice: SpatialChoice, ports: Float64Array, take: ((stage: number, boundary: Boundary) => void) | undefined, leastByStage: number[]): Omit<Boundaries, "byStage"> => {
    const spread = stages.map(() => new Array<number>(dimensions).fill(1));
    for (const { level, dimension, bound } of choice.loops) spread[stageOf[level]!]![numberOf.get(dimension)!]! *= bound;
    for (let stage = 0; stage < stages.length; stage++) for (let d = 0; d < dimensions; d++) inside[stage + 1]![d] = inside[stage]![d]! * spread[stage]![d]!;
    const everything = inside[stages.length]!;
    let used = 1;
    let points = 1;
    for (let d = 0; d < dimensions; d++) { used *= everything[d]!; points *= choice.bounds[d]!; }
    const steps = points / used;
    /** Copies of a memory. */
    const copies = (stage: number): number => {
      let product = 1;
      for (let d = 0; d < dimensions; d++) product *= everything[d]! / inside[stage + 1]![d]!;
      return product;
    };
    /** What one copy sees of the layer in `seen`: everything inside, and all loops in time. */
    const look = (stage: number, whole: boolean): void => {
      for (let d = 0; d < dimensions; d++) seen[d] = whole ? choice.bounds[d]! : choice.bounds[d]! / (everything[d]! / inside[stage + 1]![d]!);
    };
    const distinctOf = (tensor: ProblemTensor, { stage, whole }: Side): number => { look(stage, whole); return tileWords(tensor, seen); };
    let energy = pointEnergy;

    for (let index = 0; index < crossings.length; index++) {
      const { number, tensor, side, child, lines, ports: own, link, linkUnit, linkUntouched, linkFinal } = crossings[index]!;
      const [from, to] = [inside[child === undefined ? 0 : child.stage + 1]!, inside[side.whole ? stages.length : side.stage + 1]!];
      let children = 1;
      let indifferent = 1;
      for (let d = 0; d < dimensions; d++) if (tensor.relevant[d]!) children *= to[d]! / from[d]!; else indifferent *= to[d]! / from[d]!;
      const outerCopies = side.whole ? 1 : copies(side.stage);
      const outerDistinct = distinctOf(tensor, side);
      let slope = outerCopies * link * children * indifferent * linkUnit;
      let offset = outerCopies * link * outerDistinct * (linkFinal - linkUntouched * indifferent);
      if (child === undefined) {
        // Arithmetic takes (or gives) one word per step.
        energy += slope * steps + offset;
        for (const line of lines) {
          const units = children * line.unit * steps + outerDistinct * line.perDistinct;
          energy += outerCopies * line.price * (conventions.wholeAccesses ? Math.ceil(units / line.accessUnits) : units / line.accessUnits);
          for (const { at, cycles } of line.ports) ports[own[at]!]! += units * cycles;
        }
        continue;
      }
      const innerCopies = copies(child.stage);
      const innerDistinct = distinctOf(tensor, child);
      const portSlope = take === undefined ? scratchSlope : new Array<number>(own.length).fill(0);
      const portOffset = take === undefined ? scratchOffset : new Array<number>(own.length).fill(0);
      for (let at = 0; at < own.length; at++) { portSlope[at] = 0; portOffset[at] = 0; }
      const links = { slope, offset };
      let whole = true;
      for (const line of lines) {
        const [ownSlope, ownOffset] = line.outer ? [children * line.unit, outerDistinct * line.perDistinct] : [line.unit, innerDistinct * line.perDistinct];
        const price = ((line.outer ? outerCopies : innerCopies) * line.price) / line.accessUnits;
        slope += price * ownSlope;
        offset += price * ownOffset;
        if (conventions.wholeAccesses && price !== 0 && !(Number.isInteger(ownSlope / line.accessUnits) && Number.isInteger(ownOffset / line.accessUnits))) whole = false;
        for (const { at, cycles } of line.ports) { portSlope[at]! += ownSlope * cycles; portOffset[at]! += ownOffset * cycles; }
      }
      look(child.stage, false);
      const words = leastWords[number]!(seen);
      if (take === undefined) {
        leastByStage[child.stage]! += slope * words + offset;
        const work = portWork[index]!;
        for (let at = 0; at < own.length; at++) work[at] = portSlope[at]! * words + portOffset[at]!;
        continue;
      }
      const rounded = whole ? undefined : (words: number): number => {
        let sum = links.slope * words + links.offset;
        for (const line of lines) {
          const units = line.outer ? children * line.unit * words + outerDistinct * line.perDistinct : line.unit * words + innerDistinct * line.perDistinct;
          sum += (line.outer ? outerCopies : innerCopies) * line.price * Math.ceil(units / line.accessUnits);
        }
        return sum;
      };
      take(child.stage, { tensor: number, level: child.level, slope, offset, rounded, leastWords: words, ports: own, portSlope, portOffset });
    }
    let leakage = hardware.staticEnergy ?? 0;
    for (const { leak, stage } of leaks) leakage += leak * copies(stage);
    return { energy, leakage, steps, ports, portLevels, spread };
  };

  return {
    of(choice) {
      const byStage: Boundary[][] = stages.map(() => []);
      return { ...walk(choice, new Float64Array(portLevels.length), (stage, boundary) => byStage[stage]!.push(boundary), []), byStage };
    },
    least(choice) {
      const byStage = stages.map(() => 0);
      const { energy, leakage, steps } = walk(choice, leastPorts.fill(0), undefined, byStage);
      for (const index of outwards) {
        const { ports } = crossings[index]!;
        for (let at = 0; at < ports.length; at++) leastPorts[ports[at]!]! += portWork[index]![at]!;
      }
      let sum = energy;
      for (const own of byStage) sum += own;
      return { energy: sum, byStage, leakage, steps, ports: leastPorts };
    },
  };
}
