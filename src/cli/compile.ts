/**
 * `nasc compile`: writes what a space is lowered to - Space IR, decision table, cost tables - and for one network its Net IR and a
 * TypeScript module that builds it with TensorFlow.js alone.
 */
import { join } from "node:path";
import { Command } from "commander";
import { success, type Result } from "../diagnostics/model.js";
import { createCostModel } from "../hw/cost-model.js";
import { formatMetric } from "../hw/metrics.js";
import { energyOf } from "../hw/cost-model.js";
import { spaceCosts, type NodeCosts } from "../hw/space-costs.js";
import { bind } from "../ir/bind.js";
import { hashArchitecture } from "../ir/hash.js";
import type { CheckedProgram, SearchPlan } from "../ir/plan.js";
import { combinations } from "../ir/values.js";
import type { Decision, Space } from "../ir/space.js";
import { printNet } from "../ir/text/print-net.js";
import { printSpace } from "../ir/text/print-space.js";
import { chooseArchitecture, wantsArchitecture } from "./architecture.js";
import { costLines } from "./cost.js";
import { exitCodes, type ExitCode } from "./exit-codes.js";
import { withArchitecture, withDefinitions, type ArchitectureOptions, type ProgramOptions } from "./options.js";
import { checkText, pick, readProgram } from "./program-file.js";
import { writeOutput } from "./run-folder.js";
import { fail, type GlobalOptions, type Session } from "./session.js";
import { textTable } from "./table.js";
import type { Terminal } from "./terminal.js";

interface CompileOptions extends ProgramOptions, ArchitectureOptions, GlobalOptions { readonly out: string; readonly space?: string }

const nameOf = (space: Space, id: number): string => { const variable = space.variables[id]!; return variable.kind === "decision" ? variable.path : variable.name; };

function decisionTable(space: Space): string {
  const decisions = space.variables.filter((variable): variable is Decision => variable.kind === "decision");
  return `${textTable([{ title: "decision" }, { title: "options" }, { title: "active" }], decisions.map(({ path, labels, guard }) => [path, labels.join(" | "), guard.scope.length === 0 ? "always" : `by ${guard.scope.map((id) => nameOf(space, id)).join(", ")}`])).join("\n")}\n`;
}

/** Rows of one node's cost table: a combination of the variables it depends on, and what it costs there. */
function nodeTable(space: Space, node: NodeCosts, coupled: boolean): string[] {
  if (node.cells === undefined) return [`${node.path}: too many combinations to list`];
  const rows: string[][] = [];
  let cell = 0;
  for (const options of combinations(space, node.scope)) {
    const cost = node.cells[cell++];
    if (cost === undefined) continue;
    const labels = node.scope.map((id, position) => { const variable = space.variables[id]!; return variable.kind === "decision" ? variable.labels[options[position]!]! : JSON.stringify(variable.domain[options[position]!]); });
    rows.push([...labels, formatMetric("params", cost.params), formatMetric("macs", cost.macs), formatMetric("shifts", cost.shifts), formatMetric("adds", cost.adds), ...(coupled ? [] : [formatMetric("energy", energyOf(cost.energy)), formatMetric("latency", cost.latency)])]);
  }
  const titles = [...node.scope.map((id) => ({ title: nameOf(space, id) })), ...["params", "macs", "shifts", "adds", ...(coupled ? [] : ["energy", "latency"])].map((title) => ({ title, align: "right" as const }))];
  return [`## ${node.path} (${node.operator})`, ...textTable(titles, rows), ""];
}

function costTables(plan: SearchPlan): string {
  const model = createCostModel(plan.accelerator);
  const costs = spaceCosts(plan.space, model);
  return `${[`# ${plan.space.name} on ${plan.accelerator.name}`, "", model.convention, "", ...(model.coupled ? ["Energy and latency of a layer depend on the other layers: `nasc cost` has them for one network.", ""] : []), ...costs.nodes.flatMap((node) => nodeTable(plan.space, node, model.coupled))].join("\n")}\n`;
}

/** File name -> content. */
async function outputs(program: CheckedProgram, space: Space, options: CompileOptions): Promise<Result<ReadonlyMap<string, string>>> {
  const files = new Map<string, string>([["space.nasir", printSpace(space)], ["decisions.txt", decisionTable(space)]]);
  const plans = [...program.searches.values()].filter((plan) => plan.space.name === space.name);
  for (const plan of plans) files.set(`costs-${plan.accelerator.name}.txt`, costTables(plan));
  if (!wantsArchitecture(options)) return success(files);
  const architecture = chooseArchitecture(program, space, options);
  if (!architecture.ok) return architecture;
  const net = bind(space, architecture.value);
  const hash = hashArchitecture(space, architecture.value);
  const { emitTypeScript } = await import("../codegen/typescript.js");
  files.set(`network-${hash}.nasir`, printNet(net));
  files.set(`network-${hash}.ts`, emitTypeScript(net));
  for (const plan of plans) {
    const model = createCostModel(plan.accelerator);
    files.set(`network-${hash}-costs-${plan.accelerator.name}.txt`, `${costLines(model.netCost(net), model, true).join("\n")}\n`);
  }
  return success(files, architecture.warnings);
}

async function compile(terminal: Terminal, file: string, options: CompileOptions): Promise<ExitCode> {
  const text = readProgram(file, options.define);
  if (!text.ok) return fail(terminal, "compile", text.diagnostics);
  const { program, diagnostics, sources } = checkText(text.value);
  if (program === undefined) return fail(terminal, "compile", diagnostics, sources);
  terminal.diagnostics(diagnostics, sources);
  const space = pick("space", program.spaces, options.space);
  if (!space.ok) return fail(terminal, "compile", space.diagnostics);
  const files = await outputs(program, space.value, options);
  if (!files.ok) return fail(terminal, "compile", files.diagnostics, sources);
  terminal.diagnostics(files.warnings, sources);
  for (const [name, content] of files.value) {
    const written = writeOutput(join(options.out, name), content);
    if (!written.ok) return fail(terminal, "compile", written.diagnostics);
    terminal.result(join(options.out, name));
  }
  terminal.document("compile", { out: options.out, files: [...files.value.keys()] }, [...diagnostics, ...files.warnings], sources);
  return exitCodes.success;
}

export function compileCommand(session: Session): Command {
  return withArchitecture(withDefinitions(new Command("compile")))
    .summary("write what a space or a network is lowered to")
    .description("Writes the Space IR, the decision table and the cost tables of a space; for one network also its Net IR and a TypeScript module that builds it with TensorFlow.js alone.")
    .argument("<file>", ".nas file")
    .requiredOption("--out <DIR>", "folder for the output")
    .option("--space <NAME>", "which space, where the file declares several")
    .action((file: string, options: CompileOptions) => session.run("compile", options, (terminal) => compile(terminal, file, options)));
}
