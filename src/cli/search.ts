/** `nasc search`: the main job. Leaves a folder with the study, pareto.json, the best networks with weights, and report.html. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import type { SearchPlan } from "../ir/plan.js";
import type { RunSearchOptions, SearchOutcome } from "../search/run-search.js";
import { exitCodes, type ExitCode } from "./exit-codes.js";
import { catchInterrupt } from "./interrupt.js";
import type { EngineName } from "../runtime/engine.js";
import { engineName, naturalNumber, positiveInteger, withDefinitions, type ProgramOptions } from "./options.js";
import { checkText, pick, readProgram } from "./program-file.js";
import { recordingImports, writeOutput, writeRecord, type ProgramRecord } from "./run-folder.js";
import { searchReporter } from "./search-progress.js";
import { fail, type GlobalOptions, type Session } from "./session.js";
import type { Sources, Terminal } from "./terminal.js";

export interface SearchOptions extends ProgramOptions, GlobalOptions {
  readonly search?: string;
  readonly data?: string;
  readonly out?: string;
  readonly seed?: number;
  readonly seeds?: number;
  readonly workers?: number;
  readonly resume?: boolean;
  readonly engine?: EngineName;
  readonly deterministic?: boolean;
}

/** More worker processes than this need more memory than they save time on ordinary machines. */
const MOST_WORKERS = 8;

/** runs/Main-20260131-142500 */
function defaultFolder(name: string): string {
  const stamp = new Date().toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  return join("runs", `${name}-${stamp}`);
}

const quoted = (text: string): string => (/^[\w./=@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** The command that goes on with this run. */
function resumeCommand(verb: string, file: string, folder: string, options: SearchOptions): string {
  const parts = ["nasc", verb, file, "--out", folder, "--resume"];
  if (options.search !== undefined) parts.push("--search", options.search);
  if (options.data !== undefined) parts.push("--data", options.data);
  if (options.seed !== undefined) parts.push("--seed", String(options.seed));
  if (options.seeds !== undefined) parts.push("--seeds", String(options.seeds));
  for (const definition of options.define ?? []) parts.push("-D", definition);
  return parts.map(quoted).join(" ");
}

/** What a run starts from: the plan of a checked program, and where it goes. */
export interface PreparedRun {
  readonly plan: SearchPlan;
  readonly folder: string;
  readonly sources: Sources;
  /** The command that goes on with this run. */
  readonly resume: string;
  /** What is to be remembered of the program. */
  record(seed: number): ProgramRecord;
}

/** Reads and checks the program; an exit code where that failed. */
export function prepareRun(terminal: Terminal, verb: "search" | "train", file: string, options: SearchOptions): PreparedRun | ExitCode {
  const text = readProgram(file, options.define);
  if (!text.ok) return fail(terminal, verb, text.diagnostics);
  const { program: recorded, imports } = recordingImports(text.value);
  const { program, diagnostics, sources } = checkText(recorded);
  if (program === undefined) return fail(terminal, verb, diagnostics, sources);
  terminal.diagnostics(diagnostics, sources);
  const picked = pick("search", program.searches, options.search);
  if (!picked.ok) return fail(terminal, verb, picked.diagnostics);
  const plan = picked.value;
  const folder = options.out ?? defaultFolder(plan.name);
  return {
    plan, folder, sources, resume: resumeCommand(verb, file, folder, options),
    record: (seed) => ({ schema: "nasc/1", kind: "program", file: recorded.file, search: plan.name, seed, constants: Object.fromEntries(recorded.constants), sources: Object.fromEntries(sources), imports, ...(options.data === undefined ? {} : { data: options.data }) }),
  };
}

/** The options that go to the search as they are. */
export function searchSettings(options: SearchOptions): Pick<RunSearchOptions, "dataOverride" | "engine" | "deterministic"> {
  return { ...(options.data === undefined ? {} : { dataOverride: options.data }), ...(options.engine === undefined ? {} : { engine: options.engine }), ...(options.deterministic === undefined ? {} : { deterministic: options.deterministic }) };
}

export const workersOf = ({ workers }: SearchOptions): number => workers ?? Math.min(MOST_WORKERS, availableParallelism());

/** Shared by `search` and `train`, which stops after the supernet. */
export async function runFile(terminal: Terminal, verb: "search" | "train", file: string, options: SearchOptions): Promise<ExitCode> {
  const prepared = prepareRun(terminal, verb, file, options);
  if (typeof prepared === "number") return prepared;
  const { plan, folder, sources, resume } = prepared;
  const reporter = searchReporter(terminal, plan);
  const interrupt = catchInterrupt(() => { reporter.clear(); terminal.note("stopping after the work in hand; press Ctrl-C again to leave at once"); });
  let recordProblem: ExitCode | undefined;
  const { runSearch } = await import("../search/run-search.js");
  const outcome = await runSearch({
    plan, outDir: folder, workers: workersOf(options), resume: options.resume === true, ...searchSettings(options),
    ...(verb === "train" ? { until: "supernet" as const } : {}), ...(options.seed === undefined ? {} : { seed: options.seed }),
    shouldStop: () => interrupt.requested() || recordProblem !== undefined,
    onEvent: (event) => {
      if (event.kind === "started") {
        // Only now is it certain that the folder is ours.
        const written = writeRecord(folder, prepared.record(options.seed ?? plan.seed));
        if (!written.ok) recordProblem = fail(terminal, verb, written.diagnostics);
      }
      reporter.event(event);
    },
  });
  interrupt.release();
  reporter.clear();
  if (recordProblem !== undefined) return recordProblem;
  if (!outcome.ok) return fail(terminal, verb, outcome.diagnostics, sources);
  terminal.diagnostics(outcome.warnings, sources);
  if (outcome.value.state === "stopped" && !(verb === "train" && outcome.value.phase === "search")) {
    terminal.note(`stopped; everything up to here is kept in ${folder}\ngo on with: ${resume}`);
    terminal.document(verb, { folder, state: "stopped", resume }, outcome.warnings, sources, false);
    return exitCodes.interrupted;
  }
  return verb === "train" ? finishTraining(terminal, outcome.value, resume.replace("nasc train", "nasc search")) : finishSearch(terminal, outcome.value, plan);
}

function finishTraining(terminal: Terminal, outcome: SearchOutcome, resume: string): ExitCode {
  const last = outcome.curve.at(-1);
  terminal.result(`supernet trained: ${last === undefined ? "" : `step ${last.step}, loss ${last.loss.toFixed(3)}, training accuracy of sampled paths ${(100 * last.accuracy).toFixed(1)} %`}`);
  terminal.result(`weights in ${join(outcome.folder, "supernet.weights")}`);
  terminal.result(`search it with: ${resume}`);
  terminal.document("train", { folder: outcome.folder, state: "finished", curve: outcome.curve }, [], new Map(), false);
  return exitCodes.success;
}

async function finishSearch(terminal: Terminal, outcome: SearchOutcome, plan: SearchPlan): Promise<ExitCode> {
  const { reportOfRun } = await import("./report-files.js");
  const report = reportOfRun(outcome.folder);
  const path = join(outcome.folder, "report.html");
  const written = report.ok ? writeOutput(path, report.value) : report;
  if (!written.ok) terminal.diagnostics(written.diagnostics);
  if (outcome.document !== undefined) {
    const { printPareto } = await import("./pareto-table.js");
    printPareto(terminal, outcome.document, plan.space);
  }
  terminal.result();
  terminal.result(`search ${plan.name}: ${outcome.trials.length} architectures judged, ${outcome.pareto.length} on the Pareto front, in ${outcome.folder}`);
  if (written.ok) terminal.result(`report:  ${path}`);
  terminal.result(`next:    nasc derive ${outcome.folder}`);
  terminal.document("search", { folder: outcome.folder, state: "finished", pareto: outcome.document, report: written.ok ? path : null }, written.ok ? [] : written.diagnostics, new Map(), false);
  return written.ok ? exitCodes.success : exitCodes.storage;
}

export function withRunOptions(command: Command): Command {
  return withDefinitions(command)
    .option("--out <DIR>", "where to leave the run (default: runs/<search>-<time>)")
    .option("--data <PATH>", "data set in the place of the declared one: a folder or file of IDX, CIFAR or CSV")
    .option("--resume", "go on with the run in --out")
    .option("--seed <N>", "random seed (default: the search's own)", naturalNumber)
    .option("--search <NAME>", "which search, where the file declares several")
    .option("--engine <NAME>", "wasm, node (tfjs-node, where it is installed) or cpu (slow)", engineName)
    .option("--deterministic", "slower kernels that give the same bits on every machine");
}

export function searchCommand(session: Session): Command {
  return withRunOptions(new Command("search"))
    .summary("train the supernet, search it, and write a report")
    .description("Trains the supernet, searches it for the Pareto set, and leaves a folder with the study, pareto.json, the best networks with weights, and report.html. Ctrl-C and even kill -9 lose nothing: run again with --resume. With --json one JSON document per line.")
    .argument("<file>", ".nas file")
    .option("--workers <N>", "worker processes (default: one per core); the result does not depend on it", naturalNumber)
    .option("--seeds <N>", "search with N seeds from --seed on, each as if alone and as many at once as there are workers; DIR/seeds.json compares them", positiveInteger)
    .action((file: string, options: SearchOptions) => session.run("search", options, async (terminal) => {
      if (options.seeds === undefined) return runFile(terminal, "search", file, options);
      const { runSeedsOfFile } = await import("./search-seeds.js");
      return runSeedsOfFile(terminal, file, options, options.seeds);
    }));
}
