/**
 * Parameter updates on TensorFlow, whose tensors never change: new values are computed and take the old ones' place under the same
 * tensor. Other tensors that were made of the old values keep them.
 */
import { power } from "../../random/power.js";
import type { TensorFlow } from "../autograd.js";
import type { EngineTensor } from "../engine.js";
import type { Primitives } from "../primitives.js";
import type { NodeBackend, Operators } from "./backend.js";
import { arithmetic } from "./node-primitives.js";

type T = EngineTensor;

export function nodeUpdates(tf: TensorFlow, backend: NodeBackend, operators: Operators): Pick<Primitives, "updateSgd" | "updateAdam" | "writeRegion"> {
  const { run, integers, number, type, whole } = operators;
  const { add, subtract, multiply, apply } = arithmetic(operators);

  /** The old values go with the temporary tensor, at the end of the scope. */
  function replace(target: T, values: T): void {
    const [to, from] = [backend.tensorMap.get(target.dataId), backend.tensorMap.get(values.dataId)];
    [to.id, from.id] = [from.id, to.id];
    [to.values, from.values] = [from.values, to.values];
  }
  const times = (x: T, factor: number): T => multiply(x, number(factor));
  const quotient = (a: T, b: T): T => run("RealDiv", [type("T")], [a, b]);

  return {
    updateSgd(parameter, gradient, velocity, rate, momentum, decay) {
      tf.tidy(() => {
        const flow = decay === 0 ? gradient : add(gradient, times(parameter, decay));
        const speed = add(times(velocity, momentum), flow);
        replace(parameter, subtract(parameter, times(speed, rate)));
        replace(velocity, speed);
      });
    },
    updateAdam(parameter, gradient, first, second, { step, rate, beta1, beta2, epsilon, decay, decoupled }) {
      tf.tidy(() => {
        const flow = decoupled || decay === 0 ? gradient : add(gradient, times(parameter, decay));
        const m = add(times(first, beta1), times(flow, 1 - beta1));
        const v = add(times(second, beta2), times(apply("Square", flow), 1 - beta2));
        const change = quotient(times(m, rate / (1 - power(beta1, step))), add(apply("Sqrt", times(v, 1 / (1 - power(beta2, step)))), number(epsilon)));
        const decayed = decoupled && decay !== 0 ? times(parameter, 1 - rate * decay) : parameter;
        replace(parameter, subtract(decayed, change));
        replace(first, m);
        replace(second, v);
      });
    },
    writeRegion(target, source, begin) {
      const masks = ["begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask"].map((name) => whole(name, 0));
      const end = begin.map((first, axis) => first + source.shape[axis]!);
      tf.tidy(() => replace(target, run("TensorStridedSliceUpdate", [type("T"), type("Index", true), ...masks], [target, integers(begin), integers(end), integers(begin.map(() => 1)), source])));
    },
  };
}
