/**
 * Attention written with loops over single numbers, straight from the formulas: what the operator's kinds are tested against. Nothing
 * here is shared with `src/ops`.
 */
import type { Values } from "./evaluate.js";

/** Unnormalised weight of key j for query i (both from 0), given their vectors in one head. */
export type PairWeight = (query: readonly number[], key: readonly number[], i: number, j: number) => number;

export const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, index) => sum + value * b[index]!, 0);

export const softmaxWeight: PairWeight = (query, key) => Math.exp(dot(query, key) / Math.sqrt(query.length));

/** One sample's rows of a [n, ..., channels] tensor. */
export function rowsOf({ shape, values }: Values, sample = 0): number[][] {
  const channels = shape.at(-1)!;
  const count = shape.slice(1, -1).reduce((product, size) => product * size, 1);
  return Array.from({ length: count }, (_, row) => {
    const start = (sample * count + row) * channels;
    return Array.from(values.slice(start, start + channels));
  });
}

function affine(rows: readonly (readonly number[])[], weight: Values, bias: Values | undefined): number[][] {
  const outputs = weight.shape[1]!;
  return rows.map((row) => Array.from({ length: outputs }, (_, k) => dot(row, row.map((_value, c) => weight.values[c * outputs + k]!)) + (bias?.values[k] ?? 0)));
}

/**
 * Projects, mixes each head by `passes` one after the other (weights of a query divided by the larger of their sum and `floor`), joins
 * the heads and projects back.
 */
export function naiveAttention(x: readonly number[][], memory: readonly number[][], weights: Readonly<Record<string, Values>>, heads: number, passes: readonly PairWeight[], floor = 0): number[][] {
  const project = (rows: readonly number[][], name: string): number[][] => affine(rows, weights[name]!, weights[`${name}_bias`]);
  const [queries, keys, values] = [project(x, "query"), project(memory, "key"), project(memory, "value")];
  const part = (rows: readonly number[][], head: number): number[][] => rows.map((row) => row.slice((head * row.length) / heads, ((head + 1) * row.length) / heads));
  const perHead = Array.from({ length: heads }, (_, head) => {
    const [q, k] = [part(queries, head), part(keys, head)];
    return passes.reduce((mixed, weigh) => q.map((query, i) => {
      const row = k.map((key, j) => weigh(query, key, i, j));
      const total = Math.max(row.reduce((sum, weight) => sum + weight, 0), floor);
      return mixed[0]!.map((_, channel) => row.reduce((sum, weight, j) => sum + weight * mixed[j]![channel]!, 0) / total);
    }), part(values, head));
  });
  return project(x.map((_, i) => perHead.flatMap((head) => head[i]!)), "output");
}
