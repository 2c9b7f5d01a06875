/** The rounds of a loop: one per value of a range (up to its largest, with the condition under which it runs) or element of a list. */
import type { ForStatement } from "../../parser/ast.js";
import type { Value } from "../space.js";
import { isList } from "../values.js";
import { boundOf } from "./choose.js";
import type { Elaboration } from "./elaboration.js";
import { constantNumber, countRange, evaluate } from "./evaluate.js";
import { roundNames, withSite, type Scope } from "./scope.js";
import { describe, valueTerm, type Term } from "./term.js";

export interface LoopRound { readonly term: Term; readonly name: string; readonly condition: Value<boolean> }

/** undefined: already diagnosed. */
export function loopRounds(e: Elaboration, { range, variable }: ForStatement, scope: Scope): readonly LoopRound[] | undefined {
  const naming = withSite(scope, { naming: variable.name });
  const always = e.pool.constant(true);
  if (range.kind === "range") {
    const from = boundOf(e, range.from, naming);
    const to = boundOf(e, range.to, naming);
    const by = range.by ? constantNumber(e, range.by, naming, "the step of a loop") : 1;
    if (from === undefined || to === undefined || by === undefined) return undefined;
    const starts = e.pool.distinct(from);
    if (starts.length > 1 && by !== 1) {
      e.report("NAS4015", { title: "a loop with a step must start at a known number", at: range.from.span, label: "this depends on decisions" });
      return undefined;
    }
    const values = countRange(e, Math.min(...starts), Math.max(...e.pool.distinct(to)), by, range.span);
    return values?.map((value) => ({ term: valueTerm(e.pool.constant(value)), name: String(value), condition: e.pool.combine([from, to], (low, high) => value >= low && value <= high + 1e-9) }));
  }
  const term = evaluate(e, range, naming);
  if (term.kind === "list") {
    const names = roundNames(term.elements.map((element) => (element.kind === "value" && element.value.scope.length === 0 ? element.value.cells[0] : undefined)));
    return term.elements.map((element, position) => ({ term: element, name: names[position]!, condition: always }));
  }
  const [cells] = term.kind === "value" && term.value.scope.length === 0 ? term.value.cells : [];
  if (isList(cells)) {
    const names = roundNames(cells);
    return cells.map((cell, position) => ({ term: valueTerm(e.pool.constant(cell)), name: names[position]!, condition: always }));
  }
  if (term.kind !== "broken") e.report("NAS4015", { title: "a loop runs over a range or a list", at: range.span, label: term.kind === "value" && term.value.cells.some(isList) ? "the length of this list depends on decisions" : `this is ${describe(term)}` });
  return undefined;
}
