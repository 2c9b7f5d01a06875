/** Reads `maximize`, `minimize` and `subject to`: metrics, directions, bounds with their units, and what contradicts itself. */
import { diagnostic, type Span } from "../../diagnostics/model.js";
import { suggest } from "../../diagnostics/suggest.js";
import type { BinaryExpression, BinaryOperator, Expression } from "../../parser/ast.js";
import type { Budget, Objective } from "../plan.js";
import { dimensionName, dimensionWithUnits, formatQuantity } from "../units.js";
import { helpWithNames, listNames, short, type PlanContext } from "./context.js";
import { findMetric, metricNames, type MetricDescription } from "./metrics.js";
import type { SettingGroup } from "./read-settings.js";

/** The metric of that name, else a report. */
function metricNamed(name: string, at: Span, context: PlanContext): MetricDescription | undefined {
  const metric = findMetric(name);
  if (metric === undefined) {
    context.report(diagnostic("NAS2040", { title: `there is no metric \`${short(name)}\``, at, label: "unknown metric", help: helpWithNames(suggest(name, metricNames), metricNames) ?? `metrics are ${listNames(metricNames)}` }));
  }
  return metric;
}

function elementsOf(values: readonly Expression[]): readonly Expression[] {
  return values.flatMap((value) => (value.kind === "list" ? value.elements : [value]));
}

function readDirection(group: SettingGroup, direction: Objective["direction"], out: Objective[], context: PlanContext): void {
  for (const { setting } of group.all(direction)) {
    for (const expression of elementsOf(setting.values)) {
      if (expression.kind !== "name") continue;
      const metric = metricNamed(expression.name, expression.span, context);
      if (metric === undefined) continue;
      const before = out.find((each) => each.metric === metric.name);
      if (before?.span !== undefined) {
        // The same word twice in one list is already reported as a repeated word.
        if (before.direction !== direction || !sameList(before.span, setting.values)) {
          context.report(diagnostic("NAS2043", { title: `\`${metric.name}\` is an objective twice`, at: expression.span, label: `to ${direction} here`, causes: [{ span: before.span, text: `already to ${before.direction}` }], help: "remove one of the two" }));
        }
        continue;
      }
      checkDirection(metric, direction, expression.span, context);
      out.push({ metric: metric.name, direction, span: expression.span });
    }
  }
}

function sameList(span: Span, values: readonly Expression[]): boolean {
  return elementsOf(values).some((value) => value.span.start === span.start && value.span.file === span.file);
}

function checkDirection(metric: MetricDescription, direction: Objective["direction"], at: Span, context: PlanContext): void {
  if (direction === metric.better) return;
  const accuracy = metric.name === "accuracy";
  context.report(diagnostic("NAS2042", {
    severity: accuracy ? "error" : "warning", title: accuracy ? "`accuracy` is minimized" : `\`${metric.name}\` is maximized`, at,
    label: accuracy ? "the worst network would win" : "the most expensive network would win", help: `write \`${metric.better} ${metric.name}\``,
  }));
}

/** All objectives of a search; a search without one is reported. */
export function readObjectives(group: SettingGroup, name: string, context: PlanContext): readonly Objective[] {
  const out: Objective[] = [];
  readDirection(group, "maximize", out, context);
  readDirection(group, "minimize", out, context);
  if (!group.has("maximize") && !group.has("minimize")) {
    context.report(diagnostic("NAS2041", { title: `search \`${short(name)}\` has no objective`, at: group.span, label: "nothing to maximize or minimize", help: "add `maximize accuracy`, and costs with `minimize`" }));
  }
  return out;
}

// ---- budgets ----

const mirrored: Partial<Record<BinaryOperator, string>> = { "<=": ">=", ">=": "<=", "<": ">=", ">": "<=" };

/** Reports what is not METRIC <= NUMBER, with the form that was probably meant. */
function reportForm(expression: Expression, context: PlanContext): undefined {
  const wrong = (at: Span, label: string, help: string): undefined => {
    context.report(diagnostic("NAS2044", { title: "a budget is METRIC <= NUMBER or METRIC >= NUMBER", at, label, help }));
    return undefined;
  };
  if (expression.kind !== "binary") return wrong(expression.span, "no comparison", "e.g. `latency <= 2ms`");
  const { left, right, operator } = expression;
  if (right.kind === "name" && findMetric(right.name) !== undefined && !(left.kind === "name" && findMetric(left.name) !== undefined)) {
    return wrong(expression.span, "the metric stands on the right", `turn it round: \`${right.name} ${mirrored[operator] ?? "<="} ...\``);
  }
  if (operator === "<" || operator === ">") return wrong(expression.span, `\`${operator}\` excludes the bound`, `bounds are inclusive: write \`${operator}=\``);
  if (operator === "==" || operator === "!=") return wrong(expression.span, "an exact cost cannot be asked for", "write `<=` or `>=`");
  if (operator !== "<=" && operator !== ">=") return wrong(expression.span, "no comparison", "e.g. `latency <= 2ms`");
  return wrong(left.span, "not a metric", `metrics are ${listNames(metricNames)}`);
}

/** The words of a budget, for reports of later stages. */
function textOf(metric: string, relation: string, bound: number, expression: Expression, description: MetricDescription): string {
  const written = expression.kind === "number" ? expression.text : formatQuantity(bound, description.dimension);
  return `${metric} ${relation} ${written}`;
}

function readBound(metric: MetricDescription, expression: BinaryExpression, context: PlanContext): number | undefined {
  const { right } = expression;
  if (right.kind === "invalid") return undefined;
  const quantity = context.evaluate(right);
  if (quantity === undefined) return undefined;
  const found = typeof quantity.value === "number" ? dimensionName(quantity.dimension) : "not a number";
  if (typeof quantity.value !== "number" || quantity.dimension !== metric.dimension) {
    context.report(diagnostic("NAS2045", {
      title: `\`${metric.name}\` is ${dimensionName(metric.dimension)}, the bound ${found === "not a number" ? "is not" : `is ${found}`}`, at: right.span, label: `this is ${found}`,
      causes: [{ span: expression.left.span, text: `\`${metric.name}\` is ${dimensionName(metric.dimension)}` }],
      help: metric.name === "accuracy" ? "accuracy is a share: `accuracy >= 0.9`" : `give the bound as ${dimensionWithUnits(metric.dimension)}`,
    }));
    return undefined;
  }
  const accuracy = metric.name === "accuracy";
  if (!Number.isFinite(quantity.value) || quantity.value < 0 || (accuracy && quantity.value > 1)) {
    context.report(diagnostic("NAS2025", { title: `the bound of \`${metric.name}\` is out of range`, at: right.span, label: accuracy ? "must be a share between 0 and 1" : "must be at least 0" }));
    return undefined;
  }
  return quantity.value;
}

function readBudget(expression: Expression, context: PlanContext): Budget | undefined {
  if (expression.kind === "invalid") return undefined;
  if (expression.kind !== "binary" || expression.left.kind !== "name" || (expression.operator !== "<=" && expression.operator !== ">=")) return reportForm(expression, context);
  const { left, operator: relation, right } = expression;
  const reversed = right.kind === "name" && findMetric(right.name) !== undefined && findMetric(left.name) === undefined;
  if (reversed) return reportForm(expression, context);
  const metric = metricNamed(left.name, left.span, context);
  if (metric === undefined) return undefined;
  const bound = readBound(metric, expression, context);
  return bound === undefined ? undefined : { metric: metric.name, relation, bound, text: textOf(metric.name, relation, bound, right, metric), span: expression.span };
}

/** Two budgets on one metric: contradictory ones are errors, idle ones warnings. */
function compareBudgets(budget: Budget, others: readonly Budget[], context: PlanContext): void {
  for (const other of others) {
    if (other.metric !== budget.metric || other.span === undefined || budget.span === undefined) continue;
    const causes = [{ span: other.span, text: `together with \`${other.text}\`` }];
    if (other.relation === budget.relation) {
      context.report(diagnostic("NAS2046", { severity: "warning", title: `\`${budget.metric}\` has two bounds on one side`, at: budget.span, label: "only the tighter one counts", causes, help: "remove the looser one" }));
      return;
    }
    const [lower, upper] = budget.relation === ">=" ? [budget.bound, other.bound] : [other.bound, budget.bound];
    if (lower > upper) {
      context.report(diagnostic("NAS2046", { title: `no \`${budget.metric}\` meets both budgets`, at: budget.span, label: "contradicts the other", causes, help: "loosen one of the two" }));
      return;
    }
  }
}

export function readBudgets(group: SettingGroup, context: PlanContext): readonly Budget[] {
  const out: Budget[] = [];
  for (const { setting } of group.all("subject to")) {
    for (const expression of elementsOf(setting.values)) {
      const budget = readBudget(expression, context);
      if (budget === undefined) continue;
      compareBudgets(budget, out, context);
      out.push(budget);
    }
  }
  return out;
}
