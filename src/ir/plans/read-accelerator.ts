/** Reads `accelerator` declarations: memories from the outside in, chunks, and what cannot be built. */
import { diagnostic, type Span } from "../../diagnostics/model.js";
import { suggest } from "../../diagnostics/suggest.js";
import { operators } from "../../ops/registry.js";
import type { AcceleratorDeclaration } from "../../parser/ast.js";
import type { Accelerator, Chunk, Dataflow, MemoryLevel, NumberFormat } from "../plan.js";
import { formatQuantity } from "../units.js";
import { helpWithNames, short, type PlanContext } from "./context.js";
import { readSettings, requireSettings, type ReadSetting, type SettingGroup } from "./read-settings.js";
import { acceleratorSettings } from "./settings.js";

/** The external memory, the first buffer and the innermost memory are what the cost model reads. */
const MODELLED_LEVELS = 3;

const dataflowNames: readonly Dataflow[] = ["weight_stationary", "output_stationary", "input_stationary", "row_stationary", "no_local_reuse"];
const formatNames: readonly NumberFormat[] = ["int8", "int16", "int32", "fp16", "fp32"];

/** Metres to nanometres without the noise of two roundings. */
function nanometres(metres: number): number {
  return Number((metres * 1e9).toPrecision(12));
}

/** The parts of one kind (`memory`, `chunk`) that have a name, with names checked to be distinct. */
function namedParts(group: SettingGroup, kind: string, context: PlanContext): readonly { readonly name: string; readonly span: Span; readonly part: ReadSetting }[] {
  const out: { name: string; span: Span; part: ReadSetting }[] = [];
  for (const part of group.all(kind)) {
    if (typeof part.value !== "string") continue;
    const name = part.value;
    const span = part.setting.values[0]?.span ?? part.setting.span;
    const before = out.find((each) => each.name === name);
    if (before === undefined) out.push({ name, span, part });
    else context.report(diagnostic("NAS5011", { title: `two ${kind === "memory" ? "memories" : "chunks"} are called \`${short(name)}\``, at: span, label: "named again", causes: [{ span: before.span, text: "first named here" }], help: "rename one of the two" }));
  }
  return out;
}

function readMemories(group: SettingGroup, name: string, context: PlanContext): readonly MemoryLevel[] {
  const levels = namedParts(group, "memory", context).map(({ name: level, span, part }) => {
    const { group: inner } = part;
    const memory: MemoryLevel = {
      name: level, width: inner.numberOr("width", 64),
      ...optional("size", inner.number("size")), ...optional("readEnergy", inner.number("read")),
      ...optional("writeEnergy", inner.number("write")), ...optional("bandwidth", inner.number("bandwidth")),
    };
    // A size that was written wrongly is not a missing one.
    return { memory, span, sized: inner.has("size"), sizeSpan: inner.spanOf("size") };
  });
  const [outermost, ...inside] = levels;
  if (outermost !== undefined && outermost.sized && levels.every(({ sized }) => sized)) {
    context.report(diagnostic("NAS5014", { title: `\`${short(name)}\` has no external memory`, at: outermost.span, label: "the outermost memory has a size", help: "declare the external memory first: `memory dram { width 64bit }`" }));
  } else if (outermost !== undefined && outermost.sized) {
    const external = levels.find(({ sized }) => !sized)!;
    context.report(diagnostic("NAS5015", { title: `\`${short(external.memory.name)}\` is not the outermost memory`, at: external.span, label: "without a size, so external", causes: [{ span: outermost.span, text: "but this one stands outside of it" }], help: "declare the external memory first" }));
  } else {
    for (const level of inside) {
      if (!level.sized) context.report(diagnostic("NAS5015", { title: `memory \`${short(level.memory.name)}\` has no size`, at: level.span, label: "on the chip, so it has a size", causes: [{ span: outermost!.span, text: "this is the external memory" }], help: "add `size`, e.g. `size 108KB`" }));
    }
  }
  inside.forEach((level, index) => {
    const outer = index === 0 ? undefined : inside[index - 1];
    if (outer?.memory.size === undefined || level.memory.size === undefined || level.memory.size <= outer.memory.size) return;
    context.report(diagnostic("NAS5015", {
      title: `memory \`${short(level.memory.name)}\` is larger than the one outside it`, at: level.sizeSpan, label: formatQuantity(level.memory.size, "bytes"),
      causes: [{ span: outer.sizeSpan, text: `\`${outer.memory.name}\` has ${formatQuantity(outer.memory.size, "bytes")}` }], help: "declare memories outermost first",
    }));
  });
  for (const level of levels.slice(2, Math.max(2, levels.length - 1))) {
    if (levels.length <= MODELLED_LEVELS) break;
    context.report(diagnostic("NAS5016", { severity: "warning", title: `memory \`${short(level.memory.name)}\` has no influence on costs yet`, at: level.span, label: "between the buffer and the innermost memory" }));
  }
  return levels.map(({ memory }) => memory);
}

function optional<K extends string>(key: K, value: number | undefined): Partial<Record<K, number>> {
  const out: Partial<Record<K, number>> = {};
  if (value !== undefined) out[key] = value;
  return out;
}

/** Operators of a `runs` list that exist and that no earlier chunk has. */
function readRuns(part: ReadSetting, taken: Map<string, Span>, context: PlanContext): readonly string[] {
  const expressions = part.group.first("runs")?.setting.values.flatMap((value) => (value.kind === "list" ? value.elements : [value])) ?? [];
  return part.group.list("runs").filter((name) => {
    const at = expressions.find((expression) => expression.kind === "name" && expression.name === name)?.span ?? part.group.spanOf("runs");
    if (!operators.has(name)) {
      const names = [...operators.keys()];
      const help = helpWithNames(suggest(name, names), []);
      context.report(diagnostic("NAS5013", { title: `there is no operator \`${short(name)}\``, at, label: "unknown operator", help: help ?? "operators are named as in a space: conv, dense, shift, add, ..." }));
      return false;
    }
    const before = taken.get(name);
    if (before !== undefined) {
      context.report(diagnostic("NAS5012", { title: `two chunks run \`${short(name)}\``, at, label: "named again", causes: [{ span: before, text: "already runs here" }], help: "an operator runs on one chunk: remove it from one of the lists" }));
      return false;
    }
    taken.set(name, at);
    return true;
  });
}

function readChunks(group: SettingGroup, context: PlanContext): readonly Chunk[] {
  const taken = new Map<string, Span>();
  return namedParts(group, "chunk", context).map(({ name, part }) => {
    requireSettings(part.group, `chunk \`${short(name)}\``, context);
    const dataflow = part.group.list("dataflow").flatMap((word) => dataflowNames.find((each) => each === word) ?? []);
    return {
      name, array: part.group.pair("array") ?? [1, 1], runs: readRuns(part, taken, context),
      dataflow: dataflow.length > 0 ? dataflow : ["weight_stationary"],
      precision: formatNames.find((each) => each === part.group.word("precision")) ?? "int8",
    };
  });
}

/** The accelerator that a declaration describes. Whatever was wrong is reported and stands as its default. */
export function readAccelerator(declaration: AcceleratorDeclaration, context: PlanContext): Accelerator {
  const { name, span } = declaration.name;
  const group = readSettings(declaration.settings, acceleratorSettings, "accelerator", span, context);
  const missing = (part: string): boolean => !group.has(part);
  if (missing("chunk")) context.report(diagnostic("NAS5010", { title: `accelerator \`${short(name)}\` has no chunk`, at: span, label: "nothing here computes", help: "add `chunk mac { array 12 x 14  runs conv, dense, attention  precision int8 }`" }));
  if (missing("memory")) context.report(diagnostic("NAS5014", { title: `\`${short(name)}\` has no external memory`, at: span, label: "no memory at all", help: "add `memory dram { width 64bit }`" }));
  return {
    name, technology: nanometres(group.numberOr("technology", 45e-9)), clock: group.numberOr("clock", 250e6),
    memories: readMemories(group, name, context), chunks: readChunks(group, context), span,
  };
}
