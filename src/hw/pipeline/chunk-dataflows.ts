/**
 * One dataflow for each chunk (NASA, Shi et al., ICCAD 2022): of all assignments of dataflows to chunks the one with the least energy times
 * period for one network. A chunk with several dataflows takes the best for each layer instead, unless they are `choose`n.
 */
import type { Net } from "../../ir/net.js";
import type { Accelerator, Dataflow } from "../../ir/plan.js";
import type { CostModel, NetCost } from "../cost-model.js";

/** Assignments priced at most. */
const LIMIT = 1024;

export interface DataflowAssignment {
  /** By chunk, of the chunks that have something to choose and to do. */
  readonly dataflows: Readonly<Record<string, Dataflow>>;
  readonly cost: NetCost;
  /** Joule seconds. */
  readonly energyPeriod: number;
  /** All assignments were priced, so many. */
  readonly looked: number;
}

/** Every way to give each of `chunks` one of its dataflows. */
function assignments(accelerator: Accelerator, chunks: ReadonlySet<string>): readonly (readonly (Dataflow | undefined)[])[] {
  return accelerator.chunks.reduce<readonly (readonly (Dataflow | undefined)[])[]>(
    (rows, { name, dataflow }) => rows.flatMap((row) => (chunks.has(name) ? dataflow : [undefined]).map((own) => [...row, own])), [[]]);
}

const withDataflows = (accelerator: Accelerator, flows: readonly (Dataflow | undefined)[]): Accelerator =>
  ({ ...accelerator, chunks: accelerator.chunks.map((chunk, index) => { const own = flows[index]; return own === undefined ? chunk : { ...chunk, dataflow: [own] }; }) });

/** Undefined where no chunk that the network uses has several dataflows, or where the assignments are too many to try. `present` is its cost on the accelerator as it stands. */
export function bestDataflows(model: CostModel, net: Net, present: NetCost): DataflowAssignment | undefined {
  const { choices, variants, ...accelerator } = model.accelerator;
  const open = new Set(accelerator.chunks.filter(({ name, dataflow, map }) => map === undefined && dataflow.length > 1 && (present.busy[name] ?? 0) > 0).map(({ name }) => name));
  const count = accelerator.chunks.reduce((product, { name, dataflow }) => (open.has(name) ? product * dataflow.length : product), 1);
  if (count === 1 || count > LIMIT) return undefined;
  let best: DataflowAssignment | undefined;
  for (const flows of assignments(accelerator, open)) {
    const cost = model.withAccelerator(withDataflows(accelerator, flows)).netCost(net);
    const energyPeriod = cost.totals.energy * cost.totals.period;
    if (best !== undefined && best.energyPeriod <= energyPeriod) continue;
    best = { cost, energyPeriod, looked: count, dataflows: Object.fromEntries(accelerator.chunks.flatMap(({ name }, index) => { const own = flows[index]; return own === undefined ? [] : [[name, own] as const]; })) };
  }
  return best;
}
