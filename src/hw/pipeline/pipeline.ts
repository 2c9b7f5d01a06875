/**
 * A network on chunks that work side by side, as a whole: who is busy how long, what the time between two results hangs on, when everybody
 * runs what, how large balanced arrays would be, and what one dataflow for each chunk would cost.
 */
import type { Net } from "../../ir/net.js";
import { bestDataflows, type DataflowAssignment } from "./chunk-dataflows.js";
import type { Schedule } from "./chunk-schedule.js";
import { allSized, sizeChunks, type Sizing } from "./chunk-sizing.js";
import type { CostModel, NetCost, Totals } from "../cost-model.js";
import { fixedSchedule } from "./shared-buffer.js";

/** The external memory among what a period may hang on. */
export const EXTERNAL = "external memory";

export interface PipelineChunk {
  readonly name: string;
  readonly array: readonly [number, number];
  readonly elements: number;
  /** Seconds of a period. */
  readonly busy: number;
  readonly waited: number;
}

export interface Pipeline {
  readonly chunks: readonly PipelineChunk[];
  /** Seconds between two results. */
  readonly period: number;
  /** Seconds of one input through all layers. */
  readonly latency: number;
  /** Results per second. */
  readonly throughput: number;
  /** Joule seconds. */
  readonly energyPeriod: number;
  /** A chunk, the vector unit, or the external memory. */
  readonly limitedBy: string;
  /** The traffic of all chunks takes longer than any of them. */
  readonly externalBinds: boolean;
  readonly externalTime: number;
  readonly schedule: Schedule;
  /** The schedule has rooms that change; `fixed` is what the network would cost with fixed parts. */
  readonly shared?: Totals;
  /** How the arrays were sized, where they are. */
  readonly sizing?: Sizing;
}

/** Of one network on the accelerator of `model`; undefined where there is one chunk only. */
export function pipelineOf(model: CostModel, cost: NetCost): Pipeline | undefined {
  const accelerator = cost.sizing?.accelerator ?? model.accelerator;
  if (accelerator.chunks.length < 2) return undefined;
  const { busy, totals, externalTime, shared, sizing } = cost;
  const schedule = shared?.schedule ?? fixedSchedule(accelerator, cost.rows);
  const done = new Map<string, number>();
  for (const { unit, end } of schedule.issues) done.set(unit, Math.max(end, done.get(unit) ?? 0));
  const [last, end] = [...done].reduce((most, next) => (next[1] > most[1] ? next : most), ["-", 0]);
  const externalBinds = externalTime > end * (1 + 1e-9);
  return {
    chunks: accelerator.chunks.map(({ name, array }) => ({ name, array, elements: array[0] * array[1], busy: busy[name] ?? 0, waited: schedule.waited[name] ?? 0 })),
    period: totals.period, latency: totals.latency, throughput: totals.period === 0 ? 0 : 1 / totals.period, energyPeriod: totals.energy * totals.period,
    limitedBy: externalBinds ? EXTERNAL : last, externalBinds, externalTime, schedule,
    ...(shared === undefined ? {} : { shared: shared.fixed }), ...(sizing === undefined ? {} : { sizing }),
  };
}

export interface PipelineAlternatives {
  /** Arrays for this network in the area that the declared ones take, where they are declared. */
  readonly balanced?: Sizing;
  readonly dataflows?: DataflowAssignment;
}

/** What else the chunks could be for one network: priced anew, so asked for one network only. */
export function pipelineAlternatives(model: CostModel, net: Net, cost: NetCost): PipelineAlternatives {
  const { choices, variants, ...accelerator } = model.accelerator;
  if (accelerator.chunks.length < 2) return {};
  const dataflows = bestDataflows(model, net, cost);
  return {
    ...(accelerator.balancedArea === undefined ? { balanced: sizeChunks(allSized(accelerator), (sized) => model.withAccelerator(sized).netCost(net), cost) } : {}),
    ...(dataflows === undefined ? {} : { dataflows }),
  };
}
