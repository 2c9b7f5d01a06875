/** Reads `mapper { convention rice_eic { ... } }`, and says what its templates cannot do with the memories and chunks declared. */
import { diagnostic, type Span } from "../../diagnostics/model.js";
import type { Accelerator, MemoryLevel, PredictorPlan, TensorRole } from "../plan.js";
import { short, type PlanContext } from "./context.js";
import { PREDICTOR, predictorObjective, predictorSwitches } from "./predictor-settings.js";
import type { SettingGroup } from "./read-settings.js";

const isPredicted = (group: SettingGroup): boolean => group.inner("mapper").word("convention") === PREDICTOR;

function objectiveOf(word: string | undefined): PredictorPlan["minimize"] {
  return word === "energy" || word === "latency" || word === predictorObjective.name ? word : "edp";
}

export function readPredictor(group: SettingGroup): PredictorPlan | undefined {
  if (!isPredicted(group)) return undefined;
  const mapper = group.inner("mapper");
  const chosen = mapper.inner("convention");
  const pick = <W extends { readonly name: string }>(name: string, words: readonly W[]): W["name"] => (words.find((word) => word.name === chosen.word(name)) ?? words[0]!).name;
  return {
    minimize: objectiveOf(mapper.word("minimize")), places: pick("places", predictorSwitches.places), groups: pick("groups", predictorSwitches.groups), pooling: pick("pooling", predictorSwitches.pooling),
    adders: pick("adders", predictorSwitches.adders), buffer: pick("buffer", predictorSwitches.buffer), others: pick("others", predictorSwitches.others),
  };
}

/** What a template needs beside each element: one memory for each tensor. */
const roles: readonly TensorRole[] = ["inputs", "weights", "outputs"];

/** The memory beside each element that keeps one tensor alone. */
export const registersOf = (memories: readonly MemoryLevel[], role: TensorRole): MemoryLevel | undefined => memories.find(({ per, holds }) => per === "pe" && holds?.length === 1 && holds[0] === role);

function checkMemories({ memories }: Pick<Accelerator, "memories">, group: SettingGroup, context: PlanContext): void {
  const declared = group.all("memory");
  const wrong = (index: number, title: string, label: string, help: string): void =>
    context.report(diagnostic("NAS5041", { title, at: declared[index]?.setting.values[0]?.span ?? group.inner("mapper").spanOf("convention"), label, why: "the predictor knows external memory, one buffer, and beside each element a memory for inputs, one for weights and one for partial sums", help }));
  const buffers = memories.flatMap(({ per }, index) => (index > 0 && per === undefined ? [index] : []));
  if (memories.length > 1 && buffers.length === 0) wrong(-1, "the predictor needs a buffer", "no memory of the chip", "add `memory buffer { size 128KB  width 16bit }` after the external memory");
  for (const index of buffers.slice(1)) wrong(index, `the predictor has no place for \`${short(memories[index]!.name)}\``, "a second buffer", "remove one of the buffers");
  const used = new Set(roles.map((role) => registersOf(memories, role)));
  memories.forEach((memory, index) => {
    if (memory.per !== undefined && !used.has(memory)) wrong(index, `the predictor has no place for \`${short(memory.name)}\``, memory.per === "pe" ? "keeps several tensors, or the same as another" : `per ${memory.per}`, "give each element memories that hold one tensor each: `per pe  holds inputs`");
  });
  for (const role of roles) {
    if (registersOf(memories, role) === undefined) wrong(-1, `the predictor needs a memory for ${role} beside each element`, `no memory is \`per pe\` and \`holds ${role}\``, `add \`memory ${role === "outputs" ? "sums" : role} { size 32B  width 16bit  per pe  holds ${role} }\``);
  }
}

/** What the general mapper looks at and the predictor does not. */
function checkIdle(accelerator: Accelerator, group: SettingGroup, context: PlanContext): void {
  const idle = (within: SettingGroup, fields: readonly string[], why: string, help = "remove it, or take another `convention`"): void => {
    for (const field of fields) {
      if (within.has(field)) context.report(diagnostic("NAS5042", { severity: "warning", title: `\`${field}\` has no effect on the predictor`, at: within.first(field)!.setting.name.span, label: "not looked at", why, help }));
    }
  };
  if (accelerator.predictor?.others === "free") idle(group.inner("vector"), ["lanes", "add", "multiply", "special", "fuse"], "with `others free` vector work costs nothing", "remove it, or write `others compulsory`");
  idle(group.inner("mapper"), ["effort", "least_use", "factors", "keep_on_chip"], "every tiling by whole factors is tried, and every layer takes its inputs from external memory");
  if (group.word("share") === "dynamic") idle(group, ["share"], "the room of a layer is what `buffer` says");
  group.all("memory").forEach(({ group: memory }, index) => idle(memory, index === 0 ? ["ports"] : ["ports", "double_buffered", "bandwidth"], "its latency is that of computing alone"));
}

function checkChunks(group: SettingGroup, context: PlanContext): void {
  for (const { group: chunk } of group.all("chunk")) {
    if (chunk.has("map")) context.report(diagnostic("NAS5040", { title: "the predictor takes no `map`", at: chunk.first("map")!.setting.name.span, label: "its loops are those of a template", help: "name templates: `dataflow row_stationary`" }));
    const values = chunk.first("dataflow")?.setting.values.flatMap((value) => (value.kind === "list" ? value.elements : [value])) ?? [];
    if (!chunk.list("dataflow").includes("no_local_reuse")) continue;
    const at = values.find((value) => value.kind === "name" && value.name === "no_local_reuse")?.span ?? chunk.spanOf("dataflow");
    context.report(diagnostic("NAS5040", { title: "the predictor has no template for `no_local_reuse`", at, label: "no template", help: "templates are row_stationary, weight_stationary, output_stationary and input_stationary" }));
  }
}

/** Contradictions of a declaration that asks for the predictor, and of one that does not but has its words. */
export function checkPredictor(accelerator: Accelerator, group: SettingGroup, context: PlanContext): void {
  if (accelerator.predictor !== undefined) {
    checkMemories(accelerator, group, context);
    checkChunks(group, context);
    checkIdle(accelerator, group, context);
    return;
  }
  const mapper = group.inner("mapper");
  if (mapper.word("minimize") === predictorObjective.name) context.report(diagnostic("NAS5040", { title: "`normalised_sum` belongs to the predictor", at: mapper.spanOf("minimize"), label: "needs all tilings of a layer", why: "it relates energy and latency to the extremes over all tilings, which the general mapper does not list", help: "add `convention rice_eic`, or minimise `edp`" }));
  const unread = (at: Span | undefined, title: string): void => {
    if (at !== undefined) context.report(diagnostic("NAS5042", { severity: "warning", title, at, label: "not looked at", why: "only the predictor knows arrays with clocks of their own, and partial sums at another price than words", help: "add `convention rice_eic` to `mapper`, or remove it" }));
  };
  for (const { group: chunk } of group.all("chunk")) {
    unread(chunk.first("clock")?.setting.name.span, "`clock` of a chunk has no effect here");
    unread(chunk.inner("network").first("psum")?.setting.name.span, "`psum` of `network` has no effect here");
  }
}
