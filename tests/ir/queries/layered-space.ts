/** The space of the design's first example in small: a width, a depth, and per round a choice of three with a kernel under one of them. */
import type { Constraint, Decision, Space, Value } from "../../../src/ir/space.js";
import { constantValue } from "../../../src/ir/values.js";
import { VariablePool } from "../../../src/ir/variable-pool.js";

const file = "layers.nas";

/** width {16, 24, 32}, depth 1..rounds, mix[i] {conv, shift, skip} (skip not in round 1), mix[i].kernel {3, 5} under conv, run adapted. */
export function layeredSpace(rounds = 3, constrain?: (pool: VariablePool, ids: { readonly width: number; readonly depth: number; readonly mix: readonly number[] }) => readonly Constraint[]): Space {
  const pool = new VariablePool();
  const numbers = (path: string, options: readonly number[], guard?: Value<boolean>): number => pool.addDecision({ path, domain: options, labels: options.map(String), ...(guard ? { guard } : {}) });
  const width = numbers("width", [16, 24, 32]);
  const depth = numbers("depth", Array.from({ length: rounds }, (_, at) => at + 1));
  const mix = Array.from({ length: rounds }, (_, at) => {
    const active = pool.map(pool.read(depth), (value) => (value as number) > at);
    const id = pool.addDecision({
      path: `mix[${at + 1}]`, domain: ["conv", "shift", "skip"], labels: ["conv", "shift", "skip"], guard: active,
      allowed: [constantValue(true), constantValue(true), constantValue(at > 0)], span: { file, start: 10 * at, end: 10 * at + 3 },
    });
    numbers(`mix[${at + 1}].kernel`, [3, 5], pool.and(active, pool.map(pool.read(id), (value) => value === "conv")));
    return id;
  });
  pool.addDecision({ path: "run", domain: [false, true], labels: ["false", "true"], binding: "adapt" });
  const constraints = constrain?.(pool, { width, depth, mix }) ?? [];
  const shape = pool.map(pool.read(width), (value): readonly number[] => [8, 8, value as number]);
  const always = constantValue(true);
  return {
    name: "Layers", variables: [...pool.variables], inputs: [0], outputs: [{ name: "classes", node: 1 }], constraints, sharing: "slice",
    nodes: [
      { kind: "input", id: 0, name: "image", element: "f32", shape: constantValue<readonly number[]>([8, 8, 1]), guard: always, path: "image" },
      { kind: "operator", id: 1, operator: "conv", inputs: [0], attributes: { filters: pool.read(width) }, weightKey: "conv", shape, guard: always, path: "conv" },
    ],
  };
}

/** How many networks `layeredSpace` has without constraints: per round conv with 2 kernels, shift, and skip after the first. */
export const layeredCount = (rounds: number): number => 3 * Array.from({ length: rounds }, (_, at) => 3 * 4 ** at).reduce((sum, count) => sum + count, 0);

export const decisionsOfSpace = (space: Space): Decision[] => space.variables.filter((variable) => variable.kind === "decision");
