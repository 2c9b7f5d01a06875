/**
 * A whole network in float64, node by node, on the reference library: for structural checks that need no training. Weights are drawn
 * from named streams unless a test says what they are; statistics and scales keep their initial values.
 */
import type { Net, NetOperator } from "../../src/ir/net.js";
import type { WeightSpecification } from "../../src/ops/operator.js";
import { initialValues } from "../../src/runtime/weight-store.js";
import { evaluate, weightsOf, type Values } from "../ops/evaluate.js";

/** The values of a weight where a test wants others than the initial ones. */
export type WeightRule = (node: NetOperator, weight: WeightSpecification) => ArrayLike<number> | undefined;

/** The value of every node for a batch; `inputs` by name, and by number for nodes whose value is given instead of computed. */
export function forward(net: Net, inputs: Readonly<Record<string | number, Values>>, rule: WeightRule = () => undefined): readonly Values[] {
  const values: Values[] = [];
  for (const node of net.nodes) {
    const given = inputs[node.id] ?? (node.kind === "input" ? inputs[node.name] : undefined);
    if (given !== undefined) { values.push(given); continue; }
    if (node.kind === "input") throw new Error(`no values for ${node.name}`);
    const weights = weightsOf(node.operator, node.inputs.map((input) => net.nodes[input]!.shape), node.attributes).map((specification) => {
      const key = `${node.weightKey}/${specification.name}`;
      return [specification.name, { shape: specification.shape, values: Array.from(rule(node, specification) ?? initialValues(specification.initializer, specification.shape, 1, key)) }] as const;
    });
    values.push(evaluate(node.operator, node.inputs.map((input) => values[input]!), node.attributes, Object.fromEntries(weights)));
  }
  return values;
}

/** The operators of a network by name, in order. */
export function nodesOf(net: Net, operator: string): readonly NetOperator[] {
  return net.nodes.filter((node): node is NetOperator => node.kind === "operator" && node.operator === operator);
}
