/** Why a layer costs what it costs: its mapping as a loop nest, what every memory does, what bounds it, and whether a better one could exist. */
import { diagnostic, failure, success, type Result } from "../diagnostics/model.js";
import { suggest } from "../diagnostics/suggest.js";
import type { CostRow, NetCost } from "../hw/cost-model.js";
import type { SplitCost } from "../hw/mask-split.js";
import { formatMetric } from "../hw/metrics.js";
import { printFlat, printLoopNest } from "../hw/mapping/text.js";
import type { MappedNest } from "../hw/nest-mapper.js";
import { predictedLines } from "./cost-predicted.js";
import { grouped, textTable, type Column } from "./table.js";

/** The row of a layer by its path. */
export function findLayer({ rows }: NetCost, layer: string): Result<CostRow> {
  const found = rows.find(({ path }) => path === layer);
  if (found !== undefined) return success(found);
  const near = suggest(layer, rows.map(({ path }) => path));
  return failure(diagnostic("NAS9003", { title: `the network has no layer \`${layer}\``, help: near.length > 0 ? `did you mean ${near.map((name) => `\`${name}\``).join(" or ")}?` : "`nasc cost FILE ... --all` lists its layers" }));
}

const columns: readonly Column[] = [
  { title: "memory" }, { title: "tensor" }, { title: "tile", align: "right" }, { title: "copies", align: "right" }, { title: "fills", align: "right" }, { title: "reads", align: "right" }, { title: "updates", align: "right" },
  { title: "drains", align: "right" }, { title: "energy", align: "right" },
];

/** What travels over the links between a memory and its copies below, where they have a price. */
const linkColumns: readonly Column[] = [{ title: "delivered", align: "right" }, { title: "collected", align: "right" }, { title: "links", align: "right" }];

const cycles = (value: number): string => grouped(Math.ceil(value));

function optimality({ result: { proven, objective, bound, looked } }: MappedNest): string {
  if (proven) return `proven optimal in its space, ${grouped(looked)} mappings priced`;
  return `the best of ${grouped(looked)} mappings priced; no mapping is better than ${((100 * bound) / objective).toFixed(1)} % of it`;
}

function nestLines(mapped: MappedNest): string[] {
  const { problem, target: { hardware }, result: { mapping, evaluation }, onChip } = mapped;
  const { counts, energy, cycles: time, occupancies } = evaluation;
  const linked = hardware.network !== undefined;
  const linkCells = (index: number): string[] => (energy.network[index] === 0 ? ["", "", ""] : [grouped(counts[index]!.delivered), grouped(counts[index]!.collected), formatMetric("energy", energy.network[index]! * 1e-12)]);
  const rows = counts.map((count, index) => [
    hardware.levels[count.level]!.name, problem.tensors[count.tensor]!.name, grouped(count.tile), grouped(count.instances), ...[count.fills, count.reads, count.updates, count.drains].map((words) => grouped(words)),
    formatMetric("energy", energy.accesses[index]! * 1e-12), ...(linked ? linkCells(index) : []),
  ]).reverse();
  const sizes = problem.dimensions.map((name, index) => `${name} ${problem.bounds[index]!}`).join(", ");
  const used = occupancies.filter(({ availableBits }) => Number.isFinite(availableBits)).map(({ level, usedBits, availableBits }) => `${hardware.levels[level]!.name} ${Math.round((100 * usedBits) / availableBits)} %`).reverse();
  const busy = time.busy.map((value, level) => ({ value, name: hardware.levels[level]!.name })).filter(({ value }) => value > 0).reverse();
  const timeCosts = energy.leakage.reduce((sum, own) => sum + own, energy.idle);
  return [
    `${mapped.nest} on ${mapped.chunk}, ${mapped.dataflow}: ${sizes}; ${grouped(problem.points)} points`,
    `  ${optimality(mapped)}`,
    `  ${printFlat(hardware, mapping) || "no loop is longer than 1"}`, "",
    ...printLoopNest(hardware, mapping).split("\n").map((line) => `  ${line}`), "",
    ...textTable(linked ? [...columns, ...linkColumns] : columns, rows).map((line) => `  ${line}`),
    `  words per copy; arithmetic takes ${formatMetric("energy", energy.compute * 1e-12)}${linked ? `; links of the array (words to and from each copy below) ${formatMetric("energy", mapped.network)}` : ""}${timeCosts > 0 ? `; leakage and static power ${formatMetric("energy", timeCosts * 1e-12)}` : ""}`, "",
    ...(onChip.length > 0 ? [`  stay on the chip: ${onChip.join(", ")}`] : []),
    `  memories filled: ${used.join(", ")}`,
    `  cycles: ${cycles(time.compute)} computing at ${(100 * evaluation.utilisation).toFixed(1)} % of the array${busy.map(({ name, value }) => `, ${cycles(value)} at the busiest port of ${name}`).join("")}`,
    `  latency: ${cycles(time.latency)} cycles; with loading the first tiles ${cycles(time.latencyWithOnloading)}, and storing the last ${cycles(time.latencyWithOffloading)}; bound by ${mapped.bound}`,
    Number.isFinite(evaluation.intensity) ? `  roofline: ${evaluation.intensity.toPrecision(4)} points per external word, the array asks for ${evaluation.machineBalance.toPrecision(4)}` : "  roofline: nothing crosses the external memory",
  ];
}

/** Attention under a mask: who has which rows, and how long both engines take. */
function engineLines({ heads, denseLines, sparseLines, detail, load, decode, kept }: SplitCost): string[] {
  return [
    `denser engine: ${grouped(denseLines)} rows of the array; sparser engine: ${grouped(sparseLines)}; ${(100 * kept).toFixed(2)} % of the scores are computed`,
    ...textTable([{ title: "head", align: "right" }, { title: "dense keys", align: "right" }, { title: "entries beside", align: "right" }], heads.map(({ globalTokens, sparseEntries }, head) => [String(head), grouped(globalTokens), grouped(sparseEntries)])).map((line) => `  ${line}`),
    ...textTable([{ title: "cycles" }, { title: "denser", align: "right" }, { title: "sparser", align: "right" }], [
      ["load queries and keys", cycles(detail.denseQueryKeyLoad), cycles(detail.sparseQueryKeyLoad)], ["load values", cycles(detail.denseValueLoad), cycles(detail.sparseValueLoad)],
      ["decode", cycles(detail.denseDecode), cycles(detail.sparseDecode)], ["scores", cycles(detail.denseScores), cycles(detail.sparseScores)], ["values", cycles(detail.denseValues), cycles(detail.sparseValues)],
    ]).map((line) => `  ${line}`),
    `  loading ${cycles(load)} in all, decoding ${cycles(decode)}`,
  ];
}

export function explainLines(row: CostRow): string[] {
  const head = `${row.path}: ${row.operator} to ${row.shape.join("x")}, ${formatMetric("energy", row.energy)}, ${formatMetric("latency", row.latency)}`;
  if (row.engines !== undefined) return [head, "", ...engineLines(row.engines)];
  if (row.predictions !== undefined) return [head, ...row.predictions.flatMap((predicted) => ["", ...predictedLines(predicted)])];
  if (row.mappings === undefined) return [head, "no mapping: it runs on the vector unit, no template of the predictor covers it, or the accelerator has no `mapper`; what figures it has are those of compulsory traffic"];
  return [head, ...row.mappings.flatMap((mapped) => ["", ...nestLines(mapped)])];
}

/** A mapping in documents for machines. */
export function mappingDocument(mapped: MappedNest): Readonly<Record<string, unknown>> {
  const { problem, target: { hardware }, result: { mapping, evaluation, objective, bound, proven, looked } } = mapped;
  return {
    nest: mapped.nest, chunk: mapped.chunk, dataflow: mapped.dataflow, dimensions: Object.fromEntries(problem.dimensions.map((name, index) => [name, problem.bounds[index]])), points: problem.points,
    mapping: printFlat(hardware, mapping), keep: Object.fromEntries(mapping.keep.map((kept, level) => [hardware.levels[level]!.name, kept])), onChip: mapped.onChip, objective, bound, proven, looked,
    cycles: evaluation.cycles, intensity: Number.isFinite(evaluation.intensity) ? evaluation.intensity : null, machineBalance: evaluation.machineBalance, utilisation: evaluation.utilisation, boundBy: mapped.bound, external: mapped.external,
    leakage: evaluation.energy.leakage.reduce((sum, own) => sum + own, 0) * 1e-12, static: evaluation.energy.idle * 1e-12,
    counts: evaluation.counts.map(({ tensor, level, tile, instances, fills, reads, updates, drains, delivered, collected }, index) => ({
      memory: hardware.levels[level]!.name, tensor: problem.tensors[tensor]!.name, tile, instances, fills, reads, updates, drains, delivered, collected,
      energy: evaluation.energy.accesses[index]! * 1e-12, network: evaluation.energy.network[index]! * 1e-12,
    })),
  };
}
