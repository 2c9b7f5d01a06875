/**
 * The vocabulary: every operator under its name. Adding one is its file and one line here; checking, costing, training, export,
 * completion and the contract tests follow from its value.
 */
import { attention } from "./attention.js";
import { averagePool } from "./average-pool.js";
import { batchNorm } from "./batch-norm.js";
import { conv } from "./conv.js";
import { dense } from "./dense.js";
import { dropPath } from "./drop-path.js";
import { dropout } from "./dropout.js";
import { globalPool } from "./global-pool.js";
import { guarded } from "./guard.js";
import { identity } from "./identity.js";
import { maxPool } from "./max-pool.js";
import type { Operator } from "./operator.js";
import { relu } from "./relu.js";
import { zero } from "./zero.js";

const vocabulary: readonly Operator[] = [
  attention,
  averagePool,
  batchNorm,
  conv,
  dense,
  dropout,
  dropPath,
  globalPool,
  identity,
  maxPool,
  relu,
  zero,
];

export const operators: ReadonlyMap<string, Operator> = new Map(vocabulary.map((operator) => [operator.name, guarded(operator)]));
