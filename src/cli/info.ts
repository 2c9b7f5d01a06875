/** `nasc info`: what a program declares - size of each space, its decisions, the exact bounds of each cost. Never loads TensorFlow.js. */
import { Command } from "commander";
import { createCostModel } from "../hw/cost-model.js";
import { formatMetric, isMetricName, metricNames, type MetricName } from "../hw/metrics.js";
import { spaceCosts, type SpaceCosts } from "../hw/space-costs.js";
import type { CheckedProgram, SearchPlan } from "../ir/plan.js";
import { spaceQueries } from "../ir/space-queries.js";
import type { Decision, Space } from "../ir/space.js";
import { isConstant } from "../ir/values.js";
import { exitCodes, type ExitCode } from "./exit-codes.js";
import { histogramDocument, histogramLines } from "./histogram.js";
import { withDefinitions, type ProgramOptions } from "./options.js";
import { checkText, pick, readProgram } from "./program-file.js";
import { fail, type GlobalOptions, type Session } from "./session.js";
import { grouped, textTable } from "./table.js";
import type { Terminal } from "./terminal.js";

interface InfoOptions extends ProgramOptions, GlobalOptions { readonly space?: string }

const shapes = (space: Space, node: number): string => {
  const distinct = [...new Set(space.nodes[node]!.shape.cells.filter((shape) => shape !== undefined).map((shape) => `[${shape.join(", ")}]`))];
  return distinct.length <= 4 ? distinct.join(" or ") : `${distinct.length} shapes`;
};

const decisionsOf = (space: Space): Decision[] => space.variables.filter((variable): variable is Decision => variable.kind === "decision");

function describeDecisions(space: Space): readonly (readonly string[])[] {
  return decisionsOf(space).map((decision) => {
    const when = isConstant(decision.guard) ? "always" : `depends on ${decision.guard.scope.map((id) => nameOf(space, id)).join(", ")}`;
    const guarded = decision.allowed.map((value, option) => (isConstant(value) ? decision.labels[option]! : `${decision.labels[option]!}?`));
    return [decision.path, guarded.join(" | "), decision.binding === "adapt" ? "per input" : when];
  });
}

function nameOf(space: Space, id: number): string {
  const variable = space.variables[id]!;
  return variable.kind === "decision" ? variable.path : variable.name;
}

interface SpaceFacts { readonly space: Space; readonly count: bigint | undefined; readonly searches: readonly { readonly plan: SearchPlan; readonly costs: SpaceCosts }[] }

function factsOf(program: CheckedProgram, space: Space): SpaceFacts {
  const queries = spaceQueries(space);
  const searches = [...program.searches.values()].filter((plan) => plan.space.name === space.name).map((plan) => ({ plan, costs: spaceCosts(plan.space, createCostModel(plan.accelerator), plan.space === space ? queries : spaceQueries(plan.space)) }));
  return { space, count: queries.count(), searches };
}

function printSpace(terminal: Terminal, { space, count, searches }: SpaceFacts): void {
  terminal.result(terminal.bold(`space ${space.name}`));
  for (const id of space.inputs) terminal.result(`  input   ${space.nodes[id]!.path} ${shapes(space, id)}`);
  for (const output of space.outputs) terminal.result(`  output  ${output.name} ${shapes(space, output.node)}`);
  terminal.result(`  size    ${count === undefined ? "too wide to count exactly" : `${grouped(count)} distinct architectures`}, ${decisionsOf(space).length} decisions, ${space.nodes.filter(({ kind }) => kind === "operator").length} operator places`);
  terminal.result();
  for (const line of textTable([{ title: "decision" }, { title: "options (? where guarded)" }, { title: "matters" }], describeDecisions(space))) terminal.result(`  ${line}`);
  terminal.result();
  for (const { plan, costs } of searches) printCosts(terminal, plan, costs);
}

const HISTOGRAM_BINS = 12;

/** What a search minimises or bounds, and energy and latency in any case: the costs whose spread is worth seeing. */
function drawnMetrics({ objectives, budgets }: SearchPlan): readonly MetricName[] {
  return [...new Set([...objectives.map(({ metric }) => metric), ...budgets.map(({ metric }) => metric), "energy", "latency"])].filter(isMetricName);
}

function printCosts(terminal: Terminal, plan: SearchPlan, costs: SpaceCosts): void {
  terminal.result(`  ${terminal.bold(`on ${plan.accelerator.name}`)} (search ${plan.name})`);
  const rows = metricNames.map((metric) => {
    const { minimum, maximum, exact } = costs.bounds(metric);
    return [metric, formatMetric(metric, minimum.value), formatMetric(metric, maximum.value), exact ? "exact" : "sampled"];
  });
  for (const line of textTable([{ title: "cost" }, { title: "least", align: "right" }, { title: "greatest", align: "right" }, { title: "bounds" }], rows)) terminal.result(`  ${line}`);
  for (const { path, labels } of plan.accelerator.choices ?? []) terminal.result(`  chooses ${path}: ${labels.join(" | ")}`);
  for (const budget of plan.budgets) terminal.result(`  subject to ${budget.text}`);
  for (const metric of drawnMetrics(plan)) for (const line of histogramLines(metric, costs.histogram(metric, HISTOGRAM_BINS))) terminal.result(`  ${line}`);
  terminal.result(`  convention: ${costs.model.convention}`);
  terminal.result();
}

function info(terminal: Terminal, file: string, options: InfoOptions): ExitCode {
  const text = readProgram(file, options.define);
  if (!text.ok) return fail(terminal, "info", text.diagnostics);
  const { program, diagnostics, sources } = checkText(text.value);
  if (program === undefined) return fail(terminal, "info", diagnostics, sources);
  const chosen = options.space === undefined ? undefined : pick("space", program.spaces, options.space);
  if (chosen !== undefined && !chosen.ok) return fail(terminal, "info", chosen.diagnostics);
  const facts = (chosen === undefined ? [...program.spaces.values()] : [chosen.value]).map((space) => factsOf(program, space));
  const warnings = [...diagnostics, ...facts.flatMap(({ searches }) => searches.flatMap(({ costs }) => costs.warnings))];
  terminal.diagnostics(warnings, sources);
  for (const fact of facts) printSpace(terminal, fact);
  terminal.document("info", {
    spaces: facts.map(({ space, count, searches }) => ({
      name: space.name, count: count ?? null,
      decisions: decisionsOf(space).map(({ path, labels, binding }) => ({ path, options: labels, binding })),
      searches: searches.map(({ plan, costs }) => ({ name: plan.name, accelerator: plan.accelerator.name, convention: costs.model.convention, choices: (plan.accelerator.choices ?? []).map(({ path, labels }) => ({ path, options: labels })), histograms: Object.fromEntries(drawnMetrics(plan).map((metric) => [metric, histogramDocument(costs.histogram(metric, HISTOGRAM_BINS))])), bounds: Object.fromEntries(metricNames.map((metric) => { const { minimum, maximum, exact } = costs.bounds(metric); return [metric, { minimum: minimum.value, maximum: maximum.value, exact }]; })) })),
    })),
  }, warnings, sources);
  return exitCodes.success;
}

export function infoCommand(session: Session): Command {
  return withDefinitions(new Command("info"))
    .summary("size, decisions and cost bounds of a space")
    .description("Shows each space: the exact number of distinct architectures, its decisions, and the least and greatest of each cost.")
    .argument("<file>", ".nas file")
    .option("--space <NAME>", "only this space")
    .action((file: string, options: InfoOptions) => session.run("info", options, (terminal) => info(terminal, file, options)));
}
