/**
 * Looking back at the rounds of a loop: `count(level == 3)` counts the rounds in which a condition held, `for every heads` asks it of
 * each round. What a name stood for at the end of each round is recorded by the loop.
 */
import type { Identifier, Expression } from "../../parser/ast.js";
import type { Value } from "../space.js";
import { suggest } from "../../diagnostics/suggest.js";
import type { Elaboration } from "./elaboration.js";
import { evaluateCondition } from "./evaluate.js";
import { under } from "./merge.js";
import { namesIn } from "./names-in.js";
import type { Round, Scope } from "./scope.js";
import { broken, valueTerm, type Term } from "./term.js";

/** The condition evaluated with names bound to what they were in one round. */
function inRound(e: Elaboration, condition: Expression, scope: Scope, bound: ReadonlyMap<string, Term>, reached: Value<boolean>): Value<boolean> | undefined {
  const frame = { ...scope.frame, locals: new Map([...scope.frame.locals, ...bound]) };
  return evaluateCondition(e, condition, under(e, { frame, site: scope.site }, reached));
}

/** In how many rounds the condition held; the names in it that a loop assigned say which rounds. */
export function countRounds(e: Elaboration, condition: Expression, scope: Scope): Term {
  const histories = [...namesIn(condition)].flatMap((name) => {
    const rounds = scope.frame.history.get(name);
    return rounds === undefined ? [] : [{ name, rounds }];
  });
  const [first] = histories;
  if (first === undefined) {
    return e.report("NAS4016", { title: "`count` counts rounds, and this names no loop", at: condition.span, label: "no name here is assigned in a loop", help: "count(level == 3) needs a `level` that is assigned in a loop before" });
  }
  let total: Value<number> = e.pool.constant(0);
  for (const [position, round] of first.rounds.entries()) {
    const bound = new Map(histories.flatMap(({ name, rounds }): [string, Term][] => {
      const same = rounds[position]?.loop === round.loop ? rounds[position] : undefined;
      return same === undefined ? [] : [[name, same.term]];
    }));
    const held = inRound(e, condition, scope, bound, round.condition);
    if (held === undefined) return broken;
    const next = e.pool.combineLoose<number>([total, e.pool.and(round.condition, held)], ([count, one]) => (typeof count === "number" ? count + (one === true ? 1 : 0) : undefined), "count");
    total = e.pool.carry(next, "count");
  }
  return valueTerm(total);
}

export interface RoundCondition { readonly condition: Value<boolean>; readonly reached: Value<boolean> }

/** The condition for every instance of the names: rounds of a loop, or else decisions of that name anywhere. */
export function everyInstance(e: Elaboration, condition: Expression, names: readonly Identifier[], scope: Scope): readonly RoundCondition[] | undefined {
  const [first, ...rest] = names.map((name) => instancesOf(e, name, scope));
  if (first === undefined || rest.includes(undefined)) return undefined;
  const conditions: RoundCondition[] = [];
  for (const [position, round] of first.entries()) {
    const bound = new Map<string, Term>([[names[0]!.name, round.term]]);
    for (const [index, other] of rest.entries()) {
      const same = other?.[position];
      if (same !== undefined) bound.set(names[index + 1]!.name, same.term);
    }
    const held = inRound(e, condition, scope, bound, round.condition);
    if (held === undefined) return undefined;
    conditions.push({ condition: held, reached: round.condition });
  }
  return conditions;
}

function instancesOf(e: Elaboration, name: Identifier, scope: Scope): readonly Round[] | undefined {
  const rounds = scope.frame.history.get(name.name);
  if (rounds !== undefined) return rounds;
  const decisions = e.decisions.filter(({ place }) => place.name === name.name);
  if (decisions.length > 0) return decisions.map(({ id, condition }) => ({ loop: "", condition, term: valueTerm(e.pool.read(id)) }));
  const near = suggest(name.name, [...scope.frame.history.keys(), ...e.decisions.map(({ place }) => place.name)]);
  e.report("NAS4016", { title: `no loop assigns \`${name.name}\` and no decision is called so`, at: name.span, label: "nothing to go over", ...(near.length > 0 ? { help: `did you mean ${near.map((each) => `\`${each}\``).join(" or ")}?` } : {}) });
  return undefined;
}
