/**
 * All integer tilings of the RICE-EIC template that fit an array, and the one its scripts would pick. The published limits are
 * strict (`used < budget`), so a 14 x 12 array never runs all 168 places; that is kept.
 */
import { tilingCycles, tilingEnergy, tilingWords, usedElements, type PredictorDataflow, type PredictorLayer, type PredictorPrices, type Tiling } from "./rice-eic.js";

export interface PredictorArray {
  /** Used elements stay below this. */
  readonly elements: number;
  /** Words; the input and weight registers must be larger than what they hold, the output registers may be full. */
  readonly inputRegisters: number;
  readonly weightRegisters: number;
  readonly outputRegisters: number;
  readonly bufferWords: number;
  /** Rows and columns that the used elements have to fit as well; absent: only their number counts, as published. */
  readonly sides?: readonly [number, number];
}

/** `normalised_sum` is (E - Emin) / Emax + (L - Lmin) / Lmax over all tilings; `energy_delay` the product. */
export type PredictorObjective = "normalised_sum" | "energy_delay" | "energy" | "latency";

export interface PredictorChoice {
  readonly tiling: Tiling;
  readonly dataflow: PredictorDataflow;
  readonly energy: number;
  readonly cycles: number;
  readonly bufferWords: number;
  /** Feasible tilings of all dataflows asked for. */
  readonly looked: number;
}

/** All ways to write `value` as an ordered product of `parts` factors. */
export function factorisations(value: number, parts: number): readonly (readonly number[])[] {
  if (parts === 1) return [[value]];
  const found: number[][] = [];
  for (let factor = 1; factor <= value; factor++) {
    if (value % factor === 0) for (const rest of factorisations(value / factor, parts - 1)) found.push([factor, ...rest]);
  }
  return found;
}

const whole = (value: number): readonly (readonly [number, number, number])[] => [[value, 1, 1]];

/** Splits of an output side into (register, array, outer) as the dataflow's template has them. */
function sideSplits(value: number, dataflow: PredictorDataflow, side: "e" | "f"): readonly (readonly number[])[] {
  switch (dataflow) {
    case "row_stationary": return side === "f" ? whole(value) : factorisations(value, 2).map(([inner, outer]) => [1, inner!, outer!]);
    case "weight_stationary": return factorisations(value, 2).map(([register, inner]) => [register!, inner!, 1]);
    case "input_stationary":
    case "output_stationary": return factorisations(value, 3);
  }
}

/**
 * Splits of the filters (register, array, buffer, outer) and of the channels (register, array, buffer). Inputs that stay meet all filters
 * inside, sums that stay all channels: those templates have no loops for them further out, or cycles times elements would miss points.
 */
function filterSplits(value: number, dataflow: PredictorDataflow): readonly (readonly number[])[] {
  return dataflow === "input_stationary" ? factorisations(value, 2).map(([register, inner]) => [register!, inner!, 1, 1]) : factorisations(value, 4);
}

function channelSplits(value: number, dataflow: PredictorDataflow): readonly (readonly number[])[] {
  return dataflow === "output_stationary" ? factorisations(value, 2).map(([register, inner]) => [register!, inner!, 1]) : factorisations(value, 3);
}

/** Words of the buffer a tiling fills with inputs and partial sums. */
export function tilingBufferWords(layer: PredictorLayer, dataflow: PredictorDataflow, t: Tiling): number {
  const [r, s] = layer.kernel;
  const rows = dataflow === "row_stationary" ? t.e1 : t.e0 * t.e1;
  const columns = dataflow === "row_stationary" ? layer.output[1] : t.f0 * t.f1;
  const inputs = t.n0 * t.c1 * t.c0 * ((rows - 1) * layer.stride + r) * ((columns - 1) * layer.stride + s);
  return inputs + t.n0 * t.m2 * t.m1 * t.m0 * rows * columns;
}

/** Reductions stand across the rows of the array, positions across its columns; filters take whatever is left of both. */
function fitsSides(layer: PredictorLayer, dataflow: PredictorDataflow, t: Tiling, [rows, columns]: readonly [number, number]): boolean {
  const [r, s] = layer.kernel;
  const taps = dataflow === "row_stationary" ? r : dataflow === "weight_stationary" ? r * s : 1;
  for (let across = 1; across <= t.m1; across++) {
    if (t.m1 % across === 0 && taps * t.c1 * across <= rows && t.e1 * t.f1 * (t.m1 / across) <= columns) return true;
  }
  return false;
}

/**
 * Every tiling that fits, always in the same order. The published limits are those of the row-stationary template; the other dataflows are
 * held to the same registers.
 */
function visitTilings(layer: PredictorLayer, array: PredictorArray, dataflow: PredictorDataflow, visit: (tiling: Tiling) => void): void {
  const s = dataflow === "row_stationary" ? layer.kernel[1] : 1;
  const outputs = filterSplits(layer.outputChannels, dataflow).filter(([m0]) => m0! <= array.outputRegisters);
  const inputs = channelSplits(layer.inputChannels, dataflow).filter(([c0]) => c0! * s < array.inputRegisters && c0! * s < array.weightRegisters);
  const rows = sideSplits(layer.output[0], dataflow, "e").filter(([, e1]) => dataflow !== "row_stationary" || e1 !== 1 || layer.kind === "fully_connected");
  const columns = sideSplits(layer.output[1], dataflow, "f");
  const batches = factorisations(layer.batch, 2);
  for (const [m0, m1, m2, m3] of outputs) for (const [c0, c1, c2] of inputs) {
    if (m0! * c0! * s >= array.weightRegisters || m1! * c1! >= array.elements) continue;
    for (const [e0, e1, e3] of rows) for (const [f0, f1, f3] of columns) {
      if (m1! * c1! * e1! * f1! >= array.elements) continue;
      for (const [n0, n3] of batches) {
        const tiling: Tiling = { m0: m0!, m1: m1!, m2: m2!, m3: m3!, c0: c0!, c1: c1!, c2: c2!, c3: 1, e0: e0!, e1: e1!, e3: e3!, f0: f0!, f1: f1!, f3: f3!, n0: n0!, n3: n3! };
        if (usedElements(layer, dataflow, tiling) >= array.elements || tilingBufferWords(layer, dataflow, tiling) >= array.bufferWords) continue;
        if (array.sides === undefined || fitsSides(layer, dataflow, tiling, array.sides)) visit(tiling);
      }
    }
  }
}

export function feasibleTilings(layer: PredictorLayer, array: PredictorArray, dataflow: PredictorDataflow): readonly Tiling[] {
  const found: Tiling[] = [];
  visitTilings(layer, array, dataflow, (tiling) => found.push(tiling));
  return found;
}

/** The best feasible tiling of any of the dataflows, the first of equals; undefined when none fits. Energy in pJ. */
export function chooseAmong(layer: PredictorLayer, array: PredictorArray, prices: PredictorPrices, dataflows: readonly PredictorDataflow[], objective: PredictorObjective): PredictorChoice | undefined {
  const each = (visit: (tiling: Tiling, dataflow: PredictorDataflow, energy: number, cycles: number) => void): void => {
    for (const dataflow of dataflows) {
      visitTilings(layer, array, dataflow, (tiling) => visit(tiling, dataflow, tilingEnergy(layer, tilingWords(layer, dataflow, tiling), prices), tilingCycles(layer, dataflow, tiling)));
    }
  };
  const range = { leastEnergy: Infinity, mostEnergy: -Infinity, leastCycles: Infinity, mostCycles: -Infinity };
  if (objective === "normalised_sum") {
    each((_, __, energy, cycles) => {
      range.leastEnergy = Math.min(range.leastEnergy, energy);
      range.mostEnergy = Math.max(range.mostEnergy, energy);
      range.leastCycles = Math.min(range.leastCycles, cycles);
      range.mostCycles = Math.max(range.mostCycles, cycles);
    });
  }
  const scoreOf = (energy: number, cycles: number): number => {
    switch (objective) {
      case "energy": return energy;
      case "latency": return cycles;
      case "energy_delay": return energy * cycles;
      case "normalised_sum": return (energy - range.leastEnergy) / range.mostEnergy + (cycles - range.leastCycles) / range.mostCycles;
    }
  };
  let best: { readonly tiling: Tiling; readonly dataflow: PredictorDataflow; readonly energy: number; readonly cycles: number } | undefined;
  let bestScore = Infinity;
  let looked = 0;
  each((tiling, dataflow, energy, cycles) => {
    looked++;
    const score = scoreOf(energy, cycles);
    // Of the fastest the one with the least energy.
    if (score < bestScore || (objective === "latency" && score === bestScore && energy < best!.energy)) {
      bestScore = score;
      best = { tiling, dataflow, energy, cycles };
    }
  });
  return best === undefined ? undefined : { ...best, bufferWords: tilingBufferWords(layer, best.dataflow, best.tiling), looked };
}

export function chooseTiling(layer: PredictorLayer, array: PredictorArray, prices: PredictorPrices, dataflow: PredictorDataflow, objective: PredictorObjective): PredictorChoice | undefined {
  return chooseAmong(layer, array, prices, [dataflow], objective);
}
