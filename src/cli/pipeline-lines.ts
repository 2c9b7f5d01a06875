/** Chunks that work side by side, in lines for people and as a document: sizes, busy times, what limits the period, and what would do better. */
import type { Sizing } from "../hw/pipeline/chunk-sizing.js";
import type { CostRow, NetCost } from "../hw/cost-model.js";
import { formatMetric } from "../hw/metrics.js";
import { EXTERNAL, type Pipeline, type PipelineAlternatives } from "../hw/pipeline/pipeline.js";

const percent = (part: number, whole: number): string => `${whole === 0 ? 0 : Math.round((100 * part) / whole)} %`;
const seconds = (value: number): string => formatMetric("latency", value);
const product = (value: number): string => `${value.toExponential(3)} Js`;

const sizeText = ([rows, columns]: readonly [number, number]): string => (rows * columns === 0 ? "no elements" : `${rows} x ${columns}`);

/** Sizes and how they were found: `mac 9 x 12 (108 at 93 %)`. */
const sizesText = ({ chunks }: Pick<Sizing, "chunks">): string => chunks.map(({ chunk, array, elements, utilisation }) => `${chunk} ${sizeText(array)}${elements === 0 ? "" : ` (${elements}, ${Math.round(100 * utilisation)} % used)`}`).join(", ");

const roundsText = ({ rounds, settled }: Sizing): string => `${rounds.length} round${rounds.length === 1 ? "" : "s"}, ${settled ? "settled" : "still moving"}`;

function pipelineHead({ chunks, schedule, period, externalTime, limitedBy, externalBinds }: Pipeline, busy: NetCost["busy"]): string[] {
  const others = Object.entries(busy).filter(([unit, own]) => own > 0 && unit !== "-" && !chunks.some(({ name }) => name === unit));
  const units = [...chunks.map(({ name, busy: own }) => [name, own] as const), ...others, [EXTERNAL, externalTime] as const];
  return [
    `pipeline    ${units.map(([unit, own]) => `${unit} ${seconds(own)} (${percent(own, period)})`).join(", ")}`,
    `limited by  ${limitedBy === "-" ? "input and output" : limitedBy}: ${externalBinds ? "the traffic of all chunks over its bandwidth takes longer than any chunk" : schedule.waited[limitedBy] === undefined ? "nobody else takes as long" : `with ${seconds(schedule.waited[limitedBy]!)} of waiting for memory`}`,
  ];
}

/** Nothing where there is only one chunk. */
export function pipelineLines(pipeline: Pipeline | undefined, cost: NetCost, { balanced, dataflows }: PipelineAlternatives = {}): string[] {
  if (pipeline === undefined) return [];
  const { chunks, sizing, shared, energyPeriod, period, schedule } = pipeline;
  const { energy } = cost.totals;
  return [
    `chunks      ${sizing === undefined ? chunks.map(({ name, array, elements }) => `${name} ${sizeText(array)} (${elements})`).join(", ") : `${sizesText(sizing)}; sized for this network in ${roundsText(sizing)}`}`,
    ...pipelineHead(pipeline, cost.busy),
    ...(shared === undefined ? [] : [`memories    shared as layers come: ${formatMetric("energy", energy)}, period ${seconds(period)}, energy x period ${product(energyPeriod)}; with fixed parts ${formatMetric("energy", shared.energy)}, period ${seconds(shared.period)}, energy x period ${product(shared.energy * shared.period)}`,
      ...(Object.keys(schedule.waited).length === 0 ? [] : [`waiting     ${Object.entries(schedule.waited).map(([unit, own]) => `${unit} ${seconds(own)}`).join(", ")} for memory`])]),
    ...(balanced === undefined ? [] : [`balance     ${sizesText(balanced)}: sizes in the same area with which no chunk's arithmetic waits for another's (${roundsText(balanced)}); ${formatMetric("energy", balanced.cost.totals.energy)}, period ${seconds(balanced.cost.totals.period)}, energy x period ${product(balanced.cost.totals.energy * balanced.cost.totals.period)}`]),
    ...(dataflows === undefined ? [] : [`dataflows   one for each chunk: ${Object.entries(dataflows.dataflows).map(([chunk, flow]) => `${chunk} ${flow}`).join(", ")}, the best of ${dataflows.looked} assignments; ${formatMetric("energy", dataflows.cost.totals.energy)}, period ${seconds(dataflows.cost.totals.period)}, energy x period ${product(dataflows.energyPeriod)} (the best for each layer: ${product(energyPeriod)})`]),
  ];
}

const sizingDocument = ({ chunks, rounds, settled, cost: { totals } }: Sizing): Readonly<Record<string, unknown>> =>
  ({ chunks, rounds, settled, energy: totals.energy, period: totals.period, energyPeriod: totals.energy * totals.period });

/** For machines; the timeline names layers by their paths. */
export function pipelineDocument(pipeline: Pipeline | undefined, rows: readonly CostRow[], { balanced, dataflows }: PipelineAlternatives = {}): Readonly<Record<string, unknown>> {
  if (pipeline === undefined) return {};
  const { chunks, period, latency, throughput, energyPeriod, limitedBy, externalBinds, externalTime, schedule, shared, sizing } = pipeline;
  return {
    pipeline: {
      chunks, period, latency, throughput, energyPeriod, limitedBy, externalBinds, externalTime,
      timeline: schedule.issues.map(({ layer, unit, start, end, room, held }) => ({ layer: rows[layer]!.path, chunk: unit, start, end, room, held })),
      ...(shared === undefined ? {} : { fixedParts: { energy: shared.energy, period: shared.period, energyPeriod: shared.energy * shared.period } }),
      ...(sizing === undefined ? {} : { sizing: sizingDocument(sizing) }), ...(balanced === undefined ? {} : { balanced: sizingDocument(balanced) }),
      ...(dataflows === undefined ? {} : { dataflows: { chosen: dataflows.dataflows, looked: dataflows.looked, energy: dataflows.cost.totals.energy, period: dataflows.cost.totals.period, energyPeriod: dataflows.energyPeriod } }),
    },
  };
}
