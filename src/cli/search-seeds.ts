/**
 * `nasc search --seeds N`: the search of each seed in a folder of its own, exactly as if it ran alone, and beside them `seeds.json`, which
 * says how far the seeds agree.
 */
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { diagnostic, type Diagnostic } from "../diagnostics/model.js";
import { formatMetric } from "../hw/metrics.js";
import { holdsSearch } from "../search/run-search.js";
import { runSeeds, type SeedResult } from "../search/seed-pool.js";
import type { SeedSetup } from "../search/seed-protocol.js";
import { seedsDocument, type SeedsDocument } from "../search/seeds-document.js";
import { exitCodeOf, exitCodes, type ExitCode } from "./exit-codes.js";
import { catchInterrupt } from "./interrupt.js";
import { reportOfRun } from "./report-files.js";
import { writeOutput, writeRecord } from "./run-folder.js";
import { prepareRun, searchSettings, workersOf, type PreparedRun, type SearchOptions } from "./search.js";
import { seedsReporter } from "./seeds-progress.js";
import { fail } from "./session.js";
import { textTable, type Column } from "./table.js";
import type { Terminal } from "./terminal.js";

export const SEEDS_FILE = "seeds.json";

/** Who runs at once, and with how many workers and threads each: cores that the seeds do not take serve their candidates. */
function shares(options: SearchOptions, seeds: number): { readonly parallel: number; readonly workers: number; readonly threads: number } {
  const parallel = Math.max(1, Math.min(seeds, workersOf(options)));
  const each = Math.floor(workersOf(options) / parallel);
  return { parallel, workers: each > 1 ? each : 0, threads: Math.max(1, Math.floor(availableParallelism() / parallel)) };
}

function setupsOf({ plan, folder }: PreparedRun, options: SearchOptions, seeds: number, share: Pick<SeedSetup, "workers" | "threads">): readonly SeedSetup[] {
  return Array.from({ length: seeds }, (_, index): SeedSetup => {
    const seed = (options.seed ?? plan.seed) + index;
    return { plan, seed, outDir: join(folder, `seed-${seed}`), resume: options.resume === true, ...share, ...searchSettings(options) };
  });
}

const diagnosticsOf = ({ end }: SeedResult): readonly Diagnostic[] => (end.kind === "failed" ? end.diagnostics : end.warnings);

/** What all seeds say is said once. */
function distinct(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Map(diagnostics.map((one) => [JSON.stringify(one), one]));
  return [...seen.values()];
}

export async function runSeedsOfFile(terminal: Terminal, file: string, options: SearchOptions, seeds: number): Promise<ExitCode> {
  const prepared = prepareRun(terminal, "search", file, options);
  if (typeof prepared === "number") return prepared;
  const { plan, folder, sources, resume } = prepared;
  const { parallel, ...share } = shares(options, seeds);
  const setups = setupsOf(prepared, options, seeds, share);
  const taken = options.resume === true ? undefined : setups.find(({ outDir }) => holdsSearch(outDir));
  if (taken !== undefined) return fail(terminal, "search", [diagnostic("NAS7006", { title: "the output folder already holds a study", why: taken.outDir, help: "go on with it by `--resume`, or choose another `--out`" })]);

  const reporter = seedsReporter(terminal, plan, seeds);
  const stopping = new AbortController();
  const interrupt = catchInterrupt(() => { reporter.clear(); terminal.note("stopping after the work in hand; press Ctrl-C again to leave at once"); stopping.abort(); });
  const unwritten: Diagnostic[] = [];
  const note = (written: ReturnType<typeof writeOutput>): void => {
    if (!written.ok) { unwritten.push(...written.diagnostics); stopping.abort(); }
  };
  const results = await runSeeds({
    setups, parallel, signal: stopping.signal,
    onEvent: (setup, event) => {
      if (event.kind === "started") note(writeRecord(setup.outDir, prepared.record(setup.seed)));
      reporter.event(setup.seed, event);
    },
    onEnd: (result) => {
      reporter.end(result);
      if (result.end.kind !== "finished") return;
      const report = reportOfRun(result.folder);
      note(report.ok ? writeOutput(join(result.folder, "report.html"), report.value) : report);
    },
  });
  interrupt.release();
  reporter.clear();
  if (!results.ok) return fail(terminal, "search", results.diagnostics, sources);
  const document = seedsDocument(plan, results.value, (path) => basename(path));
  const written = writeOutput(join(folder, SEEDS_FILE), `${JSON.stringify(document, null, 2)}\n`);
  const diagnostics = distinct([...results.value.flatMap(diagnosticsOf), ...unwritten, ...(written.ok ? [] : written.diagnostics)]);
  terminal.diagnostics(diagnostics, sources);
  const state = results.value.some(({ end }) => end.kind === "failed") ? "failed" : results.value.some(({ end }) => end.kind === "stopped") ? "stopped" : "finished";
  if (document.seeds.some((one) => one.state === "finished")) printSeeds(terminal, document);
  if (state === "stopped") terminal.note(`stopped; everything up to here is kept in ${folder}`);
  if (state === "finished") sayNext(terminal, document, folder);
  else terminal.note(`go on with: ${resume}`);
  terminal.document("search", { folder, state, seeds: document, ...(state === "finished" ? {} : { resume }) }, diagnostics, sources, false);
  const code = exitCodeOf(diagnostics);
  return code === exitCodes.success && state === "stopped" ? exitCodes.interrupted : code;
}

/** One row per seed, then mean and spread, then the common front. */
function printSeeds(terminal: Terminal, { seeds, best, front, objectives }: SeedsDocument): void {
  const metrics = Object.keys(best);
  const format = (metric: string, value: number | undefined): string => (value === undefined ? "" : formatMetric(metric, value));
  const valueOf = (member: SeedsDocument["seeds"][number]["best"], metric: string): number | undefined => (metric === "accuracy" ? member?.accuracy : member?.costs[metric]);
  const columns = (first: string): Column[] => [{ title: first }, ...metrics.map((title): Column => ({ title, align: "right" })), { title: "network" }];
  const rows = seeds.map(({ seed, state, best: member }) => [`seed ${seed}`, ...metrics.map((metric) => format(metric, valueOf(member, metric))), member?.hash ?? (state === "finished" ? "nothing feasible" : state)]);
  const summary = (["mean", "deviation", "minimum", "maximum"] as const).map((figure) => [figure, ...metrics.map((metric) => format(metric, best[metric]?.[figure]))]);
  for (const line of textTable(columns("best of"), [...rows, ...summary])) terminal.result(line);
  terminal.result();
  const members = front.map((member) => [`seed ${member.seed}`, ...metrics.map((metric) => format(metric, valueOf(member, metric))), member.hash]);
  for (const line of textTable(columns("front of all"), members)) terminal.result(line);
  terminal.result(terminal.dim(`best: by ${objectives[0]?.metric ?? "accuracy"}; accuracy: inherited weights of each seed's own supernet, validation part`));
}

function sayNext(terminal: Terminal, { seeds, front }: SeedsDocument, folder: string): void {
  terminal.result();
  terminal.result(`${seeds.length} seeds in ${folder}, compared in ${join(folder, SEEDS_FILE)}`);
  const [best] = front;
  if (best !== undefined) terminal.result(`next:    nasc derive ${join(folder, `seed-${best.seed}`)}`);
}
