/** Reads `search` declarations into plans: resolves the space and the accelerator, fills in defaults, finds contradictions. */
import { diagnostic, type Span } from "../../diagnostics/model.js";
import { suggest } from "../../diagnostics/suggest.js";
import type { Identifier, SearchDeclaration } from "../../parser/ast.js";
import type { Definition } from "../module.js";
import type { Accelerator, DataPlan, ExplorePlan, RankerPlan, SearchPlan, SupernetPlan } from "../plan.js";
import { withHardware } from "../joint-space.js";
import { isAdaptive } from "../adapted.js";
import { sharingStrategies, type Space } from "../space.js";
import { helpWithNames, listNames, short, type PlanContext } from "./context.js";
import { defaultAccelerator } from "./default-accelerator.js";
import { readBudgets, readObjectives } from "./read-objectives.js";
import { readSettings, type SettingGroup } from "./read-settings.js";
import { readTraining } from "./read-training.js";
import { searchSettings } from "./settings.js";

/** What a search refers to. Undefined results stand for declarations that have errors of their own. */
export interface SearchSurroundings {
  space(definition: Extract<Definition, { kind: "space" }>): Space | undefined;
  accelerator(definition: Extract<Definition, { kind: "accelerator" }>): Accelerator | undefined;
}

const articles: Readonly<Record<Definition["kind"], string>> = {
  const: "a constant", block: "a block", space: "a space", architecture: "an architecture", accelerator: "an accelerator", search: "a search", broken: "a failed import",
};

/** The definition of the wanted kind behind a name; unknown names and other kinds are reported, broken ones are not. */
export function resolveReference<K extends "space" | "accelerator">(kind: K, { name, span }: Identifier, context: PlanContext): Extract<Definition, { kind: K }> | undefined {
  const { module } = context;
  const definition = module.lookup(name);
  const isWanted = (candidate: Definition): candidate is Extract<Definition, { kind: K }> => candidate.kind === kind;
  if (definition !== undefined && isWanted(definition)) return definition;
  if (definition?.kind === "broken") return undefined;
  const known = module.names().filter((each) => module.lookup(each)?.kind === kind);
  const fallback = kind === "space" ? "declare it: `space NAME { ... }`" : "declare it, or import one from \"std/accelerators\"";
  const help = helpWithNames(suggest(name, known), known) ?? fallback;
  context.report(definition === undefined
    ? diagnostic("NAS2011", { title: `there is no ${kind} \`${short(name)}\``, at: span, label: "not declared", help })
    : diagnostic("NAS2012", { title: `\`${short(name)}\` is ${articles[definition.kind]}, not ${articles[kind]}`, at: span, label: `${articles[kind]} is needed here`, causes: [{ span: definition.declaration.name.span, text: `declared as ${articles[definition.kind]}` }], help }));
  return undefined;
}

/** How many examples `validation` means, where that is known before the data is. */
function heldOut(validation: number, limit: number | undefined): number | undefined {
  if (validation >= 1) return validation;
  return limit === undefined ? undefined : Math.round(validation * limit);
}

function readData(search: SettingGroup, context: PlanContext): { readonly data: DataPlan; readonly group: SettingGroup } {
  const group = search.inner("data");
  const path = group.word("path");
  const limit = group.number("limit");
  const validation = group.numberOr("validation", 0.1);
  const held = heldOut(validation, limit);
  if (validation >= 1 && !Number.isInteger(validation)) {
    context.report(diagnostic("NAS2025", { title: "`validation` is out of range", at: group.spanOf("validation"), label: "must be a share below 1 or a whole number" }));
  }
  if (limit !== undefined && held !== undefined && held >= limit) {
    context.report(diagnostic("NAS2028", {
      title: "the validation part leaves nothing to train on", at: group.spanOf("validation"), label: `${held} examples held out`,
      causes: [{ span: group.spanOf("limit"), text: `of ${limit}` }], help: "lower `validation` or raise `limit`",
    }));
  }
  return { group, data: { source: search.word("data") ?? "glyphs", validation, ...(path === undefined ? {} : { path }), ...(limit === undefined ? {} : { limit }) } };
}

/** A batch of more examples than there are to train on. */
function checkBatch(name: string, batch: number, group: SettingGroup, dataGroup: SettingGroup, data: DataPlan, context: PlanContext): void {
  if (data.limit === undefined) return;
  const available = data.limit - (heldOut(data.validation, data.limit) ?? 0);
  if (available < 1 || batch <= available) return;
  const at: Span = group.has("batch") ? group.spanOf("batch") : dataGroup.has("batch") ? dataGroup.spanOf("batch") : dataGroup.spanOf("limit");
  context.report(diagnostic("NAS2028", { title: `the batch of \`${name}\` is larger than the training part`, at, label: `batches of ${batch}`, causes: [{ span: dataGroup.spanOf("limit"), text: `leaves ${available} training examples` }], help: "lower `batch` or raise `limit`" }));
}

function readSupernet(group: SettingGroup, batch: number | undefined, data: DataPlan, dataGroup: SettingGroup, context: PlanContext): SupernetPlan {
  const judge = group.number("judge");
  if (judge !== undefined && data.validation >= 1 && judge > data.validation) {
    context.report(diagnostic("NAS2031", { severity: "warning", title: "`judge` asks for more examples than there are", at: group.spanOf("judge"), label: `all ${data.validation} are used`, ...(dataGroup.has("validation") ? { causes: [{ span: dataGroup.spanOf("validation"), text: "held out here" }] } : {}), help: "lower `judge` or raise `validation`" }));
  }
  return {
    ...readTraining(group, "supernet", batch, context), sampler: "uniform", recalibration: group.numberOr("recalibration", 512),
    ...(judge === undefined ? {} : { judge }),
  };
}

function readRanker(search: SettingGroup): RankerPlan {
  if (search.word("ranker") === "none") return { kind: "none", labels: [] };
  return { kind: "lambdarank", labels: search.inner("ranker").list("labels") };
}

function readExplore(search: SettingGroup, ranker: RankerPlan, context: PlanContext): ExplorePlan {
  const kind = search.word("explore") === "random" ? "random" : "evolution";
  const group = search.inner("explore");
  const population = group.numberOr("population", 50);
  const parents = group.number("parents");
  if (parents !== undefined && parents > population) {
    context.report(diagnostic("NAS2028", {
      title: "there are more parents than networks", at: group.spanOf("parents"), label: `${parents} parents`,
      ...(group.has("population") ? { causes: [{ span: group.spanOf("population"), text: `a generation of ${population}` }] } : { why: `the population is ${population}` }), help: "lower `parents` or raise `population`",
    }));
  }
  if (ranker.kind === "none" && group.has("proposals")) {
    context.report(diagnostic("NAS2031", { severity: "warning", title: "`proposals` has no effect without a ranker", at: group.spanOf("proposals"), label: "nothing chooses among proposals", causes: [{ span: search.spanOf("ranker"), text: "the ranker is switched off here" }], help: "remove `proposals`, or use `ranker lambdarank`" }));
  }
  return {
    kind, population, generations: group.numberOr("generations", 20), parents: parents ?? Math.max(1, Math.ceil(population / 2)),
    mutation: group.numberOr("mutation", 0.1), crossover: group.numberOr("crossover", 0.5), proposals: group.numberOr("proposals", 1),
  };
}

/** `sharing` of the supernet is taken where it is written; else the space's own `share`. */
function withSharing(space: Space, supernet: SettingGroup): Space {
  const sharing = supernet.has("sharing") ? supernet.word("sharing") : undefined;
  const wanted = sharingStrategies.find((strategy) => strategy === sharing);
  return wanted === undefined || wanted === space.sharing ? space : { ...space, sharing: wanted };
}

function readTargets(search: SettingGroup, name: string, context: PlanContext, surroundings: SearchSurroundings): { readonly space?: Space; readonly accelerator?: Accelerator } {
  const setting = search.first("space")?.setting;
  if (setting === undefined) {
    context.report(diagnostic("NAS2022", { title: `search \`${short(name)}\` has no \`space\``, at: search.span, label: "which space?", help: `add \`space NAME\`${spaceNames(context)}` }));
    return {};
  }
  const [value] = setting.values;
  let space: Space | undefined;
  if (value?.kind === "name") {
    const definition = resolveReference("space", value, context);
    space = definition === undefined ? undefined : surroundings.space(definition);
    if (space !== undefined && isAdaptive(space)) {
      context.report(diagnostic("NAS4009", { severity: "warning", title: "`adapt` is searched at its largest setting for now", at: value.span, label: "no controller decides per input yet", why: "training draws settings as it draws networks; networks are judged and derived with the last setting that is allowed" }));
    }
  } else if (value !== undefined && value.kind !== "invalid") {
    context.report(diagnostic("NAS2023", { title: "`space` takes the name of a space", at: value.span, label: "not a name" }));
  }
  if (setting.target === undefined) return { ...(space === undefined ? {} : { space }), accelerator: defaultAccelerator };
  const definition = resolveReference("accelerator", setting.target, context);
  const accelerator = definition === undefined ? undefined : surroundings.accelerator(definition);
  return { ...(space === undefined ? {} : { space }), ...(accelerator === undefined ? {} : { accelerator }) };
}

function spaceNames({ module }: PlanContext): string {
  const names = module.names().filter((each) => module.lookup(each)?.kind === "space");
  return names.length === 0 ? "" : `; there is ${listNames(names, "or")}`;
}

/** `batch` of `data` that both trainings override. */
function checkIdleBatch(data: SettingGroup, supernet: SettingGroup, derive: SettingGroup, context: PlanContext): void {
  if (!data.has("batch") || !supernet.has("batch") || !derive.has("batch")) return;
  context.report(diagnostic("NAS2031", { severity: "warning", title: "the `batch` of `data` has no effect", at: data.spanOf("batch"), label: "the default batch", causes: [{ span: supernet.spanOf("batch"), text: "`supernet` has its own" }, { span: derive.spanOf("batch"), text: "`derive` has its own" }], help: "remove it" }));
}

/**
 * The plan of a search; undefined where its space or accelerator is missing or has errors. Whatever else was wrong is reported and
 * stands as its default.
 */
export function readSearch(declaration: SearchDeclaration, context: PlanContext, surroundings: SearchSurroundings): SearchPlan | undefined {
  const { name, span } = declaration.name;
  const search = readSettings(declaration.settings, searchSettings, "search", span, context);
  const { space, accelerator } = readTargets(search, name, context, surroundings);
  const { data, group: dataGroup } = readData(search, context);
  const supernetGroup = search.inner("supernet");
  const deriveGroup = search.inner("derive");
  const batch = dataGroup.number("batch");
  const supernet = readSupernet(supernetGroup, batch, data, dataGroup, context);
  const derive = readTraining(deriveGroup, "derive", batch, context);
  checkBatch("supernet", supernet.batch, supernetGroup, dataGroup, data, context);
  if (deriveGroup.has("batch")) checkBatch("derive", derive.batch, deriveGroup, dataGroup, data, context);
  checkIdleBatch(dataGroup, supernetGroup, deriveGroup, context);
  const ranker = readRanker(search);
  const explore = readExplore(search, ranker, context);
  const objectives = readObjectives(search, name, context);
  const budgets = readBudgets(search, context);
  if (space === undefined || accelerator === undefined) return undefined;
  return { name, space: withHardware(withSharing(space, supernetGroup), accelerator), accelerator, seed: search.numberOr("seed", 1), data, supernet, ranker, explore, objectives, budgets, derive, span };
}
