/**
 * The proof that every architecture is well-formed: each obligation must be unreachable, the constraints must leave something, and
 * every option should be taken by somebody. What is reachable is reported with the combination of decisions that leads there.
 */
import { FeasibilityCheck, type Feasibility } from "../factor/feasibility.js";
import type { Span } from "../../diagnostics/model.js";
import type { AttributeValue } from "../../ops/operator.js";
import { isTagged } from "../../ops/guard.js";
import type { Constraint, Value, VariableId } from "../space.js";
import { evaluateValue } from "../values.js";
import type { Elaboration, Obligation } from "./elaboration.js";
import { complete, explainWitness } from "./witness.js";

export interface Proof {
  readonly paths: ReadonlyMap<VariableId, string>;
  /** undefined: not known because of errors; the place in the program then decides. */
  readonly guards: readonly Value<boolean>[] | undefined;
}

/** Checks all obligations under the constraints. */
export function proveObligations(e: Elaboration, proof: Proof): void {
  if (e.obligations.length === 0) return;
  const check = new FeasibilityCheck(e.pool.variables, e.constraints);
  const failed = new Set<string>();
  const undecided = new Map<string, { readonly at: Span; readonly width: number }>();
  for (const obligation of e.obligations) {
    // One report per place: the other rounds fail in the same way.
    const key = `${obligation.code}|${obligation.span.file}:${obligation.span.start}-${obligation.span.end}`;
    if (failed.has(key)) continue;
    const found = examine(e, obligation, check, proof);
    if (found.kind === "witness") failed.add(key);
    if (found.kind === "too_wide" && !undecided.has(key)) undecided.set(key, { at: obligation.span, width: found.width });
  }
  // What is wrong makes proofs wide: it is mended first.
  if (e.hasErrors) return;
  for (const { at, width } of undecided.values()) {
    e.report("NAS4005", {
      title: "this could not be proven for every architecture", at, label: "depends on too many decisions at once",
      why: `a table of about ${width.toPrecision(2)} combinations would be needed to know whether this can fail`, help: "let fewer decisions meet here, or bound them with `require`",
    });
  }
}

/** Looks for an architecture in which the obligation fails, and reports it. */
function examine(e: Elaboration, obligation: Obligation, check: FeasibilityCheck, { paths, guards }: Proof): Feasibility {
  const active = (obligation.node === undefined ? undefined : guards?.[obligation.node]) ?? obligation.condition;
  const fails: Value<boolean> = { scope: obligation.problem.scope, cells: obligation.problem.cells.map((cell) => cell !== undefined) };
  const found = check.find([active, fails]);
  if (found.kind === "witness") {
    const witness = explainWitness(e, found.assignment, fails, active, paths);
    report(e, obligation, evaluateValue(e.pool, obligation.problem, witness.assignment), witness.text, witness.causes);
  }
  return found;
}

function report(e: Elaboration, { code, span, spans, call }: Obligation, cell: AttributeValue | undefined, combination: string, causes: readonly { readonly span: Obligation["span"]; readonly text: string }[]): void {
  const said = isTagged(cell) ? cell.arguments : {};
  const text = (name: string): string | undefined => { const value = said[name]; return typeof value === "string" ? value : undefined; };
  const parameter = text("parameter");
  const at = (parameter === undefined ? undefined : spans?.get(parameter)) ?? span;
  const help = text("help");
  e.report(text("code") === "NAS3008" ? "NAS3008" : code, {
    title: text("title") ?? "this fails", at, label: text("detail") ?? "", causes: [...causes, ...(call === undefined ? [] : [call])],
    ...(combination === "" ? {} : { why: `it happens with ${combination}` }),
    ...(help === undefined ? {} : { help }),
  });
}

export type Example = ReadonlyMap<VariableId, number>;

/** Enough to see most options of most spaces. */
const EXAMPLES = 64;

/** Some architectures that the constraints leave; where there is none, the first constraint that leaves none is named and undefined given. */
export function proveNotEmpty(e: Elaboration): readonly Example[] | undefined {
  const { constraints } = e;
  const leaves = (some: readonly Constraint[]): ReturnType<FeasibilityCheck["isEmpty"]>["kind"] => new FeasibilityCheck(e.pool.variables, some, "largest").isEmpty().kind;
  const examples = new FeasibilityCheck(e.pool.variables, constraints, "largest").examples(EXAMPLES);
  if (examples === undefined || examples.length > 0 || constraints.length === 0) {
    const at = constraints.find(({ span }) => span !== undefined)?.span;
    if (examples === undefined && at !== undefined) e.report("NAS4005", { severity: "warning", title: "it is not known whether `require` leaves a network", at, label: "the requirements join too many decisions" });
    return examples ?? [];
  }
  const alone = constraints.find((constraint) => leaves([constraint]) === "none");
  const last = alone === undefined ? constraints.findIndex((_, position) => leaves(constraints.slice(0, position + 1)) === "none") : constraints.indexOf(alone);
  const culprit = constraints[last];
  if (culprit?.span === undefined) return undefined;
  const others = alone === undefined ? constraints.slice(0, last).filter(({ span }) => span !== undefined && span !== culprit.span) : [];
  e.report("NAS4006", {
    title: "no architecture meets this requirement", at: culprit.span, label: alone === undefined ? "impossible together with the others" : `\`${culprit.text}\` never holds`,
    causes: others.slice(-3).map((other) => ({ span: other.span!, text: "required here" })), help: "loosen the requirement, or widen the choices that it depends on",
  });
  return undefined;
}

/** Choices that are reached with every alternative excluded: the combination silently falls out of the space. One report per place. */
export function warnDeadEnds(e: Elaboration, paths: ReadonlyMap<VariableId, string>): void {
  const told = new Set<string>();
  for (const { id, place, span } of e.decisions) {
    const decision = e.pool.variables[id];
    if (decision?.kind !== "decision" || told.has(place.key) || decision.allowed.some((allowed) => e.pool.always(allowed, true))) continue;
    const stuck = e.pool.and(decision.guard, e.pool.not(e.pool.or(...decision.allowed)));
    if (e.pool.always(stuck, false)) continue;
    // The proof takes the choice for free, or it would find that nobody gets here.
    const yes = e.pool.constant(true);
    const variables = e.pool.variables.map((variable) => (variable.id === id ? { ...decision, allowed: decision.allowed.map(() => yes) } : variable));
    const found = new FeasibilityCheck(variables, e.constraints).find([stuck]);
    if (found.kind !== "witness") continue;
    told.add(place.key);
    const witness = explainWitness(e, found.assignment, stuck, yes, paths);
    e.report("NAS4017", {
      severity: "warning", title: `every alternative of \`${decision.path}\` can be excluded`, at: decision.span ?? span, label: "nothing to choose from", causes: witness.causes,
      why: `with ${witness.text} no alternative is left, so these networks fall out of the space`, help: "add an alternative without `if`, or say what is meant with `require`",
    });
  }
}

/** Options that no architecture takes, and decisions that matter to nothing. One report per place, and only if it is so in every round. */
export function warnIdle(e: Elaboration, guards: ReadonlyMap<VariableId, Value<boolean>>, examples: readonly Example[]): void {
  const places = new Map<string, VariableId[]>();
  for (const { id, place } of e.decisions) places.set(place.key, [...(places.get(place.key) ?? []), id]);
  const taken = new TakenOptions(e, guards);
  for (const example of examples) taken.learn(example);
  for (const ids of places.values()) {
    const used = ids.filter((id) => !e.pool.always(guards.get(id)!, false));
    const first = e.pool.variables[ids[0]!];
    if (first?.kind !== "decision" || first.span === undefined) continue;
    if (used.length === 0) {
      if (first.domain.length > 1) e.report("NAS4008", { severity: "warning", title: `the decision \`${first.path}\` changes nothing`, at: first.span, label: "no network depends on it", help: "use it, or remove it: it is not counted and not searched" });
      continue;
    }
    const idle = [...new Set(used.flatMap((id) => taken.labels(id)))].filter((label) => !taken.inSomeRound(used, label));
    if (idle.length === 0) continue;
    const list = idle.map((label) => `\`${label}\``).join(", ");
    e.report("NAS4007", {
      severity: "warning", title: `no architecture takes ${list} of \`${first.path}\``, at: first.span, label: `${list} ${idle.length === 1 ? "is" : "are"} excluded everywhere`,
      why: "a guard is false, or a `require` excludes it, whatever else is chosen", help: `remove ${idle.length === 1 ? "the option" : "these options"}, or loosen what excludes ${idle.length === 1 ? "it" : "them"}`,
    });
  }
}

/** Which options some architecture takes. Every witness shows many at once, so few questions are asked. */
class TakenOptions {
  private readonly check: FeasibilityCheck;
  private readonly restricted: ReadonlySet<VariableId>;
  private readonly seen = new Set<string>();

  constructor(private readonly e: Elaboration, private readonly guards: ReadonlyMap<VariableId, Value<boolean>>) {
    this.check = new FeasibilityCheck(e.pool.variables, e.constraints);
    this.restricted = new Set(e.constraints.flatMap(({ condition }) => [...e.pool.ancestors(condition)]));
  }

  labels(id: VariableId): readonly string[] {
    const decision = this.e.pool.variables[id];
    return decision?.kind === "decision" ? decision.labels : [];
  }

  inSomeRound(ids: readonly VariableId[], label: string): boolean {
    const options = ids.flatMap((id) => { const option = this.labels(id).indexOf(label); return option < 0 ? [] : [{ id, option }]; });
    return options.some(({ id, option }) => this.isFree(id, option) || this.seen.has(`${id}=${option}`)) || options.some(({ id, option }) => this.ask(id, option));
  }

  /** Nothing restricts it. */
  private isFree(id: VariableId, option: number): boolean {
    const decision = this.e.pool.variables[id];
    return decision?.kind === "decision" && !this.restricted.has(id) && this.e.pool.always(decision.allowed[option]!, true);
  }

  private ask(id: VariableId, option: number): boolean {
    const takes: Value<boolean> = { scope: [id], cells: this.labels(id).map((_, position) => position === option) };
    const found = this.check.find([this.guards.get(id)!, takes]);
    if (found.kind === "witness") this.learn(found.assignment);
    return found.kind !== "none";
  }

  learn(given: Example): void {
    const { variables } = this.e.pool;
    const assignment = complete(variables, given);
    for (const id of given.keys()) {
      if (variables[id]!.kind === "decision" && evaluateValue({ variables }, this.guards.get(id)!, assignment) === true) this.seen.add(`${id}=${assignment[id]}`);
    }
  }
}
