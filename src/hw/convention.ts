/**
 * What a cost model counts and what it leaves out, in sentences: every report shows it beside the figures. A predictor's own sentences
 * are in `predictor/convention.ts`, those of a vector unit beside it.
 */
import type { Accelerator, Chunk, MapperPlan, MaskSplit } from "../ir/plan.js";
import { formatQuantity } from "../ir/units.js";
import type { Machine } from "./machine.js";
import { formatMetric } from "./metrics.js";
import { ROOM_STEPS } from "./pipeline/chunk-schedule.js";
import { sharesDynamically } from "./pipeline/shared-buffer.js";
import { predictedConvention } from "./predictor/convention.js";
import { formatBits, nodeScale } from "./unit-costs.js";
import { vectorConvention } from "./vector-unit.js";

export function describeConvention(machine: Machine): string {
  const { accelerator, buffer } = machine;
  const precisions = [...new Set(accelerator.chunks.map((chunk) => `${chunk.name} ${chunk.precision}`))].join(", ");
  const node = machine.estimated
    ? `Unit energies are those of 45 nm times ${nodeScale(machine.technology).toPrecision(3)} for ${machine.technology} nm: an estimate.`
    : "Unit energies: 45 nm, 0.9 V.";
  return [
    "One inference, batch 1.",
    `${node} Multiplications and additions by Horowitz (ISSCC 2014), shifts by ShiftAddLLM (2024).`,
    "A convolution point is one multiplication and one accumulation, a shift point one shift and one accumulation, an adder point one subtraction and one accumulation; integer chunks accumulate in int32, floating-point chunks in their own format.",
    `Number formats by chunk: ${precisions || "int8"}. Shift weights, and weights and inputs of layers with a \`precision\`, take their own bits: an integer multiplier's energy goes with the product of both widths, wider operands than the chunk's take several passes, narrower ones fewer only in bricks. A layer writes its output at the chunk's width.`,
    "Weights cut to zero are neither stored (each weight of such a tensor has a bit that says so), nor moved, nor multiplied; their cycles are saved only where the chunk skips zeros.",
    ...accelerator.chunks.flatMap(({ name, maskSplit }) => (maskSplit === undefined ? [] : [splitConvention(name, maskSplit)])),
    ...(accelerator.predictor !== undefined ? predictedConvention(accelerator.predictor, accelerator) : accelerator.mapper === undefined ? compulsoryConvention(buffer?.name, vectorConvention(accelerator)) : mappedConvention(accelerator.mapper, accelerator.chunks, vectorConvention(accelerator))),
    ...chunkConvention(accelerator), staticConvention(accelerator),
  ].join(" ");
}

const splitConvention = (chunk: string, { denseAbove, transfers, convention }: MaskSplit): string =>
  `Under a fixed mask, ${chunk} computes the columns of keys that more than ${denseAbove} queries attend to whole, and of the others the kept entries; two engines share its rows in proportion to work, the slower counts, and loading overlaps with computing. ${transfers === "whole" ? "Loading a row takes whole cycles. " : ""}${convention === "as_published" ? "As published: the mask of the first head counts for all, values and decoding use rows x rows multipliers, decoding is charged for at any number of heads." : "The slowest head counts."}`;

const compulsoryConvention = (buffer: string | undefined, vector: string): readonly string[] => [
  "Traffic is compulsory: every weight, input and output of an operator moves once. Weights come from external memory through the buffer; activations of at most half the buffer stay in it, larger ones make the round trip to external memory.",
  "Each point reads its operands and updates its partial sum in registers beside the processing element.",
  `${vector}.`,
  `Latency is a roofline per operator: points over the filled part of the array, buffer traffic through one read and one write port${buffer === undefined ? "" : ` of ${buffer}`}, external traffic; the slowest counts. No mapping is searched (the accelerator has no \`mapper\`), so energy and latency are lower bounds.`,
];

/** What the arrays and memories of several chunks have to do with each other. */
const chunkConvention = (accelerator: Accelerator): readonly string[] => [
  ...(accelerator.balancedArea === undefined ? [] : ["Arrays are sized for the network: elements in proportion to the points of a chunk over the used share of its array, found anew on the arrays found until they repeat; the least energy times period of these counts."]),
  ...(sharesDynamically(accelerator) ? [`Chunks share the memories of the chip as their layers come: all start a period together, whoever has the least accumulated time issues next, has what the layers running on the others hold and those that start beside it need leave (in whole ${ROOM_STEPS}ths), and never less than its mapping with a fixed part holds.`] : []),
];

const goals: Readonly<Record<MapperPlan["minimize"], string>> = { edp: "energy times latency", energy: "energy", latency: "latency" };

/** What time costs. */
function staticConvention({ staticPower, memories }: Accelerator): string {
  const leaking = memories.filter(({ leak }) => leak !== undefined).map(({ name }) => name);
  return [
    ...(staticPower === undefined ? [] : [`The chip takes ${formatQuantity(staticPower, "power")} as long as a layer runs: of chunks side by side each layer pays the whole of it.`]),
    ...(leaking.length === 0 ? [] : [`Leakage of ${leaking.join(", ")}: of each copy in use, while the layer runs.`]),
    ...(staticPower === undefined && leaking.length === 0 ? ["Leakage is not priced."] : []),
  ].join(" ");
}

/** What the links of arrays cost. */
function networkConvention(chunks: readonly Chunk[]): string {
  const priced = chunks.flatMap(({ name, networkEnergy, precision }) => (networkEnergy === undefined ? [] : [`${formatMetric("energy", networkEnergy)} per ${formatBits[precision]} bits${chunks.length > 1 ? ` on ${name}` : ""}`]));
  if (priced.length === 0) return "Wires and control are not priced.";
  return `The links of an array cost ${priced.join(", ")} for every word that reaches a copy or leaves it${priced.length < chunks.length ? ", those of the other chunks nothing" : ""}. Other wires and control are not priced.`;
}

const mappedConvention = ({ minimize, factors, keepOnChip, convention }: MapperPlan, chunks: readonly Chunk[], vector: string): readonly string[] => [
  `Every layer runs by the mapping with the least ${goals[minimize]} that was found (by layer: proven optimal, or the best found with a bound). Accesses are counted by Timeloop's rules${convention === "physical" ? ", with the reads that carry output tiles out of a memory, and half of a double-buffered memory for the tiles in use" : " alone: no reads for output tiles that leave, double buffering takes no room"}; partly used accesses cost full ones; partial sums move at their own width, results at that of activations.`,
  factors === "padded" ? "Factors in space may leave the last round partly empty; the empty part is moved but not computed." : "Factors divide the loops they cut.",
  ...(convention === "hw_nas_bench" ? ["Pooling is billed as a dense convolution without arithmetic, as HW-NAS-Bench did."] : []),
  keepOnChip ? `Activations of at most a third of the outermost memory of the chip${chunks.length > 1 ? " (of the smallest chunk's part of it)" : ""} stay there between two layers.` : "Activations go to external memory between two layers.",
  `${vector}, priced by its compulsory traffic.`,
  "Latency of a layer is the longest of computing and of the traffic at every port of double-buffered memories, plus the traffic of single-buffered ones; loading the first and storing the last tile overlap with other layers.",
  networkConvention(chunks),
];
