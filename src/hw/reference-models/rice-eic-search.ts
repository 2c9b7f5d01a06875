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
}

/** `normalised_sum` is (E - Emin) / Emax + (L - Lmin) / Lmax over all tilings; `energy_delay` the product. */
export type PredictorObjective = "normalised_sum" | "energy_delay" | "energy" | "latency";

export interface PredictorChoice { readonly tiling: Tiling; readonly energy: number; readonly cycles: number; readonly bufferWords: number }

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

/** Words of the buffer a tiling fills with inputs and partial sums. */
export function tilingBufferWords(layer: PredictorLayer, dataflow: PredictorDataflow, t: Tiling): number {
  const [r, s] = layer.kernel;
  const rows = dataflow === "row_stationary" ? t.e1 : t.e0 * t.e1;
  const columns = dataflow === "row_stationary" ? layer.output[1] : t.f0 * t.f1;
  const inputs = t.n0 * t.c1 * t.c0 * ((rows - 1) * layer.stride + r) * ((columns - 1) * layer.stride + s);
  return inputs + t.n0 * t.m2 * t.m1 * t.m0 * rows * columns;
}

/** The published limits are those of the row-stationary template; the other dataflows are held to the same registers. */
export function feasibleTilings(layer: PredictorLayer, array: PredictorArray, dataflow: PredictorDataflow): readonly Tiling[] {
  const s = dataflow === "row_stationary" ? layer.kernel[1] : 1;
  const outputs = factorisations(layer.outputChannels, 4).filter(([m0]) => m0! <= array.outputRegisters);
  const inputs = factorisations(layer.inputChannels, 3).filter(([c0]) => c0! * s < array.inputRegisters && c0! * s < array.weightRegisters);
  const rows = sideSplits(layer.output[0], dataflow, "e").filter(([, e1]) => dataflow !== "row_stationary" || e1 !== 1 || layer.kind === "fully_connected");
  const columns = sideSplits(layer.output[1], dataflow, "f");
  const batches = factorisations(layer.batch, 2);
  const found: Tiling[] = [];
  for (const [m0, m1, m2, m3] of outputs) for (const [c0, c1, c2] of inputs) {
    if (m0! * c0! * s >= array.weightRegisters || m1! * c1! >= array.elements) continue;
    for (const [e0, e1, e3] of rows) for (const [f0, f1, f3] of columns) for (const [n0, n3] of batches) {
      const tiling: Tiling = { m0: m0!, m1: m1!, m2: m2!, m3: m3!, c0: c0!, c1: c1!, c2: c2!, c3: 1, e0: e0!, e1: e1!, e3: e3!, f0: f0!, f1: f1!, f3: f3!, n0: n0!, n3: n3! };
      if (usedElements(layer, dataflow, tiling) < array.elements && tilingBufferWords(layer, dataflow, tiling) < array.bufferWords) found.push(tiling);
    }
  }
  return found;
}

/** The best feasible tiling, the first of equals; undefined when none fits. Energy in pJ. */
export function chooseTiling(layer: PredictorLayer, array: PredictorArray, prices: PredictorPrices, dataflow: PredictorDataflow, objective: PredictorObjective): PredictorChoice | undefined {
  const tilings = feasibleTilings(layer, array, dataflow);
  const energies = Float64Array.from(tilings, (tiling) => tilingEnergy(layer, tilingWords(layer, dataflow, tiling), prices));
  const cycles = Float64Array.from(tilings, (tiling) => tilingCycles(layer, dataflow, tiling));
  const [leastEnergy, mostEnergy] = range(energies);
  const [leastCycles, mostCycles] = range(cycles);
  let best = -1;
  let bestScore = Infinity;
  tilings.forEach((_, index) => {
    const energy = energies[index]!;
    const latency = cycles[index]!;
    const score = objective === "energy" ? energy : objective === "latency" ? latency : objective === "energy_delay" ? energy * latency
      : (energy - leastEnergy) / mostEnergy + (latency - leastCycles) / mostCycles;
    if (score < bestScore) { bestScore = score; best = index; }
  });
  const tiling = tilings[best];
  return tiling === undefined ? undefined : { tiling, energy: energies[best]!, cycles: cycles[best]!, bufferWords: tilingBufferWords(layer, dataflow, tiling) };
}

function range(values: Float64Array): readonly [number, number] {
  let least = Infinity;
  let most = -Infinity;
  for (const value of values) { least = Math.min(least, value); most = Math.max(most, value); }
  return [least, most];
}
