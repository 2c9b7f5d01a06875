/** Which architecture a command means: a declared one, one given by `--fix path=value`, or a network of a run by its hash. */
import { join } from "node:path";
import { diagnostic, failure, success, type Result } from "../diagnostics/model.js";
import { suggest } from "../diagnostics/suggest.js";
import { architectureFrom } from "../ir/describe.js";
import { onFirstHardware } from "../ir/joint-space.js";
import type { Accelerator, CheckedProgram } from "../ir/plan.js";
import type { Architecture, Space } from "../ir/space.js";
import type { ArchitectureOptions } from "./options.js";
import { pick } from "./program-file.js";

export function wantsArchitecture(options: ArchitectureOptions): boolean {
  return options.architecture !== undefined || (options.fix ?? []).length > 0;
}

function parseFixes(fixes: readonly string[]): Result<ReadonlyMap<string, string>> {
  const bindings = new Map<string, string>();
  for (const fix of fixes) {
    const at = fix.indexOf("=");
    if (at <= 0) return failure(diagnostic("NAS9002", { title: "`--fix` takes path=value", why: `\`${fix}\` has no path before a \`=\``, help: "for example --fix width=16 --fix 'mix[2]=shift'" }));
    bindings.set(fix.slice(0, at).trim(), fix.slice(at + 1).trim());
  }
  return success(bindings);
}

/** The architecture of `space` that the options name; what they leave open takes its first option, an accelerator to choose its first variant. */
export function chooseArchitecture(program: CheckedProgram, space: Space, options: ArchitectureOptions, accelerator?: Accelerator): Result<Architecture> {
  if (options.architecture !== undefined) {
    if (options.fix !== undefined) return failure(diagnostic("NAS9002", { title: "`--architecture` and `--fix` exclude each other", help: "give one of the two" }));
    const named = pick("architecture", program.architectures, options.architecture);
    if (!named.ok) return named;
    if (named.value.space !== space.name) return failure(diagnostic("NAS9003", { title: `\`${options.architecture}\` is no architecture of \`${space.name}\``, why: `it is declared of \`${named.value.space}\`` }));
    return success(accelerator === undefined ? named.value.architecture : onFirstHardware(space, accelerator, named.value.architecture));
  }
  const bindings = parseFixes(options.fix ?? []);
  return bindings.ok ? architectureFrom(space, bindings.value) : bindings;
}

/** A trial of a run by hash or unique beginning of one. */
export async function architectureOfHash(folder: string, hash: string): Promise<Result<Architecture>> {
  // Loaded here, because most verbs that name an architecture have no study to open.
  const { STUDY_FILE, readStudy } = await import("../search/study.js");
  const study = readStudy(folder);
  if (!study.ok) return study;
  const trials = study.value.trials();
  study.value.close();
  const found = trials.filter((trial) => trial.hash.startsWith(hash));
  if (found.length === 1) return success(found[0]!.architecture);
  const near = suggest(hash, trials.map((trial) => trial.hash));
  return failure(diagnostic("NAS9006", {
    title: found.length === 0 ? `the run has no network \`${hash}\`` : `\`${hash}\` begins several networks`,
    why: found.length === 0 ? `${join(folder, STUDY_FILE)} holds ${trials.length} trials` : found.slice(0, 5).map((trial) => trial.hash).join(", "),
    ...(near.length > 0 ? { help: `did you mean ${near.join(" or ")}?` } : { help: `\`nasc study ${folder}\` lists them` }),
  }));
}
