/** Why a predicted layer costs what it costs: the tiling of its template as a loop nest, and what crosses every memory. */
import type { CostRow } from "../hw/cost-model.js";
import { formatMetric } from "../hw/metrics.js";
import type { PredictedNest } from "../hw/predictor/predictor.js";
import { printTiling, printTilingFlat } from "../hw/predictor/text.js";
import { grouped, textTable, type Column } from "./table.js";

const columns: readonly Column[] = [{ title: "memory" }, { title: "tensor" }, { title: "words", align: "right" }, { title: "per word", align: "right" }, { title: "energy", align: "right" }];

interface Crossing { readonly memory: string; readonly tensor: "inputs" | "weights" | "sums"; readonly words: number; readonly price: number; readonly energy: number }

/** Words and joules of all runs of the layer. */
function crossings({ words, prices, repeats, memories: names }: PredictedNest): readonly Crossing[] {
  return (["dram", "buffer", "network", "registers"] as const).flatMap((level) => (["inputs", "weights", "sums"] as const).flatMap((tensor) => {
    const of = tensor === "inputs" ? "input" : tensor === "weights" ? "weight" : "output";
    const moved = repeats * words[level][of];
    const price = prices[level][of] * 1e-12;
    const memory = level === "registers" ? names[tensor] : level === "network" ? "network" : names[level];
    return moved === 0 ? [] : [{ memory, tensor, words: moved, price, energy: moved * price }];
  }));
}

function describeLayer({ layer, repeats }: PredictedNest): string {
  const { batch, inputChannels, outputChannels, output, kernel, stride } = layer;
  const times = repeats === 1 ? "" : `${grouped(repeats)} times `;
  if (layer.kind === "fully_connected" && kernel[0] * kernel[1] * output[1] === 1) return `${times}n ${batch}, m ${outputChannels}, c ${inputChannels}`;
  return `${times}m ${outputChannels}, c ${inputChannels}, e ${output[0]}, f ${output[1]}, r ${kernel[0]}, s ${kernel[1]}${stride === 1 ? "" : `, stride ${stride}`}`;
}

export function predictedLines(predicted: PredictedNest): readonly string[] {
  const { usedElements, array, cycles, clock, looked, points } = predicted;
  const rows = crossings(predicted).map(({ memory, tensor, words, price, energy }) => [memory, tensor, grouped(Math.round(words)), formatMetric("energy", price), formatMetric("energy", energy)]);
  return [
    `${predicted.nest} on ${predicted.chunk}, template ${predicted.dataflow}: ${describeLayer(predicted)}; ${grouped(points)} points billed`,
    `  the best of all ${grouped(looked)} tilings that fit`,
    `  ${printTilingFlat(predicted) || "no loop is longer than 1"}`, "",
    ...printTiling(predicted).map((line) => `  ${line}`), "",
    ...textTable(columns, rows).map((line) => `  ${line}`),
    `  arithmetic takes ${formatMetric("energy", predicted.compute)}`, "",
    `  ${grouped(usedElements)} of ${grouped(array.elements)} elements, ${grouped(cycles)} cycles of ${formatMetric("latency", 1 / clock)}: ${formatMetric("latency", cycles / clock)}`,
  ];
}

/** A prediction in documents for machines; words and joules of all its runs. */
export function predictionDocument(predicted: PredictedNest): Readonly<Record<string, unknown>> {
  const { nest, chunk, dataflow, layer, repeats, points, tiling, usedElements, array, looked, cycles, clock, compute, registers, network, buffer, dram, external } = predicted;
  return {
    nest, chunk, dataflow, layer, repeats, points, tiling, loops: printTilingFlat(predicted), usedElements, limits: array, looked, cycles, clock,
    energy: { compute, registers, network, buffer, dram }, external, crossings: crossings(predicted),
  };
}

/** Templates that the predictor took, by how many nests. */
export function predictedTotals(rows: readonly CostRow[]): string[] {
  const nests = rows.flatMap(({ predictions = [] }) => predictions);
  const counts = new Map<string, number>();
  for (const { dataflow } of nests) counts.set(dataflow, (counts.get(dataflow) ?? 0) + 1);
  return nests.length === 0 ? [] : [`predicted   ${[...counts].map(([dataflow, count]) => `${dataflow} ${grouped(count)}`).join(", ")}: each the best of all tilings of its template, ${grouped(nests.reduce((sum, { looked }) => sum + looked, 0))} in all`];
}
