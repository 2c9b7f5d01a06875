/** `nasc doctor`: what this machine offers and which engine is taken, with what to do about problems. */
import { availableParallelism, freemem, totalmem } from "node:os";
import { Command } from "commander";
import { exitCodes, type ExitCode } from "./exit-codes.js";
import type { GlobalOptions, Session } from "./session.js";
import type { Terminal } from "./terminal.js";
import { nascVersion } from "../search/version.js";

interface Finding { readonly name: string; readonly state: "ok" | "note" | "problem"; readonly detail: string }

const OLDEST_NODE = 20;
const ENOUGH_MEMORY = 1.5e9;

function machineFindings(): Finding[] {
  const major = Number(process.versions.node.split(".")[0]);
  return [
    { name: "nasc", state: "ok", detail: nascVersion() },
    { name: "node", state: major >= OLDEST_NODE ? "ok" : "problem", detail: major >= OLDEST_NODE ? process.version : `${process.version}; install Node ${OLDEST_NODE} or newer` },
    { name: "cores", state: "ok", detail: `${availableParallelism()}: searches use that many worker processes by default` },
    { name: "memory", state: freemem() > ENOUGH_MEMORY ? "ok" : "note", detail: `${(freemem() / 1e9).toFixed(1)} of ${(totalmem() / 1e9).toFixed(1)} GB free; a search takes about 0.3 GB per process` },
  ];
}

async function engineFindings(): Promise<Finding[]> {
  const { createEngine } = await import("../runtime/create-engine.js");
  const engine = await createEngine();
  if (!engine.ok) return [{ name: "engine", state: "problem", detail: engine.diagnostics.map(({ title, why }) => `${title}${why === undefined ? "" : `: ${why}`}`).join("; ") }];
  const { description, reasons } = engine.value.report;
  const { library } = engine.value;
  const sum = engine.value.scope(() => engine.value.download(library.sum(library.matMul(library.constant([1, 2, 3, 4], [2, 2]), library.constant([1, 0, 0, 1], [2, 2])), [0, 1], false))[0]);
  return [
    { name: "engine", state: "ok", detail: description },
    ...reasons.map((detail): Finding => ({ name: "engine", state: "note", detail })),
    { name: "arithmetic", state: sum === 10 ? "ok" : "problem", detail: sum === 10 ? "a small product is right" : `a small product gave ${String(sum)} instead of 10` },
  ];
}

/** Last, because loading it takes the place of the engine. */
async function tfjsNodeFinding(): Promise<Finding> {
  const { tfjsNodeState } = await import("../runtime/tfjs-node/load.js");
  const found = await tfjsNodeState();
  if (!("problem" in found)) return { name: "tfjs-node", state: "ok", detail: `${found.description}; \`--engine node\` trains with it` };
  return { name: "tfjs-node", state: found.absent ? "ok" : "note", detail: found.absent ? "not installed, which is no fault; with it `--engine node` trains with TensorFlow" : `${found.problem}; so \`--engine node\` cannot be had` };
}

async function studyFinding(): Promise<Finding> {
  try {
    const { default: Database } = await import("libsql");
    const database = new Database(":memory:");
    const row: unknown = database.prepare("SELECT sqlite_version() AS version").get();
    database.close();
    return { name: "studies", state: "ok", detail: `SQLite ${typeof row === "object" && row !== null && "version" in row ? String(row.version) : ""}` };
  } catch (error) {
    return { name: "studies", state: "problem", detail: `libsql does not load: ${error instanceof Error ? error.message : String(error)}; run \`npm ci\` again` };
  }
}

async function doctor(terminal: Terminal): Promise<ExitCode> {
  const findings = [...machineFindings(), ...(await engineFindings()), await studyFinding(), await tfjsNodeFinding()];
  const marks = { ok: "ok", note: "note", problem: "PROBLEM" } as const;
  for (const { name, state, detail } of findings) terminal.result(`${marks[state].padEnd(8)} ${name.padEnd(11)} ${detail}`);
  terminal.document("doctor", { findings });
  return findings.some(({ state }) => state === "problem") ? exitCodes.runFailed : exitCodes.success;
}

export function doctorCommand(session: Session): Command {
  return new Command("doctor")
    .summary("what this machine offers")
    .description("Reports Node, cores, memory, the engine that is taken and why no better one, and whether studies can be stored.")
    .action((options: GlobalOptions) => session.run("doctor", options, doctor));
}
