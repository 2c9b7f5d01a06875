/** Reads the `chunk`s of an accelerator: operators that exist and run in one place, dataflow or map, formats and widths. */
import { diagnostic, type Span } from "../../diagnostics/model.js";
import { suggest } from "../../diagnostics/suggest.js";
import { operators } from "../../ops/registry.js";
import type { Chunk, MapRules, MaskSplit, TensorWidths } from "../plan.js";
import { sizedSides } from "./balanced-chunks.js";
import { dataflowWords, formatWords, loopNames, tensorWords } from "./accelerator-settings.js";
import { helpWithNames, short, type PlanContext } from "./context.js";
import { namedParts } from "./named-parts.js";
import { given } from "./given.js";
import { requireSettings, type ReadSetting, type SettingGroup } from "./read-settings.js";

const expressionsOf = (group: SettingGroup, name: string) => group.first(name)?.setting.values.flatMap((value) => (value.kind === "list" ? value.elements : [value])) ?? [];

/** Where a name of an open list stands. */
function spanOfName(group: SettingGroup, list: string, name: string): Span {
  return expressionsOf(group, list).find((expression) => expression.kind === "name" && expression.name === name)?.span ?? group.spanOf(list);
}

/** Operators of a `runs` list that exist and that no earlier chunk has. */
function readRuns(part: ReadSetting, taken: Map<string, Span>, context: PlanContext): readonly string[] {
  return part.group.list("runs").filter((name) => {
    const at = spanOfName(part.group, "runs", name);
    if (!operators.has(name)) {
      const help = helpWithNames(suggest(name, [...operators.keys()]), []);
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

function readLoops(group: SettingGroup, name: string, context: PlanContext): readonly string[] | undefined {
  if (!group.has(name)) return undefined;
  return group.list(name).filter((loop) => {
    if (loopNames.includes(loop)) return true;
    context.report(diagnostic("NAS5020", { title: `there is no loop \`${short(loop)}\``, at: spanOfName(group, name, loop), label: "unknown loop", help: helpWithNames(suggest(loop, loopNames), []) ?? "loops are `reductions`, `channels`, `positions`, or letters: k, c, p, q, r, s, ..." }));
    return false;
  });
}

function readMap(group: SettingGroup, name: string, context: PlanContext): MapRules | undefined {
  if (!group.has("map")) return undefined;
  if (group.has("dataflow")) {
    context.report(diagnostic("NAS5019", { title: `chunk \`${short(name)}\` has a dataflow and a map`, at: group.first("map")!.setting.name.span, label: "says the same in another way", causes: [{ span: group.first("dataflow")!.setting.name.span, text: "the dataflow" }], help: "remove one of the two: a dataflow is a map with a name" }));
  }
  const map = group.inner("map");
  const stationary = tensorWords.find((word) => word.name === map.word("stationary"))?.name;
  return { ...given("rows", readLoops(map, "rows", context)), ...given("columns", readLoops(map, "columns", context)), ...given("inside", readLoops(map, "inside", context)), ...given("stationary", stationary) };
}

function readMaskSplit(group: SettingGroup): MaskSplit | undefined {
  if (!group.has("split_by_mask")) return undefined;
  const split = group.inner("split_by_mask");
  return { denseAbove: split.numberOr("dense_above", 50), transfers: split.word("transfers") === "exact" ? "exact" : "whole", convention: split.word("convention") === "as_published" ? "as_published" : "physical" };
}

function readWidths(group: SettingGroup): TensorWidths | undefined {
  const precision = group.inner("precision");
  const [weights, activations, psum] = [precision.number("weights"), precision.number("activations"), precision.number("psum")];
  return weights === undefined && activations === undefined && psum === undefined ? undefined : { ...given("weights", weights), ...given("activations", activations), ...given("psum", psum) };
}

/** Bricks are parts of an integer multiplier, and a partial sum holds at least what is added to it. */
function checkWidths(group: SettingGroup, { precision, widths, brick }: Chunk, context: PlanContext): void {
  const bits = Number(/\d+/.exec(precision)?.[0]);
  const outOfRange = (name: string, at: Span, label: string, help: string): void => context.report(diagnostic("NAS2025", { title: `\`${name}\` is out of range`, at, label, help }));
  if (brick !== undefined && (brick > bits || precision.startsWith("fp"))) {
    outOfRange("brick", group.spanOf("brick"), precision.startsWith("fp") ? `${precision} multipliers do not divide into bricks` : `must be at most the ${bits}bit of ${precision}`, "a multiplier divides into narrower ones: make it narrower than `precision`, or leave it out");
  }
  const wider = Math.max(widths?.weights ?? bits, widths?.activations ?? bits);
  const narrowest = Math.min(wider, bits);
  if (widths?.psum !== undefined && widths.psum < narrowest) {
    outOfRange("psum", group.inner("precision").spanOf("psum"), `must be at least ${narrowest}bit`, "a partial sum is no narrower than what is added to it");
  }
}

/** What `share`s say must leave something for chunks that say nothing. */
function checkShares(chunks: readonly { readonly chunk: Chunk; readonly group: SettingGroup }[], context: PlanContext): void {
  const said = chunks.filter(({ chunk }) => chunk.share !== undefined);
  const total = said.reduce((sum, { chunk }) => sum + chunk.share!, 0);
  const last = said[said.length - 1];
  if (last === undefined || (total <= 1 + 1e-9 && (said.length === chunks.length || total < 1))) return;
  context.report(diagnostic("NAS5018", {
    title: total > 1 + 1e-9 ? "the chunks share more memory than there is" : "nothing is left for chunks without a `share`", at: last.group.spanOf("share"),
    label: `the shares add up to ${Number(total.toPrecision(4))}`, causes: said.slice(0, -1).map(({ group }) => ({ span: group.spanOf("share"), text: "and this one" })), help: "shares are parts of 1",
  }));
}

/** Chunks that have what the others leave have no parts of their own. */
function checkSharing(group: SettingGroup, chunks: readonly { readonly chunk: Chunk; readonly group: SettingGroup }[], context: PlanContext): void {
  if (group.word("share") !== "dynamic") return;
  const at = group.spanOf("share");
  const own = chunks.filter(({ chunk }) => chunk.share !== undefined);
  if (own.length > 0) {
    context.report(diagnostic("NAS5027", { title: "chunks have parts of the memories of their own, and none", at: own[0]!.group.first("share")!.setting.name.span, label: "a part of its own", causes: [{ span: at, text: "chunks have what the others leave" }], help: "remove the `share` of the chunks, or write `share fixed`" }));
  }
  if (chunks.length === 1) context.report(diagnostic("NAS5025", { severity: "warning", title: "`share dynamic` has no effect", at, label: "nobody to share with", why: "there is only one chunk, which has all of the memories", help: "remove it" }));
}

export function readChunks(group: SettingGroup, context: PlanContext): readonly Chunk[] {
  const taken = new Map<string, Span>();
  const read = namedParts(group, "chunk", context).map(({ name, part }) => {
    requireSettings(part.group, `chunk \`${short(name)}\``, context);
    const dataflow = part.group.list("dataflow").flatMap((word) => dataflowWords.find((each) => each.name === word)?.name ?? []);
    const array = part.group.pair("array") ?? [1, 1];
    const chunk: Chunk = {
      name, array, ...given("sized", sizedSides(array)), runs: readRuns(part, taken, context),
      dataflow: dataflow.length > 0 ? dataflow : ["weight_stationary"],
      precision: formatWords.find((each) => each.name === part.group.word("precision"))?.name ?? "int8",
      ...given("map", readMap(part.group, name, context)), ...given("widths", readWidths(part.group)), ...given("maskSplit", readMaskSplit(part.group)), ...given("brick", part.group.number("brick")), ...(part.group.flag("skip_zeros") ? { skipsZeros: true } : {}), ...given("pointEnergy", part.group.number("point")),
      ...given("networkEnergy", part.group.number("network")), ...given("networkSumEnergy", part.group.inner("network").number("psum")), ...given("clock", part.group.number("clock")),
      ...given("area", part.group.number("area")), ...given("share", part.group.number("share")),
    };
    checkWidths(part.group, chunk, context);
    return { chunk, group: part.group };
  });
  checkShares(read, context);
  checkSharing(group, read, context);
  return read.map(({ chunk }) => chunk);
}
