/**
 * Traces a network: every operator's own `forward`, in inference, over placeholders for its weights. Weights are named as in a
 * weights file (`weightKey/name`, with the suffix of the sharing strategy); a node that uses a part of one slices it.
 */
import type { Net, NetOperator } from "../ir/net.js";
import type { SharingStrategy } from "../ir/space.js";
import type { Shape } from "../ops/operator.js";
import { netRequests, operatorNamed, type Requests } from "../runtime/allocation.js";
import { isWhole, sharingStrategy } from "../runtime/sharing.js";
import { TracingLibrary, type TracedTensor } from "./tracing-library.js";
import type { Trace, TraceNode } from "./trace.js";

export interface TraceOptions {
  /** How the weights file names its tensors; that of the space. */
  readonly sharing?: SharingStrategy;
}

class NetTracer {
  readonly library = new TracingLibrary();
  readonly weights = new Map<string, TracedTensor>();
  private readonly strategy;
  private readonly requests: Requests;

  constructor(private readonly net: Net, sharing: SharingStrategy) {
    this.strategy = sharingStrategy(sharing);
    this.requests = netRequests(net);
  }

  private weight(key: string, shape: Shape): TracedTensor {
    let known = this.weights.get(key);
    if (known === undefined) this.weights.set(key, (known = this.library.record({ kind: "weight", key }, [], shape)));
    return known;
  }

  private weightsOf(node: NetOperator, inputShapes: readonly Shape[]): Record<string, TracedTensor> {
    const bound: Record<string, TracedTensor> = {};
    for (const specification of operatorNamed(node.operator).weights(inputShapes, node.attributes)) {
      const name = `${node.weightKey}/${specification.name}`;
      const allocated = this.strategy.allocate(this.requests.get(name)!.map(({ shape }) => shape));
      const { suffix, region } = this.strategy.locate(specification, allocated);
      const whole = allocated.get(suffix)!;
      const tensor = this.weight(name + suffix, whole);
      bound[specification.name] = isWhole(region, whole) ? tensor : this.library.slice(tensor, region.begin, region.size);
    }
    return bound;
  }

  operator(node: NetOperator, values: readonly TracedTensor[]): TracedTensor {
    const inputShapes = node.inputs.map((input) => this.net.nodes[input]!.shape);
    this.library.owner = node.id;
    const unavailable = (): never => { throw new Error(`\`${node.path}\` asks for training in a trace of inference`); };
    const result = operatorNamed(node.operator).forward<TracedTensor>({
      library: this.library, inputs: node.inputs.map((input) => values[input]!), inputShapes, outputShape: node.shape, attributes: node.attributes,
      weights: this.weightsOf(node, inputShapes), training: false, uniform: unavailable, observe: unavailable,
    });
    if (result.shape.slice(1).join() !== node.shape.join()) throw new Error(`\`${node.path}\` computes ${result.shape.slice(1).join("x")}, its shape rule says ${node.shape.join("x")}`);
    return result;
  }
}

/** The nodes that some output needs, renumbered. */
function withoutDead(nodes: readonly TraceNode[], roots: readonly number[]): { readonly nodes: TraceNode[]; readonly renumbered: ReadonlyMap<number, number> } {
  const needed = new Set(roots);
  for (const node of [...nodes].reverse()) if (needed.has(node.id)) node.inputs.forEach((input) => needed.add(input));
  const renumbered = new Map<number, number>();
  const kept: TraceNode[] = [];
  for (const node of nodes) {
    if (!needed.has(node.id)) continue;
    renumbered.set(node.id, kept.length);
    kept.push({ ...node, id: kept.length, inputs: node.inputs.map((input) => renumbered.get(input)!) });
  }
  return { nodes: kept, renumbered };
}

/** The inference of `net` as primitive operations. */
export function traceNet(net: Net, options: TraceOptions = {}): Trace {
  const tracer = new NetTracer(net, options.sharing ?? "slice");
  const values: TracedTensor[] = [];
  for (const node of net.nodes) {
    if (node.kind === "input") {
      tracer.library.owner = node.id;
      values.push(tracer.library.record({ kind: "input", name: node.name, element: node.element }, [], [-1, ...node.shape]));
    } else {
      values.push(tracer.operator(node, values));
    }
  }
  const inputs = net.nodes.flatMap((node) => (node.kind === "input" ? [{ name: node.name, node: values[node.id]!.id }] : []));
  const { nodes, renumbered } = withoutDead(tracer.library.nodes, [...inputs.map(({ node }) => node), ...net.outputs.map(({ node }) => values[node]!.id)]);
  return {
    name: net.name, nodes,
    inputs: inputs.map(({ name, node }) => ({ name, node: renumbered.get(node)! })),
    outputs: net.outputs.map(({ name, node }) => ({ name, node: renumbered.get(values[node]!.id)! })),
    weights: new Map(nodes.flatMap((node) => (node.operation.kind === "weight" ? [[node.operation.key, node.shape] as const] : []))),
    owners: net.nodes.map((node) => ({ path: node.path, operator: node.kind === "input" ? "input" : node.operator })),
  };
}
