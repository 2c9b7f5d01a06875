/**
 * Calls and pipes: finds out what is called and hands it its arguments. A choice among functions is called alternative by alternative
 * and joined; `x -> f(a)` is `f(x, a)`; an alternative of a piped choice is itself a function of what is piped.
 */
import type { Span } from "../../diagnostics/model.js";
import type { ParameterType } from "../../ops/operator.js";
import type { Argument, CallExpression, Expression } from "../../parser/ast.js";
import { callBlock } from "./block-call.js";
import { callBuiltin } from "./builtins.js";
import { evaluateChoose } from "./choose.js";
import type { Elaboration } from "./elaboration.js";
import { evaluate, evaluateIf, evaluateWeights } from "./evaluate.js";
import { expressionText } from "./expression-text.js";
import { merge, picks, under } from "./merge.js";
import { calleeTerm, isMember } from "./names.js";
import { callOperator } from "./operator-call.js";
import { withSite, type Scope } from "./scope.js";
import { broken, describe, type Term } from "./term.js";

/** What a call is given: the piped term first, then the arguments as written. */
export interface Call {
  readonly piped: Term | undefined;
  readonly arguments: readonly Argument[];
  readonly text: string;
  readonly span: Span;
  readonly calleeSpan: Span;
}

export function evaluateCall(e: Elaboration, expression: CallExpression, scope: Scope, piped: Term | undefined, expected?: ParameterType): Term {
  const { callee } = expression;
  if (callee.kind === "name" && isMember(callee.name, expected) && piped === undefined && !scope.frame.locals.has(callee.name)) return callSymbol(e, callee.name, expression, scope, expected);
  const term = callee.kind === "name" ? calleeTerm(e, callee, scope) : evaluate(e, callee, scope);
  return call(e, term, { piped, arguments: expression.arguments, text: expressionText(expression), span: expression.span, calleeSpan: callee.span }, scope);
}

export function call(e: Elaboration, callee: Term, given: Call, scope: Scope, variant = ""): Term {
  switch (callee.kind) {
    case "broken": return broken;
    case "operator": return callOperator(e, callee.operator, given, scope, variant);
    case "block": return callBlock(e, callee, given, scope, variant);
    case "builtin": return callBuiltin(e, callee.name, given, scope);
    case "partial": {
      if (given.piped !== undefined && given.arguments.length === 0) return callee.apply(given.piped, scope, given.span);
      const [first] = given.arguments;
      if (given.piped === undefined && given.arguments.length === 1 && first !== undefined && first.name === undefined) {
        const tensor = evaluate(e, first.value, scope);
        return tensor.kind === "broken" ? broken : callee.apply(tensor, scope, given.span);
      }
      return e.report("NAS3005", { title: `\`${callee.text}\` takes one tensor and nothing else`, at: given.span, label: "its other arguments are given already" });
    }
    case "choice": {
      const options = callee.options.map((option, position) => call(e, option, given, under(e, scope, picks(e, callee.selector, position)), `${variant}~${position}`));
      return merge(e, callee.selector, options, scope, given.span, "call");
    }
    case "symbol": {
      if (given.piped !== undefined) return e.report("NAS3002", { title: `\`${callee.name}\` cannot be called`, at: given.calleeSpan, label: "a symbol, not an operator or block" });
      const named = given.arguments.flatMap((argument) => (argument.name === undefined ? [] : [[argument.name.name, evaluate(e, argument.value, withSite(scope, { naming: argument.name.name }))] as const]));
      if (named.some(([, term]) => term.kind === "broken")) return broken;
      return { ...callee, arguments: new Map<string, Term>(named) };
    }
    case "value": case "tensor": case "list": case "record": case "none":
      return e.report("NAS3002", { title: given.piped === undefined ? "this cannot be called" : "the right side of `->` must be something to call", at: given.calleeSpan, label: `this is ${describe(callee)}`, help: "operators, blocks and functions can be called" });
    default: { const never: never = callee; return never; }
  }
}

/** `linear(feature = cos)` where an enumeration is expected. */
function callSymbol(e: Elaboration, name: string, expression: CallExpression, scope: Scope, expected: ParameterType | undefined): Term {
  const member = expected?.kind === "enumeration" ? expected.members.find((each) => each.name === name) : undefined;
  const given = new Map<string, Term>();
  const parameters = member?.parameters ?? [];
  for (const [position, argument] of expression.arguments.entries()) {
    const parameter = argument.name === undefined ? parameters[position] : parameters.find((each) => each.name === argument.name?.name);
    if (parameter === undefined) {
      return e.report("NAS3003", { title: `\`${name}\` has no such argument`, at: argument.span, label: argument.name === undefined ? "one too many" : `no parameter \`${argument.name.name}\``, help: parameters.length === 0 ? `\`${name}\` takes no arguments` : `its parameters are ${parameters.map((each) => `\`${each.name}\``).join(", ")}` });
    }
    const term = evaluate(e, argument.value, withSite(scope, { naming: parameter.name }), parameter.type);
    if (term.kind === "broken") return broken;
    given.set(parameter.name, term);
  }
  return { kind: "symbol", name, arguments: given, span: expression.span };
}

/** A function applied to one term: `x -> f`. */
export function applyTerm(e: Elaboration, callee: Term, piped: Term, scope: Scope, at: Span): Term {
  return call(e, callee, { piped, arguments: [], text: describe(callee), span: at, calleeSpan: at }, scope);
}

/** `piped -> right`. */
export function pipeInto(e: Elaboration, right: Expression, piped: Term, scope: Scope): Term {
  if (!e.enter(right.span)) return broken;
  const term = dispatchPipe(e, right, piped, scope);
  e.reportTooWide(right.span);
  e.leave();
  return term;
}

function dispatchPipe(e: Elaboration, right: Expression, piped: Term, scope: Scope): Term {
  switch (right.kind) {
    case "call": return evaluateCall(e, right, scope, piped);
    case "name": return call(e, calleeTerm(e, right, scope), { piped, arguments: [], text: right.name, span: right.span, calleeSpan: right.span }, scope);
    case "pipe": return pipeInto(e, right.right, pipeInto(e, right.left, piped, scope), scope);
    case "choose": return right.alternatives ? evaluateChoose(e, right, scope, { piped }) : call(e, evaluate(e, right, scope), callWith(right, piped), scope);
    case "if": return evaluateIf(e, right, scope, (branch, inner) => pipeInto(e, branch, piped, inner));
    case "weights": return evaluateWeights(e, right, scope, (value) => pipeInto(e, value, piped, scope));
    default: return call(e, evaluate(e, right, scope), callWith(right, piped), scope);
  }
}

const callWith = (right: Expression, piped: Term): Call => ({ piped, arguments: [], text: expressionText(right), span: right.span, calleeSpan: right.span });
