/**
 * Spaces with a condition on a whole chain, whose sizes are published. ShiftAddNAS (You et al. 2022): 16 layers on four resolutions whose
 * layer counts are one of 19 patterns, 198,955,008 networks. TREFE/AutoSTR (Zhang et al. 2020): 15 or 20 layers whose strides take
 * 32 x 100 to 1 x 25, 15!/(10! 3! 2!) = 30,030 and 20!/(15! 3! 2!) = 155,040 paths.
 */
import { describe, expect, it } from "vitest";
import type { Constraint, Space, Value } from "../../../src/ir/space.js";
import { spaceQueries } from "../../../src/ir/space-queries.js";
import { constantValue } from "../../../src/ir/values.js";
import { VariablePool } from "../../../src/ir/variable-pool.js";
import { randomStream } from "../../../src/random/stream.js";

const always = constantValue(true);

function spaceOver(name: string, pool: VariablePool, constraints: readonly Constraint[]): Space {
  const input = { kind: "input" as const, id: 0, name: "x", element: "f32" as const, shape: constantValue<readonly number[]>([1]), guard: always, path: "x" };
  return { name, variables: [...pool.variables], nodes: [input], inputs: [0], outputs: [{ name: "y", node: 0 }], constraints, sharing: "slice" };
}

const numbers = (pool: VariablePool, path: string, options: readonly number[], guard: Value<boolean>, allowed?: readonly Value<boolean>[]): Value<number> =>
  pool.read(pool.addDecision({ path, domain: options, labels: options.map(String), guard, ...(allowed ? { allowed } : {}) })) as Value<number>;

/** Layers at 56, 28, 14 and 7 pixels. */
const PATTERNS = `1-1-5-9 1-1-6-8 1-2-4-9 1-2-5-8 1-3-3-9 1-3-4-8 1-4-4-7 1-4-5-6 1-5-5-5 2-2-3-9 2-2-4-8 2-3-3-8 2-3-4-7 2-4-4-6 2-4-5-5
3-3-3-7 3-3-4-6 3-4-4-5 4-4-4-4`.split(/\s/);

function resolutions(): Space {
  const pool = new VariablePool();
  let level: Value<number> = pool.constant(3);
  const counts = [3, 2, 1, 0].map((): Value<number> => pool.constant(0));
  for (let layer = 1; layer <= 16; layer++) {
    const down = layer === 1 ? numbers(pool, "down[1]", [0, 1, 2, 3], always) : numbers(pool, `down[${layer}]`, [0, 1], pool.map(level, (at) => at > 0));
    level = pool.materialise(pool.combine([level, down], (at, by) => at - by), `level[${layer}]`);
    const [low, high] = [pool.map(level, (at) => at <= 1), pool.map(level, (at) => at > 0)];
    pool.addDecision({ path: `kind[${layer}]`, domain: ["attention", "conv", "shift", "add"], labels: ["attention", "conv", "shift", "add"], allowed: [low, always, high, high] });
    [3, 2, 1, 0].forEach((wanted, at) => { counts[at] = pool.materialise(pool.combine([counts[at]!, level], (count, is) => count + (is === wanted ? 1 : 0)), `count${wanted}[${layer}]`); });
  }
  const condition = pool.combine(counts, (...found) => PATTERNS.includes(found.join("-")));
  return spaceOver("Resolutions", pool, [{ condition, text: "counts in PATTERNS" }]);
}

function strides(layers: number): Space {
  const pool = new VariablePool();
  let height: Value<number> = pool.constant(32);
  let width: Value<number> = pool.constant(100);
  for (let layer = 1; layer <= layers; layer++) {
    const stride = numbers(pool, `stride[${layer}]`, [0, 1, 2], always);
    height = pool.materialise(pool.combine([height, stride], (is, by) => Math.ceil(is / (by > 0 ? 2 : 1))), `height[${layer}]`);
    width = pool.materialise(pool.combine([width, stride], (is, by) => Math.ceil(is / (by > 1 ? 2 : 1))), `width[${layer}]`);
  }
  // Halving a height of 1 again would also end at 1: exactly five layers may halve it.
  const halvings = pool.fold(pool.variables.flatMap((variable) => (variable.kind === "decision" ? [pool.read(variable.id) as Value<number>] : [])), 0, (count: number, by): number => Math.min(6, count + (by > 0 ? 1 : 0)), "halvings");
  return spaceOver("Strides", pool, [
    { condition: pool.combine([height, width], (h, w) => h === 1 && w === 25), text: "height == 1 and width == 25" },
    { condition: pool.map(halvings, (count) => count === 5), text: "halvings == 5" },
  ]);
}

describe("published sizes", () => {
  it("of ShiftAddNAS: 198,955,008", () => {
    const queries = spaceQueries(resolutions());
    expect(queries.count()).toBe(198_955_008n);
        const random = randomStream(1, "patterns");
    // Random paths hardly ever end in a pattern; the exact ways do.
    const draws = Array.from({ length: 20 }, () => [queries.samplePath(random), queries.sampleUniform(random)]).flat();
    expect(draws.every((draw) => queries.isMember(draw))).toBe(true);
    expect(new Set(draws.map(String)).size).toBeGreaterThan(30);
  });

  it.each([[15, 30_030n], [20, 155_040n]])("of text recognition with %i layers: %i", (layers, count) => {
    const queries = spaceQueries(strides(layers));
    expect(queries.count()).toBe(count);
    expect(queries.isMember(queries.sampleUniform(randomStream(2, "strides")))).toBe(true);
  });
});
