/**
 * Where weights start. He: Kaiming He et al., "Delving Deep into Rectifiers" (ICCV 2015), eq. 10: N(0, 2 / fan-in), for layers
 * that rectifiers follow. Glorot: Glorot and Bengio (AISTATS 2010), eq. 16: U(-a, a) with a = sqrt(6 / (fan-in + fan-out)).
 */
import { numberOf } from "./attributes.js";
import type { Attributes, Initializer, Parameter, Shape, WeightSpecification } from "./operator.js";

export const heNormal = (fanIn: number): Initializer => ({ kind: "normal", deviation: Math.sqrt(2 / fanIn) });

export function glorotUniform(fanIn: number, fanOut: number): Initializer {
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  return { kind: "uniform", low: -limit, high: limit };
}

export const constant = (value: number): Initializer => ({ kind: "constant", value });

/** A filter [kernel rows, kernel columns, input channels per group, filters]: smaller kernels are centred, fewer channels lead. */
export function filterWeight(shape: Shape, initializer: Initializer, name = "filter"): WeightSpecification {
  return { name, shape, initializer, axes: ["centre", "centre", "leading", "leading"], role: "parameter", decay: true };
}

/** One number per channel, without weight decay (scales, offsets, biases). */
export function channelWeight(name: string, channels: number, value: number, role: WeightSpecification["role"] = "parameter"): WeightSpecification {
  return { name, shape: [channels], initializer: constant(value), axes: ["leading"], role, decay: false };
}

/** How far learned tables (positions, tokens) are spread at first; 0.02 as in ViT's successors (DeiT, ICML 2021). */
export const deviationParameter: Parameter = { name: "deviation", summary: "Standard deviation of the initial values (truncated normal).", type: { kind: "number", minimum: 0 }, defaultValue: 0.02 };

/** A learned table or vector of which smaller candidates use the leading part. */
export function tableWeight(name: string, shape: Shape, attributes: Attributes): WeightSpecification {
  return { name, shape, initializer: { kind: "truncated_normal", deviation: numberOf(attributes, "deviation") }, axes: shape.map((_, axis) => (axis < shape.length - 1 ? "first" : "leading")), role: "parameter", decay: false };
}
