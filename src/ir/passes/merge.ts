/** Everything that makes a trained network smaller without changing what it gives: what `nasc export --merge` does. */
import { foldBatchNorm } from "./fold-batch-norm.js";
import { mergeBranches } from "./merge-branches.js";
import { mergeChains } from "./merge-chains.js";
import type { WeightedNet } from "./weighted-net.js";

/** Branches first, for a chain may run through their sum; then again, for chains may have become branches. */
export function mergeNet(weighted: WeightedNet): WeightedNet {
  return foldBatchNorm(mergeBranches(mergeChains(mergeBranches(weighted))));
}
