/** `nasc study`: what a study holds, trial by trial. Reads without locking, also while the search runs. */
import { Command } from "commander";
import { formatMetric } from "../hw/metrics.js";
import type { StudyTrial } from "../search/study.js";
import { exitCodes, type ExitCode } from "./exit-codes.js";
import { fail, type GlobalOptions, type Session } from "./session.js";
import { textTable, type Column } from "./table.js";
import type { Terminal } from "./terminal.js";

interface StudyOptions extends GlobalOptions { readonly all?: boolean }

const SHOWN = 20;

function row(trial: StudyTrial, costs: readonly string[]): string[] {
  const cost = (name: string): string => { const value = trial.costs[name]; return value === undefined ? "" : formatMetric(name, value); };
  return [String(trial.number), String(trial.generation), trial.hash, trial.state, trial.accuracy === undefined ? "" : formatMetric("accuracy", trial.accuracy), ...costs.map(cost), Object.entries(trial.labels).map(([path, label]) => `${path}=${label}`).join(" ")];
}

async function showStudy(terminal: Terminal, place: string, options: StudyOptions): Promise<ExitCode> {
  const { readStudy } = await import("../search/study.js");
  const opened = readStudy(place);
  if (!opened.ok) return fail(terminal, "study", opened.diagnostics);
  const study = opened.value;
  try {
    const trials = study.trials();
    terminal.document("study", { path: study.path, identity: study.identity, facts: study.facts(), trials });
    if (terminal.json) return exitCodes.success;
    for (const [name, value] of study.facts()) if (value.length <= 80) terminal.result(`${name.padEnd(14)} ${value}`);
    const failed = trials.filter(({ state }) => state === "failed").length;
    terminal.result(`${"trials".padEnd(14)} ${trials.length}${failed > 0 ? `, ${failed} failed` : ""}`);
    const costs = ["params", "energy", "latency"].filter((name) => trials.some((trial) => name in trial.costs));
    const columns: Column[] = [{ title: "trial", align: "right" }, { title: "gen", align: "right" }, { title: "hash" }, { title: "state" }, { title: "accuracy", align: "right" }, ...costs.map((title): Column => ({ title, align: "right" })), { title: "architecture" }];
    const best = [...trials].sort((a, b) => (b.accuracy ?? -1) - (a.accuracy ?? -1) || a.number - b.number);
    const shown = options.all === true ? trials : best.slice(0, SHOWN);
    if (trials.length > 0) terminal.result();
    if (trials.length > 0) for (const line of textTable(columns, shown.map((trial) => row(trial, costs)))) terminal.result(line);
    if (shown.length < trials.length) terminal.result(terminal.dim(`the ${shown.length} most accurate of ${trials.length}; --all lists them all in order`));
    return exitCodes.success;
  } finally {
    study.close();
  }
}

export function studyCommand(session: Session): Command {
  return new Command("study")
    .summary("list what a study holds")
    .description("Shows the identity and the trials of a study, most accurate first. Works while the search runs.")
    .argument("<folder>", "folder of a run, or a study file")
    .option("--all", "every trial, in the order asked")
    .action((place: string, options: StudyOptions) => session.run("study", options, (terminal) => showStudy(terminal, place, options)));
}
