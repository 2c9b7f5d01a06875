/**
 * The vocabulary: every operator under its name. Adding one is its file and one line here; checking, costing, training, export,
 * completion and the contract tests follow from its value.
 */
import { batchNorm } from "./batch-norm.js";
import { conv } from "./conv.js";
import { dense } from "./dense.js";
import { globalPool } from "./global-pool.js";
import { guarded } from "./guard.js";
import { identity } from "./identity.js";
import type { Operator } from "./operator.js";
import { relu } from "./relu.js";
import { zero } from "./zero.js";

const vocabulary: readonly Operator[] = [
  batchNorm,
  conv,
  dense,
  globalPool,
  identity,
  relu,
  zero,
];

export const operators: ReadonlyMap<string, Operator> = new Map(vocabulary.map((operator) => [operator.name, guarded(operator)]));
