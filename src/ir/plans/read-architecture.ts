/**
 * Reads `architecture NAME of SPACE { path = option }`: every decision that matters must be bound, bindings that do not matter are
 * warned of, and the network must be a member of the space. Matching and completion are those of the command line (bindings.ts,
 * complete.ts).
 */
import { diagnostic, type Diagnostic, type Result } from "../../diagnostics/model.js";
import type { ArchitectureBinding, ArchitectureDeclaration } from "../../parser/ast.js";
import { allowedOptions, assignmentOf, decisionsIn } from "../assignment.js";
import { fixOptions, pathMatcher, type Binding, type FixedOption } from "../bindings.js";
import { completeArchitecture } from "../complete.js";
import { expressionText } from "../elaborate/expression-text.js";
import type { NamedArchitecture } from "../plan.js";
import type { Architecture, Space } from "../space.js";
import { evaluateValue, sameValue } from "../values.js";
import { short, type PlanContext } from "./context.js";

const MISSING_SHOWN = 6;

/** The option that is meant: its label, or a constant with the value of an option (`width = WIDE`, `limit = 1K`). */
function labelOf({ path, value }: ArchitectureBinding, space: Space, context: PlanContext): string {
  const text = value.kind === "string" ? value.value : expressionText(value);
  const matches = pathMatcher(path);
  const decisions = decisionsIn(space).filter((decision) => matches(decision.path));
  if (decisions.length === 0 || decisions.some(({ labels }) => labels.includes(text))) return text;
  const isConstant = value.kind === "number" || value.kind === "unary" || value.kind === "list" || (value.kind === "name" && context.module.lookup(value.name)?.kind === "const");
  const quantity = isConstant ? context.evaluate(value) : undefined;
  if (quantity === undefined) return text;
  for (const { domain, labels } of decisions) {
    const option = domain.findIndex((cell) => sameValue(cell, quantity.value));
    if (option >= 0) return labels[option]!;
  }
  return text;
}

/** A whole path bound twice is a mistake even where both say the same. */
function withoutRepeats(bindings: readonly Binding[], context: PlanContext): readonly Binding[] {
  const first = new Map<string, Binding>();
  return bindings.filter((binding) => {
    const before = first.get(binding.path);
    first.set(binding.path, before ?? binding);
    if (before?.pathSpan === undefined || binding.pathSpan === undefined) return true;
    context.report(diagnostic("NAS2065", { title: `\`${short(binding.path)}\` is bound twice`, at: binding.pathSpan, label: "bound again", causes: [{ span: before.pathSpan, text: "first bound here" }], help: "remove one of the two" }));
    return false;
  });
}

/** `mix[*] = conv` also holds where one round is set apart: the special binding wins, and both stay silent. */
function complete(space: Space, fixed: readonly FixedOption[], context: PlanContext): Result<Architecture> {
  const outcome = completeArchitecture(space, fixed);
  if (outcome.ok) return outcome;
  const [problem] = outcome.diagnostics;
  const at = problem?.code === "NAS2063" ? problem.labels.find(({ primary }) => primary)?.span : undefined;
  const idle = at === undefined ? [] : fixed.filter(({ binding }) => binding.pathSpan !== undefined && binding.pathSpan.start === at.start && binding.pathSpan.file === at.file);
  if (problem === undefined || idle.length === 0) return outcome;
  // A binding without effect is no error: the network is the same without it.
  context.report({ ...problem, severity: "warning" });
  return complete(space, fixed.filter((each) => !idle.includes(each)), context);
}

/**
 * Active decisions with a real choice that no binding names. Those that only matter under one option of another open decision are left
 * to be asked for when that one is bound.
 */
function openDecisions(space: Space, architecture: Architecture, fixed: readonly FixedOption[]): readonly string[] {
  const assignment = assignmentOf(space, architecture);
  const bound = new Set(fixed.map(({ decision }) => decision.id));
  const open = decisionsIn(space).filter((decision) => decision.binding === "choose" && !bound.has(decision.id)
    && evaluateValue(space, decision.guard, assignment) === true && allowedOptions(space, decision, assignment).length > 1);
  const independent = open.filter(({ guard }) => !open.some(({ id }) => guard.scope.includes(id)));
  return (independent.length > 0 ? independent : open).map(({ path }) => path);
}

function missing(name: string, open: readonly string[], space: Space, declaration: ArchitectureDeclaration): Diagnostic {
  const shown = open.slice(0, MISSING_SHOWN).map((path) => `\`${path}\``).join(", ");
  const rest = open.length > MISSING_SHOWN ? ` and ${open.length - MISSING_SHOWN} more` : "";
  const example = decisionsIn(space).find(({ path }) => path === open[0]);
  const rounds = /\[\d+\]/.test(open[0] ?? "") ? `; \`${open[0]!.replace(/\[\d+\]/g, "[*]")} = ...\` binds every round` : "";
  return diagnostic("NAS2062", {
    title: `\`${short(name)}\` leaves ${open.length === 1 ? "a decision" : `${open.length} decisions`} open`, at: declaration.name.span, label: "not one network yet",
    why: `${open.length === 1 ? "this matters" : "these matter"} and ${open.length === 1 ? "is" : "are"} not bound: ${shown}${rest}`,
    help: `bind ${open.length === 1 ? "it" : "them"}, e.g. \`${example?.path ?? "path"} = ${example?.labels[0] ?? "option"}\`${rounds}`,
  });
}

/** The architecture of a declaration as a member of `space`; undefined where anything was wrong (and reported). */
export function readArchitecture(declaration: ArchitectureDeclaration, space: Space, context: PlanContext): NamedArchitecture | undefined {
  const { name, span } = declaration.name;
  const usable = declaration.bindings.filter(({ value }) => value.kind !== "invalid");
  const bindings = withoutRepeats(usable.map((binding): Binding => ({ path: binding.path, label: labelOf(binding, space, context), pathSpan: binding.pathSpan, labelSpan: binding.value.span })), context);
  const fixed = fixOptions(space, bindings);
  if (!fixed.ok) {
    fixed.diagnostics.forEach((problem) => context.report(problem));
    return undefined;
  }
  // The only option of a choice says what is so: a constant may have left others out, and the program holds with another value of it.
  const outcome = complete(space, fixed.value.filter(({ decision }) => decision.domain.length > 1), context);
  if (!outcome.ok) {
    outcome.diagnostics.forEach((problem) => context.report(problem.labels.length > 0 ? problem : { ...problem, labels: [{ span, text: "this architecture", primary: true }] }));
    return undefined;
  }
  const open = openDecisions(space, outcome.value, fixed.value);
  if (open.length > 0) {
    context.report(missing(name, open, space, declaration));
    return undefined;
  }
  return { name, space: space.name, architecture: outcome.value, span };
}
