/** `nasc cost`: what a network costs on the accelerator, layer by layer; without a network, the bounds over the space. */
import { Command } from "commander";
import { diagnostic } from "../diagnostics/model.js";
import { adaptedCosts, type AdaptedCosts } from "../hw/adapted-costs.js";
import { countNet, describeCounting, readCounting } from "../hw/counting.js";
import { createCostModel, type CostModel, type CostRow, type NetCost } from "../hw/cost-model.js";
import type { MappedNest } from "../hw/nest-mapper.js";
import { bestVariant, type VariantChoice } from "../hw/pipeline/chunk-balance.js";
import { pipelineAlternatives, pipelineOf, type Pipeline, type PipelineAlternatives } from "../hw/pipeline/pipeline.js";
import { withoutKeeping } from "../hw/kept-activations.js";
import { splitTotals } from "../hw/mask-split.js";
import { figures, formatMetric, metricNames } from "../hw/metrics.js";
import { shownKinds } from "../hw/operator-cost.js";
import { spaceCosts } from "../hw/space-costs.js";
import { isAdaptive } from "../ir/adapted.js";
import { bind } from "../ir/bind.js";
import { describeArchitecture } from "../ir/describe.js";
import { hashArchitecture } from "../ir/hash.js";
import type { Accelerator, SearchPlan } from "../ir/plan.js";
import { chooseArchitecture, wantsArchitecture } from "./architecture.js";
import { energyBars, roofline } from "./cost-drawing.js";
import { explainLines, findLayer, mappingDocument } from "./cost-explain.js";
import { predictedTotals, predictionDocument } from "./cost-predicted.js";
import { exitCodes, type ExitCode } from "./exit-codes.js";
import { withArchitecture, withDefinitions, type ArchitectureOptions, type ProgramOptions } from "./options.js";
import { pipelineDocument, pipelineLines } from "./pipeline-lines.js";
import { checkText, pick, readProgram } from "./program-file.js";
import { writeOutput } from "./run-folder.js";
import { fail, type GlobalOptions, type Session } from "./session.js";
import { timelinePicture } from "../report/timeline-figure.js";
import { grouped, textTable, type Column } from "./table.js";
import type { Terminal } from "./terminal.js";

interface CostOptions extends ProgramOptions, ArchitectureOptions, GlobalOptions { readonly search?: string; readonly all?: boolean; readonly explain?: string; readonly counting?: string; readonly timeline?: string }

const columns: readonly Column[] = [
  { title: "layer" }, { title: "operator" }, { title: "chunk" }, { title: "output", align: "right" }, { title: "params", align: "right" }, { title: "macs", align: "right" },
  { title: "shifts", align: "right" }, { title: "adds", align: "right" }, { title: "energy", align: "right" }, { title: "latency", align: "right" }, { title: "bound" }, { title: "use", align: "right" },
  { title: "points/word", align: "right" },
];

const cells = (row: CostRow): string[] => [
  row.path, row.operator, row.chunk, row.shape.join("x"), formatMetric("params", row.params), formatMetric("macs", row.macs), formatMetric("shifts", row.shifts), formatMetric("adds", row.adds),
  formatMetric("energy", row.energy), formatMetric("latency", row.latency), row.bound, row.chunk === "-" || row.chunk === "vector" ? "" : `${Math.round(100 * row.utilisation)} %`,
  intensityOf(row),
];

/** Arithmetic intensity of each nest of a layer: points per word that crosses the external memory. */
function intensityOf({ mappings = [] }: CostRow): string {
  return [...new Set(mappings.map(({ result: { evaluation: { intensity } } }) => (Number.isFinite(intensity) ? intensity.toPrecision(3) : "on chip")))].join(", ");
}

/** Lines of the per-layer table and the totals below it. Layers that cost nothing are left out unless `all`. */
export function costLines(cost: NetCost, model: CostModel, all: boolean, pipeline: Pipeline | undefined = pipelineOf(model, cost), others: PipelineAlternatives = {}): string[] {
  const shown = cost.rows.filter((row) => all || row.energy > 0 || row.params > 0);
  return [
    ...textTable(columns, shown.map(cells)), "",
    ...metricNames.map((metric) => `${metric.padEnd(11)} ${formatMetric(metric, cost.totals[metric])}`),
    ...figures.map(({ name }) => `${name.padEnd(11)} ${formatMetric(name, cost.figures[name])}`),
    "accuracy    not modelled: `nasc search` and `nasc derive` measure it",
    ...mappedLines(cost),
    ...pipelineLines(pipeline, cost, others),
    `energy by level: ${shownKinds(cost.split).map((kind) => `${kind} ${formatMetric("energy", cost.split[kind])}`).join(", ")}`,
    ...section(energyBars(cost)), ...section(roofline(cost.rows, model.accelerator.clock, model.externalBandwidth)),
    "", `convention: ${model.convention}`,
  ];
}

/** Lines after an empty one, if there are any. */
const section = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : ["", ...lines]);

/** The accelerator that suits a network best, where fields of it are chosen. */
function variantLines(best: VariantChoice | undefined, { name, variants = [] }: Accelerator): readonly string[] {
  if (best === undefined) return [];
  const { labels, cost, energyPeriod, looked } = best;
  return ["", `best ${name} for this network, of all ${grouped(looked)} variants${looked < variants.length ? ` within its area (of ${grouped(variants.length)})` : ""}: ${Object.entries(labels).map(([path, label]) => `${path}=${label}`).join(" ")}`,
    `  ${formatMetric("energy", cost.totals.energy)}, period ${formatMetric("period", cost.totals.period)}, latency ${formatMetric("latency", cost.totals.latency)}, energy x period ${energyPeriod.toExponential(3)} Js`];
}

/** Least, greatest and mean costs where quantities are adapted per input; the table above is of the largest setting. */
function adaptedLines(adapted: AdaptedCosts | undefined): readonly string[] {
  if (adapted === undefined) return [];
  const rows = metricNames.flatMap((metric) => {
    const cost = adapted.costs[metric];
    return cost === undefined ? [] : [[metric, formatMetric(metric, cost.minimum), formatMetric(metric, cost.maximum), cost.exact ? "exact" : "sampled", formatMetric(metric, cost.mean), formatMetric(metric, cost.error)]];
  });
  return ["", `adapted per input: ${adapted.settings === undefined ? "more settings than can be counted" : `${grouped(adapted.settings)} settings`}; above is the largest, the mean is of settings drawn value by value`,
    ...textTable([{ title: "cost" }, { title: "least", align: "right" }, { title: "greatest", align: "right" }, { title: "bounds" }, { title: "mean", align: "right" }, { title: "+-", align: "right" }], rows)];
}

/** How sure the mappings are, and what attention under masks does. */
function mappedLines({ rows, totals }: NetCost): string[] {
  const mapped = rows.flatMap(({ mappings = [] }) => mappings);
  const proven = mapped.filter(({ result }) => result.proven).length;
  const least = mapped.reduce((share, { result }) => Math.min(share, result.bound / result.objective), 1);
  return [
    ...(mapped.length === 0 ? [] : [`mappings    ${proven} of ${mapped.length} proven optimal${proven === mapped.length ? "" : `; no layer can be better than ${(100 * least).toFixed(1)} % of what was found`}`]),
    ...predictedTotals(rows),
    ...balanceLines(mapped),
    ...maskedLines(rows),
    `energy x period ${(totals.energy * totals.period).toExponential(3)} Js`,
  ];
}

/** What the arrays ask of the external memory; a layer with fewer points per word waits for it. */
function balanceLines(mapped: readonly MappedNest[]): readonly string[] {
  const balances = new Map(mapped.map(({ chunk, result: { evaluation } }) => [chunk, evaluation.machineBalance]));
  return balances.size === 0 ? [] : [`roofline    ${[...balances].map(([chunk, balance]) => `${chunk} asks for ${balance.toPrecision(3)} points per external word`).join(", ")}`];
}

/** What keeping activations on the chip is worth. */
function keepingLines(apart: NetCost | undefined): readonly string[] {
  return apart === undefined ? [] : ["", `without keeping activations on the chip: ${formatMetric("energy", apart.totals.energy)}, latency ${formatMetric("latency", apart.totals.latency)}`];
}

/** Cycles of attention under masks, over all layers. */
function maskedLines(rows: readonly CostRow[]): string[] {
  const layers = rows.flatMap(({ engines }) => engines ?? []);
  if (layers.length === 0) return [];
  const { load, decode, scores, values, total } = splitTotals(layers);
  return [`masked      ${grouped(layers.length)} attention${layers.length === 1 ? "" : "s"}, in cycles: loading ${cyclesOf(load)}, decoding ${cyclesOf(decode)}, scores ${cyclesOf(scores)}, values ${cyclesOf(values)}; ${cyclesOf(total)} with loading beside computing`];
}

function maskedDocument(rows: readonly CostRow[]): Readonly<Record<string, unknown>> {
  const layers = rows.flatMap(({ engines }) => engines ?? []);
  return layers.length === 0 ? {} : { masked: splitTotals(layers) };
}

const cyclesOf = (value: number): string => grouped(Math.ceil(value));

function printBounds(terminal: Terminal, plan: SearchPlan, model: CostModel): void {
  const costs = spaceCosts(plan.space, model);
  terminal.result(`${plan.space.name} on ${plan.accelerator.name}: no network given, so the bounds over the whole space`);
  const rows = metricNames.map((metric) => { const { minimum, maximum, exact } = costs.bounds(metric); return [metric, formatMetric(metric, minimum.value), formatMetric(metric, maximum.value), exact ? "exact" : "sampled"]; });
  for (const line of textTable([{ title: "cost" }, { title: "least", align: "right" }, { title: "greatest", align: "right" }, { title: "bounds" }], rows)) terminal.result(line);
  for (const line of ["one network: --architecture NAME, or --fix path=value", "", `convention: ${model.convention}`]) terminal.result(line);
  terminal.document("cost", { space: plan.space.name, accelerator: plan.accelerator.name, convention: model.convention, bounds: Object.fromEntries(metricNames.map((metric) => { const { minimum, maximum, exact } = costs.bounds(metric); return [metric, { minimum: minimum.value, maximum: maximum.value, exact }]; })) }, costs.warnings);
}

const rowDocument = ({ mappings, predictions, ...row }: CostRow): Readonly<Record<string, unknown>> => ({
  ...row, ...(mappings === undefined ? {} : { mappings: mappings.map(mappingDocument) }), ...(predictions === undefined ? {} : { predictions: predictions.map(predictionDocument) }),
});

function cost(terminal: Terminal, file: string, options: CostOptions): ExitCode {
  const text = readProgram(file, options.define);
  if (!text.ok) return fail(terminal, "cost", text.diagnostics);
  const { program, diagnostics, sources } = checkText(text.value);
  if (program === undefined) return fail(terminal, "cost", diagnostics, sources);
  const plan = pick("search", program.searches, options.search);
  if (!plan.ok) return fail(terminal, "cost", plan.diagnostics);
  const counting = readCounting(options.counting ?? "");
  if (!counting.ok) return fail(terminal, "cost", counting.diagnostics);
  const { space, accelerator } = plan.value;
  const whole = createCostModel(accelerator);
  terminal.diagnostics(diagnostics, sources);
  // To explain a layer, or where there is nothing to choose, one network is meant.
  const open = space.variables.some(({ kind }) => kind === "decision") || (accelerator.choices ?? []).length > 0;
  if (open && options.explain === undefined && !wantsArchitecture(options)) { printBounds(terminal, plan.value, whole); return exitCodes.success; }
  const architecture = chooseArchitecture(program, space, options, accelerator);
  if (!architecture.ok) return fail(terminal, "cost", architecture.diagnostics, sources);
  const model = whole.forArchitecture(space, architecture.value);
  const bound = bind(space, architecture.value);
  const net = model.netCost(bound);
  const best = bestVariant(whole, bound);
  const apart = options.explain === undefined ? withoutKeeping(model, bound, net) : undefined;
  const counted = options.counting === undefined ? undefined : { ...countNet(bound, counting.value), counting: describeCounting(counting.value) };
  const hash = hashArchitecture(space, architecture.value);
  const adapted = isAdaptive(space) ? adaptedCosts(space, architecture.value, model, metricNames) : undefined;
  terminal.diagnostics([...architecture.warnings, ...net.warnings], sources);
  const layer = options.explain === undefined ? undefined : findLayer(net, options.explain);
  if (layer !== undefined && !layer.ok) return fail(terminal, "cost", layer.diagnostics);
  const pipeline = pipelineOf(model, net);
  // Priced anew with other arrays and dataflows, which nobody asks for who looks at one layer.
  const others = layer === undefined ? pipelineAlternatives(model, bound, net) : {};
  if (options.timeline !== undefined) {
    if (pipeline === undefined) return fail(terminal, "cost", [diagnostic("NAS9002", { title: "there is no timeline to draw", why: `\`${accelerator.name}\` has one chunk, which runs one layer after the other`, help: "give chunks of their own to some operators" })]);
    const written = writeOutput(options.timeline, timelinePicture(pipeline, net.rows, `${space.name} on ${accelerator.name}`));
    if (!written.ok) return fail(terminal, "cost", written.diagnostics);
  }
  terminal.result(`${terminal.bold(hash)} of ${space.name} on ${accelerator.name}: ${Object.entries(describeArchitecture(space, architecture.value)).map(([path, label]) => `${path}=${label}`).join(" ")}`);
  terminal.result();
  if (layer !== undefined) for (const line of [...explainLines(layer.value), "", `convention: ${model.convention}`]) terminal.result(line);
  else for (const line of [...costLines(net, model, options.all === true, pipeline, others), ...(counted === undefined ? [] : ["", `counted: ${grouped(counted.params)} parameters, ${grouped(counted.operations)} operations, by ${counted.counting}`]), ...keepingLines(apart), ...adaptedLines(adapted), ...variantLines(best, accelerator)]) terminal.result(line);
  terminal.document("cost", { space: space.name, accelerator: accelerator.name, hash, labels: describeArchitecture(space, architecture.value), convention: model.convention, totals: net.totals, figures: net.figures, split: net.split, busy: net.busy, ...maskedDocument(net.rows), externalTime: net.externalTime, ...pipelineDocument(pipeline, net.rows, others), ...(apart === undefined ? {} : { withoutKeeping: { energy: apart.totals.energy, latency: apart.totals.latency } }), ...(counted === undefined ? {} : { counted }), ...(adapted === undefined ? {} : { adapted: { settings: adapted.settings === undefined ? null : String(adapted.settings), costs: adapted.costs } }), ...(best === undefined ? {} : { bestVariant: { labels: best.labels, totals: best.cost.totals, energyPeriod: best.energyPeriod, looked: best.looked } }), rows: (layer === undefined ? net.rows : [layer.value]).map(rowDocument) }, net.warnings);
  return exitCodes.success;
}

export function costCommand(session: Session): Command {
  return withArchitecture(withDefinitions(new Command("cost")))
    .summary("energy, latency and operation counts, layer by layer")
    .description("Prices a network on the accelerator of the search, one row per layer, rows that sum to the totals. Without a network, shows the exact bounds over the space.")
    .argument("<file>", ".nas file")
    .option("--search <NAME>", "whose space and accelerator, where the file declares several")
    .option("--all", "also layers that cost nothing")
    .option("--counting <NAMES>", "also counts parameters and operations as others do: flops, as_published(thop), or switches such as norms=0,bias_work=1")
    .option("--timeline <FILE>", "draws what runs when on the chunks of the accelerator, as SVG")
    .option("--explain <LAYER>", "one layer: its mapping as a loop nest, what every memory does, and what bounds it")
    .action((file: string, options: CostOptions) => session.run("cost", options, (terminal) => cost(terminal, file, options)));
}
