/**
 * Executes statements: assignments, loops (unrolled to their largest, later rounds guarded), branches, inputs, outputs, constraints and
 * sharing. Variables that a guarded round or branch assigns are joined with what they were before.
 */
import type { AssignStatement, ForStatement, IfStatement, InputStatement, OutputStatement, RequireStatement, ShareStatement, Statement } from "../../parser/ast.js";
import { sharingStrategies, type Value } from "../space.js";
import { suggest } from "../../diagnostics/suggest.js";
import type { Elaboration } from "./elaboration.js";
import { constantNumber, evaluate, evaluateCondition } from "./evaluate.js";
import { expressionText } from "./expression-text.js";
import { everyInstance } from "./history.js";
import { loopRounds } from "./loop.js";
import { merge, selectorOf, under } from "./merge.js";
import { assignedIn } from "./names-in.js";
import { withSite, type Scope } from "./scope.js";
import { broken, describe, isImpossible, tensorTerm, type Term } from "./term.js";

/** What `return` gave; undefined: none was reached. */
export type Returned = readonly Term[] | undefined;

export function execute(e: Elaboration, statements: readonly Statement[], scope: Scope): Returned {
  for (const statement of statements) {
    if (e.stopped) return undefined;
    const returned = executeStatement(e, statement, scope);
    if (returned !== undefined) return returned;
  }
  return undefined;
}

function executeStatement(e: Elaboration, statement: Statement, scope: Scope): Returned {
  switch (statement.kind) {
    case "assign": assign(e, statement, scope); return undefined;
    case "for": return executeLoop(e, statement, scope);
    case "if_statement": return executeIf(e, statement, scope);
    case "require": require(e, statement, scope); return undefined;
    case "input": addInput(e, statement, scope); return undefined;
    case "output": addOutput(e, statement, scope); return undefined;
    case "share": share(e, statement); return undefined;
    case "return":
      if (scope.frame.depth === 0) {
        e.report("NAS4014", { title: "`return` stands only in blocks", at: statement.span, label: "a space has outputs", help: "write `output NAME = ...`" });
        return undefined;
      }
      return statement.values.map((value) => evaluate(e, value, scope));
    default: { const never: never = statement; return never; }
  }
}

function assign(e: Elaboration, { targets, value, span }: AssignStatement, scope: Scope): void {
  const { locals } = scope.frame;
  const term = evaluate(e, value, withSite(scope, { naming: targets.length === 1 ? targets[0]!.name : undefined }));
  if (targets.length === 1) { locals.set(targets[0]!.name, term); return; }
  if (term.kind === "list" && term.elements.length === targets.length) {
    targets.forEach((target, position) => locals.set(target.name, term.elements[position]!));
    return;
  }
  if (term.kind !== "broken") e.report("NAS3015", { title: `${targets.length} names need ${targets.length} values`, at: span, label: term.kind === "list" ? `${term.elements.length} values here` : `this is ${describe(term)}` });
  for (const target of targets) locals.set(target.name, broken);
}

/** Runs `body` on a copy of the locals and gives the locals afterwards. */
function onCopy(scope: Scope, body: () => Returned): { readonly locals: Map<string, Term>; readonly returned: Returned } {
  const { frame } = scope;
  const before = frame.locals;
  frame.locals = new Map(before);
  const returned = body();
  const { locals } = frame;
  frame.locals = before;
  return { locals, returned };
}

function executeLoop(e: Elaboration, statement: ForStatement, scope: Scope): Returned {
  const { frame, site } = scope;
  const rounds = loopRounds(e, statement, scope);
  const assigned = assignedIn(statement.body);
  const carried = new Set([...assigned].filter((each) => frame.locals.has(each)));
  for (const { term, name, condition } of rounds ?? []) {
    // A round is work even where its body is empty.
    if (!e.enter(statement.span)) return undefined;
    e.leave();
    const at = `[${name}]@${statement.span.start}`;
    const inner = withSite(under(e, scope, condition), { indices: [...site.indices, name], instance: site.instance + at, naming: undefined });
    const { locals, returned } = onCopy(scope, () => {
      frame.locals.set(statement.variable.name, term);
      return execute(e, statement.body, { frame, site: inner.site });
    });
    if (returned !== undefined) return conditionalReturn(e, statement, returned, condition);
    const loop = `${site.instance}${at}`;
    for (const each of assigned) {
      const last = locals.get(each);
      if (last === undefined) continue;
      const after = carried.has(each) ? carry(e, last, each) : last;
      const rounds = frame.history.get(each) ?? [];
      rounds.push({ loop, condition: inner.site.condition, term: after });
      frame.history.set(each, rounds);
      const before = frame.locals.get(each);
      if (before !== undefined) frame.locals.set(each, merge(e, selectorOf(e, condition), [after, before], withSite(inner, { naming: each }), statement.span, each));
    }
  }
  return undefined;
}

/** What one round hands to the next follows from few variables, however many rounds there were before. */
function carry(e: Elaboration, term: Term, name: string): Term {
  return term.kind === "value" ? { ...term, value: e.pool.carry(term.value, name) } : term;
}

function conditionalReturn(e: Elaboration, statement: Statement, returned: readonly Term[], condition: Value<boolean>): Returned {
  if (condition.scope.length === 0) return returned;
  e.report("NAS3023", { title: "`return` depends on decisions here", at: statement.span, label: "returns in some architectures only", help: "assign the result to a variable and return it at the end" });
  return returned.map(() => broken);
}

function executeIf(e: Elaboration, statement: IfStatement, scope: Scope): Returned {
  const { frame, site } = scope;
  const condition = evaluateCondition(e, statement.condition, scope);
  if (condition === undefined) {
    for (const name of assignedIn([statement])) frame.locals.set(name, broken);
    return undefined;
  }
  const [cell] = condition.cells;
  if (condition.scope.length === 0) return cell === undefined ? undefined : execute(e, cell ? statement.then : statement.otherwise ?? [], scope);
  const branch = (body: readonly Statement[], holds: Value<boolean>): ReturnType<typeof onCopy> => onCopy(scope, () => execute(e, body, { frame, site: under(e, { frame, site }, holds).site }));
  const yes = branch(statement.then, condition);
  const no = branch(statement.otherwise ?? [], e.pool.not(condition));
  const selector = selectorOf(e, condition);
  if (yes.returned !== undefined || no.returned !== undefined) {
    if (yes.returned?.length !== no.returned?.length) return conditionalReturn(e, statement, yes.returned ?? no.returned ?? [], condition);
    return yes.returned?.map((term, position) => merge(e, selector, [term, no.returned![position]!], scope, statement.span, "return"));
  }
  for (const name of assignedIn([statement])) {
    const [a, b] = [yes.locals.get(name), no.locals.get(name)];
    if (a !== undefined && b !== undefined) frame.locals.set(name, merge(e, selector, [a, b], withSite(scope, { naming: name }), statement.span, name));
  }
  return undefined;
}

function require(e: Elaboration, { condition, forEvery, span }: RequireStatement, scope: Scope): void {
  const reached = scope.site.condition;
  const text = `${expressionText(condition)}${forEvery ? ` for every ${forEvery.map(({ name }) => name).join(", ")}` : ""}`;
  const add = (holds: Value<boolean>, where: Value<boolean>): void => {
    // Only `false` forbids; where the place is not reached, nothing is asked.
    const implied = e.pool.combineLoose<boolean>([where, holds], ([active, cell]) => !(active === true && cell === false), "require");
    e.reportTooWide(condition.span);
    if (!e.pool.always(implied, true)) e.constraints.push({ condition: implied, text, span: condition.span });
  };
  if (forEvery !== undefined && forEvery.length > 0) {
    for (const each of everyInstance(e, condition, forEvery, scope) ?? []) add(each.condition, e.pool.and(reached, each.reached));
    void span;
    return;
  }
  const holds = evaluateCondition(e, condition, scope);
  if (holds !== undefined) add(holds, reached);
}

function topLevel(e: Elaboration, statement: InputStatement | OutputStatement, scope: Scope): boolean {
  if (scope.frame.depth === 0 && scope.site.instance === "" && scope.site.condition.scope.length === 0) return true;
  e.report("NAS4014", { title: `\`${statement.kind}\` stands only at the top of a space`, at: statement.span, label: "inside a block, loop or branch", help: "move it out to the body of the space" });
  return false;
}

function addInput(e: Elaboration, statement: InputStatement, scope: Scope): void {
  const { name, element, dimensions } = statement;
  scope.frame.locals.set(name.name, broken);
  if (!topLevel(e, statement, scope)) return;
  if (element.name !== "f32" && element.name !== "tokens") {
    e.report("NAS4013", { title: `\`${element.name}\` is not a type of input`, at: element.span, label: "unknown element type", help: "inputs are `f32[28, 28, 1]` or `tokens[64]`" });
    return;
  }
  const shape = dimensions.map((dimension) => {
    const extent = constantNumber(e, dimension, scope, "an extent of an input");
    if (extent === undefined || (Number.isSafeInteger(extent) && extent >= 1)) return extent;
    e.report("NAS4013", { title: "an extent must be a whole number of at least 1", at: dimension.span, label: `this is ${extent}` });
    return undefined;
  });
  if (e.nodes.some((node) => node.kind === "input" && node.name === name.name)) {
    e.report("NAS4012", { title: `two inputs are called \`${name.name}\``, at: name.span, label: "the second one" });
    return;
  }
  if (!shape.every((extent) => extent !== undefined)) return;
  const node = e.addNode({ kind: "input", name: name.name, element: element.name, shape: e.pool.constant<readonly number[]>(shape), place: e.place(scope.site, name.name, statement.span) }, statement.span);
  scope.frame.locals.set(name.name, tensorTerm(node));
}

function addOutput(e: Elaboration, statement: OutputStatement, scope: Scope): void {
  const { name, value } = statement;
  const term = evaluate(e, value, withSite(scope, { naming: name.name }));
  if (!topLevel(e, statement, scope)) return;
  if (term.kind === "broken" || isImpossible(term)) { e.lostOutputs.push(name); return; }
  if (term.kind !== "tensor") { e.report("NAS3010", { title: `the output \`${name.name}\` must be a tensor`, at: value.span, label: `this is ${describe(term)}` }); return; }
  const twin = e.outputs.find((output) => output.name === name.name);
  if (twin !== undefined) { e.report("NAS4012", { title: `two outputs are called \`${name.name}\``, at: name.span, label: "the second one", causes: [{ span: twin.span, text: "the first one" }] }); return; }
  scope.frame.locals.set(name.name, term);
  e.outputs.push({ name: name.name, node: term.node, span: name.span });
}

function share(e: Elaboration, { strategy }: ShareStatement): void {
  const { name, span } = strategy;
  const known = sharingStrategies.find((each) => each === name);
  if (known !== undefined) { e.sharing = known; return; }
  if (name === "per_head") {
    e.report("NAS4010", { title: `\`share ${name}\` is not available yet`, at: span, label: "not in this version", help: "use `slice` or `separate`" });
    return;
  }
  const near = suggest(name, sharingStrategies);
  e.report("NAS3020", { title: `\`${name}\` is not a way to share weights`, at: span, label: "unknown strategy", help: near.length > 0 ? `did you mean \`${near[0]}\`?` : `use one of ${sharingStrategies.map((each) => `\`${each}\``).join(", ")}` });
}
