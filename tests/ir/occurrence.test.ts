/** What occurs together, held against all combinations of decisions in random chains of running quantities. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Occurrence } from "../../src/ir/occurrence.js";
import { VariablePool } from "../../src/ir/variable-pool.js";
import { evaluateValue } from "../../src/ir/values.js";
import type { Value, Variable, VariableId } from "../../src/ir/space.js";

const yes: Value<boolean> = { scope: [], cells: [true] };

function decision(id: VariableId, options: number, allowed: readonly Value<boolean>[] = new Array<Value<boolean>>(options).fill(yes)): Variable {
  return { kind: "decision", id, binding: "choose", path: `d${id}`, domain: Array.from({ length: options }, (_, option) => option), labels: Array.from({ length: options }, (_, option) => String(option)), guard: yes, allowed };
}

function derived(id: VariableId, parents: readonly VariableId[], table: readonly number[]): Variable {
  return { kind: "derived", id, name: `v${id}`, parents, table, domain: Array.from({ length: Math.max(...table) + 1 }, (_, option) => option) };
}

/** Every assignment in which each decision takes an option that is allowed, or its first, by trying them all. */
function assignments(variables: readonly Variable[]): number[][] {
  let found: number[][] = [[]];
  for (const variable of variables) {
    found = found.flatMap((known) => {
      if (variable.kind === "derived") return [[...known, variable.table[variable.parents.reduce((index, parent) => index * variables[parent]!.domain.length + known[parent]!, 0)]!]];
      const allowed = variable.allowed.map((value) => evaluateValue({ variables }, value, known) !== false);
      return variable.domain.flatMap((_, option) => (option === 0 || allowed[option] || !allowed.includes(true) ? [[...known, option]] : []));
    });
  }
  return found;
}

function occurring(variables: readonly Variable[], scope: readonly VariableId[]): Set<string> {
  return new Set(assignments(variables).map((assignment) => scope.map((id) => assignment[id]!).join()));
}

function told(variables: readonly Variable[], scope: readonly VariableId[]): Set<string> {
  const mask = new Occurrence({ variables }).of(scope);
  const sizes = scope.map((id) => variables[id]!.domain.length);
  const count = sizes.reduce((product, size) => product * size, 1);
  const cells = Array.from({ length: count }, (_, cell) => cell).filter((cell) => mask === undefined || mask[cell] === 1);
  return new Set(cells.map((cell) => {
    const options: number[] = [];
    for (let position = sizes.length - 1, rest = cell; position >= 0; rest = Math.floor(rest / sizes[position]!), position--) options.unshift(rest % sizes[position]!);
    return options.join();
  }));
}

/** A state, and per round a move that the state may forbid, the next state and an observation of both. */
const chain = fc.array(fc.record({ moves: fc.array(fc.nat(2), { minLength: 9, maxLength: 9 }), sight: fc.array(fc.nat(3), { minLength: 9, maxLength: 9 }), forbidden: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }) }), { minLength: 1, maxLength: 3 })
  .map((rounds): Variable[] => {
    const variables: Variable[] = [decision(0, 3)];
    let state = 0;
    for (const { moves, sight, forbidden } of rounds) {
      const size = variables[state]!.domain.length;
      const id = variables.length;
      const forbid = (option: number): Value<boolean> => ({ scope: [state], cells: Array.from({ length: size }, (_, at) => !forbidden[option * 3 + at]!) });
      variables.push(decision(id, 3, [yes, forbid(0), forbid(1)]));
      variables.push(derived(id + 1, [state, id], moves.slice(0, size * 3)), derived(id + 2, [state, id], sight.slice(0, size * 3)));
      state = id + 1;
    }
    return variables;
  });

describe("what occurs together", () => {
  it("is never less than what does", () => {
    fc.assert(fc.property(chain, fc.array(fc.nat(9), { minLength: 2, maxLength: 4 }), (variables, picked) => {
      const scope = [...new Set(picked.map((at) => at % variables.length))].sort((a, b) => a - b);
      const found = told(variables, scope);
      for (const combination of occurring(variables, scope)) expect(found).toContain(combination);
    }));
  });

  it("is exactly what does where the chain is followed from its start", () => {
    fc.assert(fc.property(chain, (variables) => {
      // The first decision belongs to the scope, so nothing is cut off.
      const scope = [0, variables.length - 2, variables.length - 1];
      expect(told(variables, scope)).toEqual(occurring(variables, scope));
    }));
  });

  it("takes all to occur that is too much to follow", () => {
    const many = Array.from({ length: 12 }, (_, id) => decision(id, 4));
    const sum = derived(12, many.map(({ id }) => id).slice(0, 8), Array.from({ length: 4 ** 8 }, (_, at) => at % 5));
    expect(new Occurrence({ variables: [...many, sum] }).of([0, 12])).toBeUndefined();
  });
});

describe("tables over what occurs together", () => {
  it("forget what never occurs: two readings of one quantity, and states that guards leave out", () => {
    const pool = new VariablePool();
    const state = pool.addDecision({ path: "state", domain: [0, 1, 2], labels: ["0", "1", "2"] });
    const low = pool.map(pool.read(state), (value) => Number(value) < 2);
    const move = pool.addDecision({ path: "move", domain: [0, 1], labels: ["0", "1"], allowed: [pool.constant(true), low] });
    const next = pool.combine([pool.read(state), pool.read(move)], (at, by) => Number(at) + Number(by));
    expect(pool.distinct(next)).toEqual([0, 1, 2]);
    const tall = pool.materialise(next);
    const [double, half] = [pool.materialise(pool.map(next, (value) => value * 2), "double"), pool.materialise(pool.map(next, (value) => value > 1), "high")];
    // 0 and true, 4 and false never come together.
    expect(pool.distinct(pool.combine([double, half], (value, high) => (high === (value === 4) ? value : "refused")))).toEqual([0, 2, 4]);
    expect(pool.combine([tall, double], (value, twice) => (twice === 2 * value ? value : -1)).scope).toHaveLength(1);
  });
});
