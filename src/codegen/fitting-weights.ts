/** Whether a weights file can be exported with a network. */
import { diagnostic, type Diagnostic } from "../diagnostics/model.js";
import type { NetWeights } from "../runtime/extract.js";
import type { Trace } from "./trace.js";

/** What is wrong between a network and the weights it is to be exported with (NAS8001, NAS8002). */
export function weightProblems(trace: Trace, weights: NetWeights): readonly Diagnostic[] {
  const problems: Diagnostic[] = [];
  for (const [key, shape] of trace.weights) {
    const found = weights.tensors.get(key);
    if (found === undefined || found.shape.join() !== shape.join()) {
      problems.push(diagnostic("NAS8001", {
        title: `the weights do not fit \`${trace.name}\``,
        why: found === undefined ? `they have no tensor \`${key}\` (${shape.join("x")})` : `\`${key}\` is ${found.shape.join("x")}; the network needs ${shape.join("x")}`,
        help: "give the network and the weights file of one architecture; a result folder keeps them side by side under `networks/`",
      }));
      break;
    }
    if (!found.values.every(Number.isFinite)) {
      problems.push(diagnostic("NAS8002", { title: `the weights of \`${trace.name}\` are not all finite`, why: `\`${key}\` holds a value that is not a number`, help: "training diverged: lower the rate, or clip gradients, and train again" }));
      break;
    }
  }
  return problems;
}
