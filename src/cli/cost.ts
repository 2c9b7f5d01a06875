/** `nasc cost`: what a network costs on the accelerator, layer by layer; without a network, the bounds over the space. */
import { Command } from "commander";
import { createCostModel, type CostModel, type CostRow, type NetCost } from "../hw/cost-model.js";
import { formatMetric, metricNames } from "../hw/metrics.js";
import { spaceCosts } from "../hw/space-costs.js";
import { bind } from "../ir/bind.js";
import { describeArchitecture } from "../ir/describe.js";
import { hashArchitecture } from "../ir/hash.js";
import type { SearchPlan } from "../ir/plan.js";
import { chooseArchitecture, wantsArchitecture } from "./architecture.js";
import { exitCodes, type ExitCode } from "./exit-codes.js";
import { withArchitecture, withDefinitions, type ArchitectureOptions, type ProgramOptions } from "./options.js";
import { checkText, pick, readProgram } from "./program-file.js";
import { fail, type GlobalOptions, type Session } from "./session.js";
import { textTable, type Column } from "./table.js";
import type { Terminal } from "./terminal.js";

interface CostOptions extends ProgramOptions, ArchitectureOptions, GlobalOptions { readonly search?: string; readonly all?: boolean }

const columns: readonly Column[] = [
  { title: "layer" }, { title: "operator" }, { title: "chunk" }, { title: "output", align: "right" }, { title: "params", align: "right" }, { title: "macs", align: "right" },
  { title: "shifts", align: "right" }, { title: "adds", align: "right" }, { title: "energy", align: "right" }, { title: "latency", align: "right" }, { title: "bound" }, { title: "use", align: "right" },
];

const cells = (row: CostRow): string[] => [
  row.path, row.operator, row.chunk, row.shape.join("x"), formatMetric("params", row.params), formatMetric("macs", row.macs), formatMetric("shifts", row.shifts), formatMetric("adds", row.adds),
  formatMetric("energy", row.energy), formatMetric("latency", row.latency), row.bound, row.chunk === "-" || row.chunk === "vector" ? "" : `${Math.round(100 * row.utilisation)} %`,
];

/** Lines of the per-layer table and the totals below it. Layers that cost nothing are left out unless `all`. */
export function costLines(cost: NetCost, model: CostModel, all: boolean): string[] {
  const shown = cost.rows.filter((row) => all || row.energy > 0 || row.params > 0);
  const { compute, registers, buffer, dram } = cost.split;
  return [
    ...textTable(columns, shown.map(cells)), "",
    ...metricNames.map((metric) => `${metric.padEnd(11)} ${formatMetric(metric, cost.totals[metric])}`),
    `energy by level: compute ${formatMetric("energy", compute)}, registers ${formatMetric("energy", registers)}, buffer ${formatMetric("energy", buffer)}, dram ${formatMetric("energy", dram)}`,
    "", `convention: ${model.convention}`,
  ];
}

function printBounds(terminal: Terminal, plan: SearchPlan, model: CostModel): void {
  const costs = spaceCosts(plan.space, model);
  terminal.result(`${plan.space.name} on ${plan.accelerator.name}: no network given, so the bounds over the whole space`);
  const rows = metricNames.map((metric) => { const { minimum, maximum, exact } = costs.bounds(metric); return [metric, formatMetric(metric, minimum.value), formatMetric(metric, maximum.value), exact ? "exact" : "sampled"]; });
  for (const line of textTable([{ title: "cost" }, { title: "least", align: "right" }, { title: "greatest", align: "right" }, { title: "bounds" }], rows)) terminal.result(line);
  terminal.result("one network: --architecture NAME, or --fix path=value");
  terminal.document("cost", { space: plan.space.name, accelerator: plan.accelerator.name, convention: model.convention, bounds: Object.fromEntries(metricNames.map((metric) => { const { minimum, maximum, exact } = costs.bounds(metric); return [metric, { minimum: minimum.value, maximum: maximum.value, exact }]; })) }, costs.warnings);
}

function cost(terminal: Terminal, file: string, options: CostOptions): ExitCode {
  const text = readProgram(file, options.define);
  if (!text.ok) return fail(terminal, "cost", text.diagnostics);
  const { program, diagnostics, sources } = checkText(text.value);
  if (program === undefined) return fail(terminal, "cost", diagnostics, sources);
  const plan = pick("search", program.searches, options.search);
  if (!plan.ok) return fail(terminal, "cost", plan.diagnostics);
  const { space, accelerator } = plan.value;
  const whole = createCostModel(accelerator);
  terminal.diagnostics(diagnostics, sources);
  if (!wantsArchitecture(options)) { printBounds(terminal, plan.value, whole); return exitCodes.success; }
  const architecture = chooseArchitecture(program, space, options, accelerator);
  if (!architecture.ok) return fail(terminal, "cost", architecture.diagnostics, sources);
  const model = whole.forArchitecture(space, architecture.value);
  const net = model.netCost(bind(space, architecture.value));
  const hash = hashArchitecture(space, architecture.value);
  terminal.diagnostics([...architecture.warnings, ...net.warnings], sources);
  terminal.result(`${terminal.bold(hash)} of ${space.name} on ${accelerator.name}: ${Object.entries(describeArchitecture(space, architecture.value)).map(([path, label]) => `${path}=${label}`).join(" ")}`);
  terminal.result();
  for (const line of costLines(net, model, options.all === true)) terminal.result(line);
  terminal.document("cost", { space: space.name, accelerator: accelerator.name, hash, labels: describeArchitecture(space, architecture.value), convention: model.convention, totals: net.totals, split: net.split, rows: net.rows }, net.warnings);
  return exitCodes.success;
}

export function costCommand(session: Session): Command {
  return withArchitecture(withDefinitions(new Command("cost")))
    .summary("energy, latency and operation counts, layer by layer")
    .description("Prices a network on the accelerator of the search, one row per layer, rows that sum to the totals. Without a network, shows the exact bounds over the space.")
    .argument("<file>", ".nas file")
    .option("--search <NAME>", "whose space and accelerator, where the file declares several")
    .option("--all", "also layers that cost nothing")
    .action((file: string, options: CostOptions) => session.run("cost", options, (terminal) => cost(terminal, file, options)));
}
