/**
 * Fields of an accelerator that are `choose`n: each becomes a decision, and a combination of options is read as the declaration with the
 * options in place of the choices, so that whatever can be written can be chosen and is checked like what is written.
 */
import { diagnostic } from "../../diagnostics/model.js";
import type { AcceleratorDeclaration, ChooseExpression, Expression, Setting } from "../../parser/ast.js";
import { expressionText } from "../elaborate/expression-text.js";
import type { AcceleratorChoice } from "../plan.js";
import { formatQuantity, suffixesOf, parseUnit, type Dimension } from "../units.js";
import { short, type PlanContext } from "./context.js";

export interface FoundChoice extends AcceleratorChoice { readonly expression: ChooseExpression; readonly options: readonly Expression[] }

/** Combinations that are worth listing. */
export const VARIANT_LIMIT = 4096;
const RANGE_LIMIT = 256;

/** What must be the same for all variants: names, and what is not hardware. */
const fixedFields = new Set(["memory", "chunk", "runs", "mapper", "area"]);

function refuse(name: string, expression: ChooseExpression, why: string, context: PlanContext): undefined {
  context.report(diagnostic("NAS5024", { title: `\`${short(name)}\` cannot be ${expression.binding === "adapt" ? "adapted" : "chosen"} here`, at: expression.span, label: `\`${expression.binding}\` here`, why, help: "give one value; to compare several, declare several accelerators" }));
  return undefined;
}

/** A number in base units, as it could be written. */
function literal(value: number, dimension: Dimension, like: Expression): Expression | undefined {
  const unit = dimension === "count" ? "" : suffixesOf(dimension).find((suffix) => parseUnit(suffix)?.factor === 1);
  return unit === undefined ? undefined : { kind: "number", value, ...(unit === "" ? {} : { unit }), text: formatQuantity(value, dimension), span: like.span };
}

function rangeOptions(range: Expression, context: PlanContext): readonly Expression[] | undefined {
  if (range.kind !== "range") return undefined;
  const [from, to] = [context.evaluate(range.from), context.evaluate(range.to)];
  const by = range.by === undefined ? undefined : context.evaluate(range.by);
  if (typeof from?.value !== "number" || typeof to?.value !== "number" || from.dimension !== to.dimension) return undefined;
  const step = typeof by?.value === "number" && by.dimension === from.dimension ? by.value : from.dimension === "count" && range.by === undefined ? 1 : 0;
  if (!(step > 0) || to.value < from.value || (to.value - from.value) / step >= RANGE_LIMIT) return undefined;
  const values = Array.from({ length: Math.floor((to.value - from.value) / step + 1e-9) + 1 }, (_, index) => literal((from.value as number) + index * step, from.dimension, range));
  return values.every((value) => value !== undefined) ? values : undefined;
}

function optionsOf(name: string, expression: ChooseExpression, context: PlanContext): readonly Expression[] | undefined {
  if (expression.binding === "adapt") return refuse(name, expression, "hardware does not change with the input", context);
  if (expression.guard !== undefined || expression.alternatives?.some(({ guard }) => guard !== undefined) === true) return refuse(name, expression, "a choice of hardware has no condition: decisions of the network do not reach it", context);
  const options = expression.range === undefined ? expression.alternatives?.map(({ value }) => value) : rangeOptions(expression.range, context);
  return options === undefined || options.length === 0 ? refuse(name, expression, "the options of a range are numbers of one unit, at most 256, with a step (`by 64KB`)", context) : options;
}

export interface FoundChoices {
  readonly choices: readonly FoundChoice[];
  /** What cannot be chosen, with something that later readers are silent about. */
  readonly refused: ReadonlyMap<Expression, Expression>;
}

/** Every choice in the settings of a declaration, in the order in which they are written. What cannot be chosen is reported. */
export function findChoices({ name: { name: accelerator }, settings }: AcceleratorDeclaration, context: PlanContext): FoundChoices {
  const found: FoundChoice[] = [];
  const refused = new Map<Expression, Expression>();
  const add = (expression: Expression, name: string, path: string, chunk: string | undefined, fixed: boolean): void => {
    if (expression.kind !== "choose") return;
    const options = fixed ? refuse(name, expression, "all variants of an accelerator have the same parts, operators and goals", context) : optionsOf(name, expression, context);
    if (options === undefined) { refused.set(expression, { kind: "invalid", span: expression.span }); return; }
    const labels = options.map((option, index) => expression.alternatives?.[index]?.label?.name ?? expressionText(option));
    const own = `${accelerator}.${expression.label?.name ?? path}`;
    const same = found.filter((choice) => choice.path === own || choice.path.startsWith(`${own}[`)).length;
    found.push({ path: same === 0 ? own : `${own}[${same + 1}]`, labels, span: expression.span, expression, options, ...(chunk === undefined ? {} : { chunk }) });
  };
  const visit = (list: readonly Setting[], prefix: string, chunk: string | undefined, fixed: boolean): void => {
    for (const setting of list) {
      const { name: { name }, values } = setting;
      const first = values[0];
      const partName = (name === "chunk" || name === "memory") && prefix === "" && first?.kind === "name" ? first.name : undefined;
      const here = `${prefix}${partName ?? name}`;
      const own = fixed || fixedFields.has(name);
      // What one chunk gets of the shared memories, the others do not have.
      const scope = name === "share" ? undefined : chunk;
      for (const value of values) {
        add(value, name, here, scope, own);
        if (value.kind === "dimensions") value.factors.forEach((factor, index) => add(factor, name, `${here}.${index === 0 ? "rows" : "columns"}`, scope, own));
      }
      if (setting.settings !== undefined) visit(setting.settings, `${here}.`, name === "chunk" ? partName : chunk, own && partName === undefined);
    }
  };
  visit(settings, "", undefined, false);
  return { choices: found, refused };
}

/** The settings with one option in place of each choice. */
export function withOptions(settings: readonly Setting[], chosen: ReadonlyMap<Expression, Expression>): readonly Setting[] {
  const replace = (value: Expression): Expression => chosen.get(value) ?? (value.kind === "dimensions" ? { ...value, factors: value.factors.map(replace) } : value);
  return settings.map((setting) => ({ ...setting, values: setting.values.map(replace), ...(setting.settings === undefined ? {} : { settings: withOptions(setting.settings, chosen) }) }));
}

/** Every combination of options, the last choice fastest. */
export function combinations({ choices, refused }: FoundChoices): readonly ReadonlyMap<Expression, Expression>[] {
  return choices.reduce<readonly ReadonlyMap<Expression, Expression>[]>(
    (maps, { expression, options }) => maps.flatMap((map) => options.map((option) => new Map([...map, [expression, option]]))), [refused]);
}
