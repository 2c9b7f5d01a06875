/**
 * Chunks that work side by side on the layers of different inputs (NASA, Shi et al., ICCAD 2022): how many processing elements each would
 * need so that none waits for another, and which variant of a chosen accelerator does best by one network.
 */
import { chipArea, elementArea } from "../ir/plans/chip-area.js";
import type { Net } from "../ir/net.js";
import type { Accelerator } from "../ir/plan.js";
import type { CostModel, NetCost } from "./cost-model.js";

export interface ChunkShare {
  readonly chunk: string;
  readonly elements: number;
  /** Elements in the same area for which every chunk needs the same time for its arithmetic. */
  readonly balanced: number;
}

/**
 * Equal throughput: `elements_t = A * w_t / sum(a_t * w_t)` with `w_t` the points of a chunk over the used share of its array, `a_t` the area
 * of one of its elements and `A` the area of all elements now. It makes `w_t / elements_t` equal, which minimises its maximum within the
 * area. Rounded down, so that the area is kept; a chunk with work has one element at least.
 */
export function balancedChunks({ rows }: Pick<NetCost, "rows">, { chunks, technology }: Accelerator): readonly ChunkShare[] {
  const work = new Map<string, number>();
  for (const row of rows) {
    const chunk = chunks.find(({ name }) => name === row.chunk);
    // Cycles times elements: points over the used share.
    if (chunk !== undefined) work.set(row.chunk, (work.get(row.chunk) ?? 0) + row.cycles * chunk.array[0] * chunk.array[1]);
  }
  const areas = chunks.map((chunk) => elementArea(chunk, technology));
  const total = chunks.reduce((sum, { array: [height, width] }, index) => sum + height * width * areas[index]!, 0);
  const weighed = chunks.reduce((sum, { name }, index) => sum + areas[index]! * (work.get(name) ?? 0), 0);
  return chunks.map(({ name, array: [height, width] }) => {
    const own = work.get(name) ?? 0;
    return { chunk: name, elements: height * width, balanced: own === 0 ? 0 : Math.max(1, Math.floor((total * own) / weighed)) };
  });
}

export interface VariantChoice {
  /** Number of the variant. */
  readonly index: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly cost: NetCost;
  /** Joule seconds: energy times period. */
  readonly energyPeriod: number;
  /** Variants within the area. */
  readonly looked: number;
  readonly area: number;
}

/** The variant within its area with the least energy times period for one network, by trying all; undefined where nothing is chosen. */
export function bestVariant(model: CostModel, net: Net): VariantChoice | undefined {
  const { choices = [], variants = [] } = model.accelerator;
  const fitting = variants.flatMap(({ accelerator, fits }, index) => (fits ? [{ index, accelerator }] : []));
  let best: { readonly index: number; readonly accelerator: Accelerator; readonly cost: NetCost; readonly energyPeriod: number } | undefined;
  for (const { index, accelerator } of fitting) {
    const cost = model.variant(index).netCost(net);
    const energyPeriod = cost.totals.energy * cost.totals.period;
    if (best === undefined || energyPeriod < best.energyPeriod) best = { index, accelerator, cost, energyPeriod };
  }
  if (best === undefined) return undefined;
  const labels: [string, string][] = [];
  let rest = best.index;
  for (const { path, labels: options } of [...choices].reverse()) {
    labels.unshift([path, options[rest % options.length]!]);
    rest = Math.floor(rest / options.length);
  }
  return { index: best.index, labels: Object.fromEntries(labels), cost: best.cost, energyPeriod: best.energyPeriod, looked: fitting.length, area: chipArea(best.accelerator) };
}
