/** The training loss and the in-place parameter updates as plain loops; see `plain-primitives.ts`. */
import { power } from "../random/power.js";
import type { Heap } from "./heap.js";
import type { Primitives } from "./primitives.js";

export function plainUpdates(heap: Heap): Pick<Primitives, "crossEntropy" | "crossEntropyGradient" | "updateSgd" | "updateAdam"> {
  const { allocate, floats, integers } = heap;

  /** The log of the sum of exponentials of a row. */
  function logTotal(row: Float32Array): number {
    const top = row.reduce((best, value) => Math.max(best, value), -Infinity);
    return top + Math.log(row.reduce((sum, value) => sum + Math.exp(value - top), 0));
  }

  return {
    crossEntropy(logits, labels, smoothing) {
      const [rows, classes] = logits.shape as [number, number];
      const result = allocate([]);
      const [values, targets] = [floats(logits), integers(labels)];
      let total = 0;
      for (let r = 0; r < rows; r++) {
        const row = values.subarray(r * classes, (r + 1) * classes);
        const log = logTotal(row);
        row.forEach((value, c) => { total += ((c === targets[r] ? 1 - smoothing : 0) + smoothing / classes) * (log - value); });
      }
      floats(result)[0] = total / rows;
      return result;
    },
    crossEntropyGradient(logits, labels, smoothing, dy) {
      const [rows, classes] = logits.shape as [number, number];
      const result = allocate(logits.shape);
      const [values, targets, out] = [floats(logits), integers(labels), floats(result)];
      const scale = floats(dy)[0]! / rows;
      for (let r = 0; r < rows; r++) {
        const row = values.subarray(r * classes, (r + 1) * classes);
        const log = logTotal(row);
        row.forEach((value, c) => { out[r * classes + c] = scale * (Math.exp(value - log) - (c === targets[r] ? 1 - smoothing : 0) - smoothing / classes); });
      }
      return result;
    },
    updateSgd(parameter, gradient, velocity, rate, momentum, decay) {
      const [p, g, v] = [floats(parameter), floats(gradient), floats(velocity)];
      for (let i = 0; i < p.length; i++) {
        v[i] = momentum * v[i]! + g[i]! + decay * p[i]!;
        p[i]! -= rate * v[i]!;
      }
    },
    updateAdam(parameter, gradient, first, second, { step, rate, beta1, beta2, epsilon, decay, decoupled }) {
      const [p, g, m, v] = [floats(parameter), floats(gradient), floats(first), floats(second)];
      const [correction1, correction2] = [1 - power(beta1, step), 1 - power(beta2, step)];
      for (let i = 0; i < p.length; i++) {
        const flow = decoupled ? g[i]! : g[i]! + decay * p[i]!;
        m[i] = beta1 * m[i]! + (1 - beta1) * flow;
        v[i] = beta2 * v[i]! + (1 - beta2) * flow * flow;
        p[i] = p[i]! - (decoupled ? rate * decay * p[i]! : 0) - (rate * m[i]!) / correction1 / (Math.sqrt(v[i]! / correction2) + epsilon);
      }
    },
  };
}
