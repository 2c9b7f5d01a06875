/** Reads `accelerator` declarations: memories, chunks and mapper, once for every combination of what is chosen, and what cannot be built. */
import { diagnostic } from "../../diagnostics/model.js";
import type { AcceleratorDeclaration, Setting } from "../../parser/ast.js";
import type { Accelerator, MapperPlan } from "../plan.js";
import { formatQuantity } from "../units.js";
import { combinations, findChoices, VARIANT_LIMIT, withOptions, type FoundChoices } from "./accelerator-choices.js";
import { conventionWords } from "./accelerator-settings.js";
import { balanceChunks } from "./balanced-chunks.js";
import { chipArea } from "./chip-area.js";
import { short, type PlanContext } from "./context.js";
import { given } from "./given.js";
import { readChunks } from "./read-chunks.js";
import { readMemories } from "./read-memories.js";
import { checkPredictor, readPredictor } from "./read-predictor.js";
import { readSettings, type SettingGroup } from "./read-settings.js";
import { readVector } from "./read-vector.js";
import { acceleratorSettings } from "./settings.js";
import { warnWithoutMapper } from "./without-mapper.js";

/** Metres to nanometres without the noise of two roundings. */
function nanometres(metres: number): number {
  return Number((metres * 1e9).toPrecision(12));
}

function readMapper(group: SettingGroup): MapperPlan | undefined {
  if (!group.has("mapper")) return undefined;
  const mapper = group.inner("mapper");
  const minimize = mapper.word("minimize");
  return {
    minimize: minimize === "energy" || minimize === "latency" ? minimize : "edp", effort: mapper.numberOr("effort", 100_000), leastUse: mapper.numberOr("least_use", 0),
    factors: mapper.word("factors") === "perfect" ? "perfect" : "padded", keepOnChip: mapper.flag("keep_on_chip"), 
    convention: conventionWords.find(({ name }) => name === mapper.word("convention"))?.name ?? "physical",
  };
}

function readVariant({ name: { name, span } }: AcceleratorDeclaration, settings: readonly Setting[], context: PlanContext): { readonly accelerator: Accelerator; readonly group: SettingGroup } {
  const group = readSettings(settings, acceleratorSettings, "accelerator", span, context);
  const missing = (part: string): boolean => !group.has(part);
  if (missing("chunk")) context.report(diagnostic("NAS5010", { title: `accelerator \`${short(name)}\` has no chunk`, at: span, label: "nothing here computes", help: "add `chunk mac { array 12 x 14  runs conv, dense, attention  precision int8 }`" }));
  if (missing("memory")) context.report(diagnostic("NAS5014", { title: `\`${short(name)}\` has no external memory`, at: span, label: "no memory at all", help: "add `memory dram { width 64bit }`" }));
  const predictor = readPredictor(group);
  const mapper = predictor === undefined ? readMapper(group) : undefined;
  const searched = mapper !== undefined || predictor !== undefined;
  const technology = nanometres(group.numberOr("technology", 45e-9));
  const { chunks, balancedArea } = balanceChunks(group, name, readChunks(group, context), technology, context);
  if (!searched) checkMaps(group, context);
  const accelerator: Accelerator = {
    name, technology, clock: group.numberOr("clock", 250e6), ...given("staticPower", group.number("static")), memories: readMemories(group, name, searched, context), chunks, ...given("vector", readVector(group)),
    ...given("mapper", mapper), ...given("predictor", predictor), ...given("area", group.number("area")), ...given("balancedArea", balancedArea), ...(group.word("share") === "dynamic" ? { sharing: "dynamic" } : {}), span,
  };
  checkPredictor(accelerator, group, context);
  return { group, accelerator };
}

/** Fields, of chunks for the most part, that only a mapper looks at. */
function checkMaps(group: SettingGroup, context: PlanContext): void {
  warnWithoutMapper(["share"], group, context);
  for (const { group: chunk } of group.all("chunk")) warnWithoutMapper(["map", "point", "network", "share"], chunk, context);
}

const squareMillimetres = (area: number): string => formatQuantity(area, "area");

/** Whether a variant has room in its budget; what no variant has is an error. */
function withinArea(variants: readonly Accelerator[], group: SettingGroup, context: PlanContext): readonly boolean[] {
  const fitting = variants.map((variant) => variant.area === undefined || chipArea(variant) <= variant.area * (1 + 1e-9));
  if (fitting.includes(true) || variants.length === 0) return fitting;
  const least = Math.min(...variants.map(chipArea));
  context.report(diagnostic("NAS5022", {
    title: `accelerator \`${short(variants[0]!.name)}\` is larger than its area`, at: group.spanOf("area"), label: `it takes ${variants.length > 1 ? "at least " : ""}${squareMillimetres(least)}${variants.some(({ balancedArea }) => balancedArea !== undefined) ? " for some network" : ""}`,
    why: "processing elements and on-chip memories, by published areas scaled to the technology, without wires and control", help: "raise `area`, or make arrays or memories smaller",
  }));
  return fitting;
}

function expand(declaration: AcceleratorDeclaration, found: FoundChoices, context: PlanContext): Accelerator {
  const { choices } = found;
  const count = choices.reduce((product, { options }) => product * options.length, 1);
  const first = readVariant(declaration, withOptions(declaration.settings, combinations({ ...found, choices: choices.map((choice) => ({ ...choice, options: choice.options.slice(0, 1) })) })[0]!), context);
  if (count > VARIANT_LIMIT) {
    context.report(diagnostic("NAS5023", { title: `accelerator \`${short(first.accelerator.name)}\` has too many variants`, at: choices[choices.length - 1]!.span, label: `${count.toLocaleString("en-US")} combinations`, why: `every combination is priced; the limit is ${VARIANT_LIMIT.toLocaleString("en-US")}`, help: "choose among fewer options" }));
    return first.accelerator;
  }
  // Each option is told its own mistakes; what several combinations have in common is told once.
  const variants = combinations(found).map((chosen) => readVariant(declaration, withOptions(declaration.settings, chosen), context).accelerator);
  const fitting = withinArea(variants, first.group, context);
  if (choices.length === 0) return first.accelerator;
  return {
    ...variants[Math.max(0, fitting.indexOf(true))]!, choices: choices.map(({ path, labels, chunk, span }) => ({ path, labels, span, ...given("chunk", chunk) })),
    variants: variants.map((accelerator, index) => ({ accelerator, fits: fitting[index]! })),
  };
}

/** The accelerator that a declaration describes. Whatever was wrong is reported and stands as its default. */
export function readAccelerator(declaration: AcceleratorDeclaration, context: PlanContext): Accelerator {
  return expand(declaration, findChoices(declaration, context), context);
}
