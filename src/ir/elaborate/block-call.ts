/**
 * Calling a block: binds tensors, values and functions to its parameters, evaluates its body in a frame of its own, and hands back what
 * it returns (a list where it returns several).
 */
import { suggest } from "../../diagnostics/suggest.js";
import type { BlockParameter } from "../../parser/ast.js";
import type { Call } from "./call.js";
import { CALL_LIMIT, type Elaboration } from "./elaboration.js";
import { evaluate } from "./evaluate.js";
import { checkReversible } from "./reversible.js";
import { newFrame, withSite, type Scope } from "./scope.js";
import { execute } from "./statements.js";
import { broken, type BlockTerm, type Term } from "./term.js";

export function callBlock(e: Elaboration, block: BlockTerm, given: Call, scope: Scope, variant: string): Term {
  const { declaration } = block;
  const name = declaration.name.name;
  if (scope.frame.depth >= CALL_LIMIT) {
    return e.report("NAS3018", { title: `\`${name}\` calls itself without end`, at: given.calleeSpan, label: `${CALL_LIMIT} calls inside each other`, causes: [{ span: declaration.name.span, text: "declared here" }], help: "end the recursion by an `if` that is known at compile time, or use a loop" });
  }
  const bound = bindArguments(e, block, given, scope);
  if (bound === undefined) return broken;
  const frame = newFrame(block.module, scope.frame.depth + 1);
  const at = `>${given.span.file}:${given.span.start}${variant}`;
  const inner: Scope = { frame, site: { ...scope.site, instance: scope.site.instance + at, chain: scope.site.chain + at, naming: undefined } };
  for (const parameter of declaration.parameters) {
    const term = bound.get(parameter.name.name);
    if (term !== undefined) { frame.locals.set(parameter.name.name, term); continue; }
    if (parameter.defaultValue !== undefined) {
      frame.locals.set(parameter.name.name, evaluate(e, parameter.defaultValue, withSite(inner, { naming: parameter.name.name })));
      continue;
    }
    return e.report("NAS3004", { title: `\`${name}\` needs \`${parameter.name.name}\``, at: given.span, label: `no argument for \`${parameter.name.name}\``, causes: [{ span: parameter.span, text: "declared here" }] });
  }
  const firstNode = e.nodes.length;
  const parameters = [...frame.locals.values()];
  e.calls.push(given.span);
  const returned = execute(e, declaration.body, inner);
  e.calls.pop();
  if (returned === undefined) {
    if (e.stopped || e.hasErrors) return broken;
    return e.report("NAS3023", { title: `\`${name}\` returns nothing`, at: declaration.name.span, label: "no `return` is reached", help: "end the block with `return x`" });
  }
  const [only] = returned;
  const result: Term = returned.length === 1 && only !== undefined ? only : { kind: "list", elements: returned };
  if (declaration.reversible && !e.hasErrors) checkReversible(e, declaration, parameters, result, firstNode, given.calleeSpan);
  return result;
}

/** By name; undefined: already diagnosed. */
function bindArguments(e: Elaboration, { declaration }: BlockTerm, given: Call, scope: Scope): Map<string, Term> | undefined {
  const name = declaration.name.name;
  const bound = new Map<string, Term>();
  const parameters = declaration.parameters;
  let good = true;
  let position = 0;
  const bind = (parameter: BlockParameter, term: Term): void => { bound.set(parameter.name.name, term); };
  if (given.piped !== undefined) {
    const [first] = parameters;
    if (first === undefined) { e.report("NAS3005", { title: `\`${name}\` takes no arguments`, at: given.calleeSpan, label: "nothing can be piped into it" }); return undefined; }
    bind(first, given.piped);
    position = 1;
  }
  for (const [index, argument] of given.arguments.entries()) {
    const shorthand = argument.name === undefined && argument.value.kind === "name" && (given.arguments.slice(0, index).some((earlier) => earlier.name !== undefined) || position >= parameters.length) ? argument.value.name : undefined;
    const wanted = argument.name?.name ?? (shorthand !== undefined && parameters.some((each) => each.name.name === shorthand) ? shorthand : undefined);
    const parameter = wanted === undefined ? parameters[position++] : parameters.find((each) => each.name.name === wanted);
    if (parameter === undefined) {
      good = false;
      if (wanted === undefined) e.report("NAS3005", { title: `\`${name}\` takes ${parameters.length} arguments`, at: argument.span, label: "one too many", causes: [{ span: declaration.name.span, text: "declared here" }] });
      else reportUnknownParameter(e, name, wanted, parameters.map((each) => each.name.name), argument.name?.span ?? argument.span);
      continue;
    }
    if (bound.has(parameter.name.name)) {
      good = false;
      e.report("NAS3006", { title: `\`${parameter.name.name}\` is given twice`, at: argument.span, label: "the second value" });
      continue;
    }
    const term = evaluate(e, argument.value, withSite(scope, { naming: parameter.name.name }));
    // `none` stands for leaving a parameter with a default out.
    if (term.kind === "none" && parameter.defaultValue !== undefined) continue;
    bind(parameter, term);
  }
  return good ? bound : undefined;
}

export function reportUnknownParameter(e: Elaboration, callee: string, wanted: string, known: readonly string[], at: Call["span"]): void {
  const near = suggest(wanted, known);
  e.report("NAS3003", {
    title: `\`${callee}\` has no parameter \`${wanted}\``, at, label: "unknown parameter",
    help: near.length > 0 ? `did you mean ${near.map((each) => `\`${each}\``).join(" or ")}?` : known.length === 0 ? "it takes no parameters" : `its parameters are ${known.map((each) => `\`${each}\``).join(", ")}`,
  });
}
