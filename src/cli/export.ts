/** `nasc export`: a network of a run as a model that other programs load without nasc. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Command, Option } from "commander";
import { failure, diagnostic, success, type Result } from "../diagnostics/model.js";
import { bind } from "../ir/bind.js";
import { hashArchitecture } from "../ir/hash.js";
import type { Net } from "../ir/net.js";
import type { Architecture } from "../ir/space.js";
import type { NetWeights } from "../runtime/extract.js";
import { architectureOfHash } from "./architecture.js";
import { exitCodes, type ExitCode } from "./exit-codes.js";
import { openRun, writeOutput } from "./run-folder.js";
import { fail, type GlobalOptions, type Session } from "./session.js";
import type { Terminal } from "./terminal.js";

interface ExportOptions extends GlobalOptions { readonly format: "tfjs" | "typescript"; readonly network?: string; readonly weights?: string; readonly merge?: boolean; readonly out: string }

async function bestOf(folder: string): Promise<Result<Architecture>> {
  const { readPareto } = await import("../search/result-files.js");
  const pareto = readPareto(folder);
  if (!pareto.ok) return pareto;
  const [best] = pareto.value.members;
  return best === undefined ? failure(diagnostic("NAS9006", { title: "the run's Pareto set is empty", why: "no architecture met the budgets", help: "give --network HASH" })) : success(best.architecture);
}

/** Trained weights beat inherited ones: derived (from scratch or inherited, whichever is there), else those of the Pareto set. */
function weightsPath(folder: string, hash: string): Result<string> {
  const derived = join(folder, "derived");
  const names = existsSync(derived) ? readdirSync(derived).filter((name) => name.startsWith(hash) && name.endsWith(".weights")).sort() : [];
  const [found] = names.map((name) => join(derived, name));
  const inherited = join(folder, "networks", `${hash}.weights`);
  if (found !== undefined) return success(found);
  if (existsSync(inherited)) return success(inherited);
  return failure(diagnostic("NAS9006", { title: `there are no weights of \`${hash}\` in the run`, why: `neither ${derived} nor ${inherited} has them`, help: `train it first: nasc derive ${folder} --network ${hash}` }));
}

async function exportNetwork(terminal: Terminal, folder: string, options: ExportOptions): Promise<ExitCode> {
  const run = openRun(folder);
  if (!run.ok) return fail(terminal, "export", run.diagnostics);
  const architecture = options.network === undefined ? await bestOf(folder) : await architectureOfHash(folder, options.network);
  if (!architecture.ok) return fail(terminal, "export", architecture.diagnostics);
  const { space } = run.value.plan;
  const net = bind(space, architecture.value);
  const hash = hashArchitecture(space, architecture.value);
  const files = await exportedFiles(folder, hash, options, net);
  if (!files.ok) return fail(terminal, "export", files.diagnostics);
  for (const [name, content] of files.value) {
    const written = writeOutput(join(options.out, name), content);
    if (!written.ok) return fail(terminal, "export", written.diagnostics);
    terminal.result(join(options.out, name));
  }
  terminal.document("export", { out: options.out, format: options.format, network: hash, files: [...files.value.keys()] });
  return exitCodes.success;
}

async function exportedFiles(folder: string, hash: string, options: ExportOptions, bound: Net): Promise<Result<ReadonlyMap<string, Uint8Array>>> {
  const path = options.weights === undefined ? weightsPath(folder, hash) : success(options.weights);
  if (!path.ok) return path;
  const { loadWeights } = await import("../runtime/extract.js");
  const loaded = loadWeights(path.value);
  if (!loaded.ok) return loaded;
  const { net, weights } = await merged(bound, loaded.value, options.merge === true);
  switch (options.format) {
    case "tfjs": return (await import("../codegen/tfjs-model.js")).exportTensorFlowJs(net, weights);
    case "typescript": return (await import("../codegen/typescript.js")).exportTypeScript(net, weights);
    default: { const never: never = options.format; throw new Error(`format ${String(never)}`); }
  }
}

/** Weights that do not fit are left as they are, for the export to say what is wrong with them. */
async function merged(net: Net, weights: NetWeights, wanted: boolean): Promise<{ readonly net: Net; readonly weights: NetWeights }> {
  if (!wanted) return { net, weights };
  const [{ rewriteNet, fits }, { mergeNet }] = await Promise.all([import("../runtime/rewrite.js"), import("../ir/passes/merge.js")]);
  return fits(net, weights) ? rewriteNet(net, weights, mergeNet) : { net, weights };
}

export function exportCommand(session: Session): Command {
  return new Command("export")
    .summary("write a network as a TensorFlow.js model or as source")
    .description("Writes a network of a run (the best of its Pareto set, or --network) so that it works without nasc: a TensorFlow.js graph model with weights, or a TypeScript module.")
    .argument("<folder>", "folder of a run")
    .addOption(new Option("--format <FORMAT>", "what to write").choices(["tfjs", "typescript"]).default("tfjs"))
    .requiredOption("--out <DIR>", "folder for the model")
    .option("--network <HASH>", "a network of the study instead of the best")
    .option("--merge", "fold batch norms and merge linear layers and branches first: fewer layers, the same outputs up to rounding")
    .option("--weights <FILE>", "a weights file instead of the run's own")
    .action((folder: string, options: ExportOptions) => session.run("export", options, (terminal) => exportNetwork(terminal, folder, options)));
}
