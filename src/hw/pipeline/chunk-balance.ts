/**
 * Chunks that work side by side on the layers of different inputs (NASA, Shi et al., ICCAD 2022): how many processing elements each needs
 * so that none waits for another, and which variant of a chosen accelerator does best by one network.
 */
import { chipArea } from "../../ir/plans/chip-area.js";
import type { Net } from "../../ir/net.js";
import type { Accelerator } from "../../ir/plan.js";
import type { CostModel, CostRow, NetCost } from "../cost-model.js";

/** What a chunk needs of an area: its work, the area of an element, and how many elements an array grows by at once. */
export interface ElementDemand { readonly work: number; readonly area: number; readonly step: number }

/**
 * Equal throughput in whole elements: the numbers that minimise the greatest `work / elements` with `sum(area * elements) <= total`. The
 * slowest gets the next step until its step has no room any more, which no other whole numbers in the area beat; then whoever is slowest of
 * those that still fit. Of equals the smaller element is first, so 168 give 109 and 110 for the same work (dossier 02). No work, no
 * elements; else one step at least, the caller sees to it that these have room.
 */
export function balancedElements(demands: readonly ElementDemand[], total: number): readonly number[] {
  const elements = demands.map(({ work, step }) => (work > 0 ? step : 0));
  let left = demands.reduce((rest, { area }, index) => rest - elements[index]! * area, total);
  const room = total * 1e-9;
  let candidates = demands.flatMap(({ work }, index) => (work > 0 ? [index] : []));
  const time = (index: number): number => demands[index]!.work / elements[index]!;
  const price = (index: number): number => demands[index]!.area * demands[index]!.step;
  while (candidates.length > 0) {
    const slowest = candidates.reduce((best, next) => {
      const [a, b] = [time(best), time(next)];
      return Math.abs(a - b) <= 1e-12 * a ? (price(next) < price(best) ? next : best) : b > a ? next : best;
    });
    if (price(slowest) <= left + room) {
      elements[slowest]! += demands[slowest]!.step;
      left -= price(slowest);
    } else candidates = candidates.filter((index) => index !== slowest);
  }
  return elements;
}

/** Cycles times elements of each chunk of `accelerator`, on which the rows were priced: its points over the used share of its array. */
export function chunkWork(rows: readonly CostRow[], { chunks }: Accelerator): readonly { readonly points: number; readonly work: number }[] {
  return chunks.map(({ name, array: [height, width] }) => rows.reduce((sum, row) => {
    if (row.chunk !== name) return sum;
    const own = row.cycles * height * width;
    return { points: sum.points + own * row.utilisation, work: sum.work + own };
  }, { points: 0, work: 0 }));
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
