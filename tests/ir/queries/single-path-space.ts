/**
 * The space of single-path one-shot search (Guo et al. 2020) as variables and tables: 20 ShuffleNet units of four kinds (kernels 3, 5, 7
 * and a chain of three depthwise layers), 4^20 networks, with the multiply-accumulates and weights of each unit at 224 x 224.
 */
import type { CostTerm } from "../../../src/ir/space-queries.js";
import type { Space } from "../../../src/ir/space.js";
import { constantValue } from "../../../src/ir/values.js";
import { VariablePool } from "../../../src/ir/variable-pool.js";

const STAGES = [[4, 64], [4, 160], [8, 320], [4, 640]] as const;

export interface SinglePath { readonly space: Space; readonly macs: readonly CostTerm[]; readonly weights: readonly CostTerm[] }

/** Points and weights of one unit. */
function unit(kind: number, entering: number, leaving: number, size: number, stride: number): readonly [number, number] {
  const input = stride === 2 ? entering : leaving / 2;
  const output = leaving - input;
  const middle = leaving / 2;
  const [before, after] = [(size * stride) ** 2, size ** 2];
  const layers: [number, number][] = [];
  if (kind < 3) {
    const kernel = (3 + 2 * kind) ** 2;
    layers.push([input * middle, before], [kernel * middle, after], [middle * output, after]);
    if (stride === 2) layers.push([kernel * input, after], [input * input, after]);
  } else {
    layers.push([9 * input, after], [input * middle, after], [9 * middle, after], [middle * middle, after], [9 * middle, after], [middle * output, after]);
    if (stride === 2) layers.push([9 * input, after], [input * input, after]);
  }
  return [layers.reduce((sum, [weights, points]) => sum + weights * points, 0), layers.reduce((sum, [weights]) => sum + weights, 0)];
}

export function singlePathSpace(): SinglePath {
  const pool = new VariablePool();
  const macs: CostTerm[] = [{ scope: [], cells: [3 * 16 * 9 * 112 ** 2 + 640 * 1024 * 49 + 1024 * 1000] }];
  const weights: CostTerm[] = [{ scope: [], cells: [3 * 16 * 9 + 640 * 1024 + 1024 * 1000] }];
  let entering = 16;
  let size = 112;
  for (const [repeats, leaving] of STAGES) {
    for (let round = 0; round < repeats; round++) {
      const stride = round === 0 ? 2 : 1;
      size /= stride;
      const id = pool.addDecision({ path: `unit[${macs.length}]`, domain: [0, 1, 2, 3], labels: ["3", "5", "7", "x"] });
      const costs = [0, 1, 2, 3].map((kind) => unit(kind, entering, leaving, size, stride));
      macs.push({ scope: [id], cells: costs.map(([points]) => points) });
      weights.push({ scope: [id], cells: costs.map(([, count]) => count) });
      entering = leaving;
    }
  }
  const always = constantValue(true);
  const shape = constantValue<readonly number[]>([1]);
  const space: Space = { name: "SinglePath", variables: [...pool.variables], nodes: [{ kind: "input", id: 0, name: "x", element: "f32", shape, guard: always, path: "x" }], inputs: [0], outputs: [{ name: "y", node: 0 }], constraints: [], sharing: "slice" };
  return { space, macs, weights };
}
