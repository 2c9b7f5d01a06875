/** `nasc derive`: trains a chosen network of a run on its own and reports its accuracy on the test part, beside others if asked. */
import { Command, Option } from "commander";
import { success, type Result } from "../diagnostics/model.js";
import { formatMetric, type MetricName } from "../hw/metrics.js";
import type { Architecture, Space } from "../ir/space.js";
import type { DerivedDocument, StartingPoint } from "../search/derive.js";
import { architectureOfHash } from "./architecture.js";
import { exitCodes, type ExitCode } from "./exit-codes.js";
import { catchInterrupt } from "./interrupt.js";
import type { EngineName } from "../runtime/engine.js";
import { collect, engineName, positiveNumber } from "./options.js";
import { pick } from "./program-file.js";
import { bar, ProgressLine } from "./progress.js";
import { openRun, writeOutput, type Run } from "./run-folder.js";
import { fail, type GlobalOptions, type Session } from "./session.js";
import { clock, textTable, type Column } from "./table.js";
import type { Terminal } from "./terminal.js";

interface DeriveOptions extends GlobalOptions {
  readonly network?: string;
  readonly architecture?: readonly string[];
  readonly from: StartingPoint;
  readonly epochs?: number;
  readonly data?: string;
  readonly engine?: EngineName;
  readonly deterministic?: boolean;
}

interface Chosen { readonly name: string; readonly architecture: Architecture }

/** The Pareto set's best unless a hash is given; then the declared architectures to put beside it. */
async function chosenOf(run: Run, options: DeriveOptions): Promise<Result<readonly Chosen[]>> {
  const chosen: Chosen[] = [];
  if (options.network !== undefined) {
    const found = await architectureOfHash(run.folder, options.network);
    if (!found.ok) return found;
    chosen.push({ name: "chosen", architecture: found.value });
  } else {
    const { readPareto } = await import("../search/result-files.js");
    const pareto = readPareto(run.folder);
    if (!pareto.ok) return pareto;
    const [best] = pareto.value.members;
    if (best !== undefined) chosen.push({ name: "chosen", architecture: best.architecture });
  }
  for (const name of options.architecture ?? []) {
    const named = pick("architecture", run.checked.program?.architectures ?? new Map(), name);
    if (!named.ok) return named;
    chosen.push({ name, architecture: named.value.architecture });
  }
  return success(chosen);
}

const shown: readonly MetricName[] = ["energy", "latency", "params", "macs", "shifts", "adds"];

async function sideBySide(terminal: Terminal, space: Space, derived: readonly { readonly name: string; readonly document: DerivedDocument }[]): Promise<void> {
  const { mixOf } = await import("./pareto-table.js");
  const columns: Column[] = [{ title: "" }, { title: "network" }, { title: "test accuracy", align: "right" }, ...shown.map((title): Column => ({ title, align: "right" })), { title: "operators" }];
  for (const line of textTable(columns, derived.map(({ name, document }) => [name, document.hash, formatMetric("accuracy", document.test.accuracy), ...shown.map((metric) => formatMetric(metric, document.costs[metric])), mixOf(space, document.architecture)]))) terminal.result(line);
  const [first, ...others] = derived;
  for (const other of others) {
    if (first === undefined) return;
    const ratio = first.document.costs.energy / other.document.costs.energy;
    const points = 100 * (first.document.test.accuracy - other.document.test.accuracy);
    terminal.result(`${first.name} takes ${(100 * ratio).toFixed(1)} % of the energy of ${other.name}, at ${points >= 0 ? "+" : ""}${points.toFixed(2)} points of test accuracy`);
  }
}

async function deriveAll(terminal: Terminal, folder: string, options: DeriveOptions): Promise<ExitCode> {
  const run = openRun(folder);
  if (!run.ok) return fail(terminal, "derive", run.diagnostics);
  const chosen = await chosenOf(run.value, options);
  if (!chosen.ok) return fail(terminal, "derive", chosen.diagnostics, run.value.sources);
  const { derive } = await import("../search/derive.js");
  const line = new ProgressLine(terminal.options.quiet || terminal.json);
  const interrupt = catchInterrupt(() => { line.clear(); terminal.note("stopping after this step; press Ctrl-C again to leave at once"); });
  const data = options.data ?? run.value.record.data;
  const finished: { readonly name: string; readonly document: DerivedDocument }[] = [];
  try {
    for (const { name, architecture } of chosen.value) {
      const outcome = await derive({
        folder, plan: run.value.plan, seed: run.value.record.seed, architecture, from: options.from, shouldStop: interrupt.requested,
        ...(options.epochs === undefined ? {} : { epochs: options.epochs }), ...(data === undefined ? {} : { dataOverride: data }), ...(options.engine === undefined ? {} : { engine: options.engine }), ...(options.deterministic === undefined ? {} : { deterministic: options.deterministic }),
        onProgress: ({ epoch, epochs, step, steps, loss, accuracy, imagesPerSecond, secondsLeft }) => line.update(`${name} ${bar(step / steps)} epoch ${epoch}/${epochs} step ${step}/${steps}  loss ${loss.toFixed(3)}  accuracy ${(100 * accuracy).toFixed(1)} %  ${Math.round(imagesPerSecond)} images/s  ${clock(secondsLeft)} left`, step === steps),
      });
      line.clear();
      if (!outcome.ok) return fail(terminal, "derive", outcome.diagnostics, run.value.sources);
      terminal.diagnostics(outcome.warnings, run.value.sources);
      if (outcome.value.state === "stopped") {
        terminal.note(`stopped at step ${outcome.value.step} of ${outcome.value.totalSteps}; run the same command again to go on`);
        return exitCodes.interrupted;
      }
      finished.push({ name, document: outcome.value.document });
      terminal.note(`${name}: test accuracy ${formatMetric("accuracy", outcome.value.document.test.accuracy)}, ${outcome.value.file}`);
    }
  } finally {
    interrupt.release();
  }
  await sideBySide(terminal, run.value.plan.space, finished);
  terminal.document("derive", { folder, networks: finished.map(({ name, document }) => ({ name, ...document })) });
  return refreshReport(terminal, folder);
}

/** The report shows derived networks too. */
async function refreshReport(terminal: Terminal, folder: string): Promise<ExitCode> {
  const { reportOfRun } = await import("./report-files.js");
  const report = reportOfRun(folder);
  const written = report.ok ? writeOutput(`${folder}/report.html`, report.value) : report;
  if (!written.ok) terminal.diagnostics(written.diagnostics);
  return written.ok ? exitCodes.success : exitCodes.storage;
}

export function deriveCommand(session: Session): Command {
  return new Command("derive")
    .summary("train a chosen network and judge it on the test part")
    .description("Trains one network of a run (the best of its Pareto set, or --network) from its inherited weights or from scratch, and reports its accuracy on the test part. --architecture adds declared architectures of the same program, trained alike, for comparison.")
    .argument("<folder>", "folder of a run")
    .option("--network <HASH>", "a network of the study instead of the best")
    .option("--architecture <NAME>", "also derive this declared architecture, side by side (repeatable)", collect)
    .addOption(new Option("--from <START>", "where training starts").choices(["inherited", "scratch"]).default("inherited"))
    .option("--epochs <N>", "instead of the program's own number", positiveNumber)
    .option("--data <PATH>", "data set in the place of the run's")
    .option("--engine <NAME>", "wasm, node (tfjs-node, where it is installed) or cpu (slow)", engineName)
    .option("--deterministic", "slower kernels that give the same bits on every machine")
    .action((folder: string, options: DeriveOptions) => session.run("derive", options, (terminal) => deriveAll(terminal, folder, options)));
}
