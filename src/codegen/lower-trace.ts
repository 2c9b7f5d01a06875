/**
 * Translates a trace into standard TensorFlow operations, node by node. Whatever is fixed by the weights arrives as a folded constant.
 */
import type { FixedTensor } from "./fold-constants.js";
import { flag, type AttributeJson, type GraphBuilder } from "./graph-def.js";
import { adder, averagePool, concat, convolution, depthwise, maxPool, pad, reduce, reshape, slice, subsample, type Image } from "./lower-windows.js";
import type { BinaryName, Trace, TraceNode, UnaryName } from "./trace.js";

const SQRT_HALF = Math.SQRT1_2;

const simpleUnaries: Partial<Record<UnaryName, string>> = {
  negate: "Neg", abs: "Abs", square: "Square", exp: "Exp", log: "Log", sqrt: "Sqrt", reciprocalSqrt: "Rsqrt", floor: "Floor", sign: "Sign", round: "Round",
  relu: "Relu", relu6: "Relu6", sigmoid: "Sigmoid", tanh: "Tanh", elu: "Elu", softmax: "Softmax", zerosLike: "ZerosLike",
};

const simpleBinaries: Record<Exclude<BinaryName, "greater">, string> = { add: "AddV2", subtract: "Sub", multiply: "Mul", divide: "RealDiv", maximum: "Maximum", minimum: "Minimum" };

const reductions = { sum: "Sum", mean: "Mean", max: "Max" } as const;

class Lowering {
  private readonly images: Image[] = [];
  private readonly tokenInputs = new Set<number>();

  constructor(private readonly trace: Trace, private readonly fixed: readonly (FixedTensor | undefined)[], readonly graph: GraphBuilder) {}

  /** The names of the graph's nodes for each node of the trace; fixed ones that nobody reads are left out. */
  run(): readonly Image[] {
    const read = new Set(this.trace.nodes.flatMap((node) => (this.fixed[node.id] === undefined ? node.inputs : [])).concat(this.trace.outputs.map(({ node }) => node)));
    for (const node of this.trace.nodes) {
      const constant = this.fixed[node.id];
      if (constant !== undefined) this.images.push({ name: read.has(node.id) ? this.constant(node, constant) : "", shape: node.shape });
      else this.images.push({ name: this.lower(node, this.wish(node)), shape: node.shape });
    }
    return this.images;
  }

  private wish(node: TraceNode): string {
    const { operation, owner } = node;
    const path = this.trace.owners[owner]?.path ?? "shared";
    return operation.kind === "unary" || operation.kind === "binary" || operation.kind === "reduce" ? `${path}/${operation.name}` : `${path}/${operation.kind}`;
  }

  private constant(node: TraceNode, { shape, values }: FixedTensor): string {
    if (node.operation.kind === "constant" && shape.length === 0) return this.graph.float(values[0]!);
    return this.graph.constant(node.operation.kind === "weight" ? node.operation.key : this.wish(node), shape, values);
  }

  private unary(name: UnaryName, wish: string, x: string): string {
    const { graph } = this;
    const simple = simpleUnaries[name];
    if (simple !== undefined) return graph.add(simple, wish, [x]);
    if (name === "powerOfTwo") return graph.add("Exp", wish, [graph.add("Mul", `${wish}/scaled`, [graph.add("Round", `${wish}/exponent`, [x]), graph.float(Math.LN2)])]);
    // 0.5 x (1 + erf(x / sqrt 2)).
    const erf = graph.add("Erf", `${wish}/erf`, [graph.add("Mul", `${wish}/scaled`, [x, graph.float(SQRT_HALF)])]);
    const half = graph.add("Mul", `${wish}/half`, [x, graph.float(0.5)]);
    return graph.add("Mul", wish, [half, graph.add("AddV2", `${wish}/shifted`, [erf, graph.float(1)])]);
  }

  private binary(name: BinaryName, wish: string, inputs: readonly string[]): string {
    if (name !== "greater") return this.graph.add(simpleBinaries[name], wish, inputs);
    return this.graph.raw("Cast", wish, [this.graph.add("Greater", `${wish}/is`, inputs)], { DstT: { type: "DT_FLOAT" } });
  }

  private roundToPowerOfTwo(wish: string, x: string, low: number, high: number): string {
    const { graph } = this;
    const magnitude = this.clip(`${wish}/magnitude`, graph.add("Abs", `${wish}/abs`, [x]), 2 ** low, 2 ** high);
    const exponent = graph.add("Mul", `${wish}/exponent`, [graph.add("Log", `${wish}/log`, [magnitude]), graph.float(1 / Math.LN2)]);
    return graph.add("Mul", wish, [graph.add("Sign", `${wish}/sign`, [x]), this.unary("powerOfTwo", `${wish}/power`, exponent)]);
  }

  private clip(wish: string, x: string, low: number, high: number): string {
    return this.graph.add("ClipByValue", wish, [x, this.graph.float(low), this.graph.float(high)]);
  }

  private layerNorm(wish: string, x: Image, scale: string, offset: string, epsilon: number): string {
    const { graph } = this;
    const last = [x.shape.length - 1];
    const centred = graph.add("Sub", `${wish}/centred`, [x.name, reduce(graph, "Mean", `${wish}/mean`, x.name, last, true)]);
    const variance = reduce(graph, "Mean", `${wish}/variance`, graph.add("Square", `${wish}/square`, [centred]), last, true);
    const inverse = graph.add("Rsqrt", `${wish}/inverse`, [graph.add("AddV2", `${wish}/stable`, [variance, graph.float(epsilon)])]);
    const scaled = graph.add("Mul", `${wish}/scaled`, [graph.add("Mul", `${wish}/normal`, [centred, inverse]), scale]);
    return graph.add("AddV2", wish, [scaled, offset]);
  }

  /** As one multiplication and one addition, their factors folded. */
  private batchNorm(wish: string, node: TraceNode, epsilon: number): string {
    const [x, ...statistics] = node.inputs;
    const [mean, variance, scale, offset] = statistics.map((id) => this.fixed[id]);
    const { graph } = this;
    if (mean === undefined || variance === undefined || scale === undefined || offset === undefined) throw new Error(`\`${wish}\`: running statistics that depend on the input`);
    const factor = scale.values.map((value, i) => value / Math.sqrt(variance.values[i]! + epsilon));
    const shift = offset.values.map((value, i) => value - mean.values[i]! * factor[i]!);
    const scaled = graph.add("Mul", `${wish}/scaled`, [this.images[x!]!.name, graph.constant(`${wish}/factor`, scale.shape, factor)]);
    return graph.add("AddV2", wish, [scaled, graph.constant(`${wish}/shift`, offset.shape, shift)]);
  }

  private lower(node: TraceNode, wish: string): string {
    const { graph } = this;
    const inputs = node.inputs.map((input) => this.images[input]!);
    const names = inputs.map(({ name }) => name);
    const [x, filter] = inputs as [Image, Image];
    const { operation } = node;
    switch (operation.kind) {
      case "input":
        if (operation.element === "tokens") this.tokenInputs.add(node.id);
        return graph.placeholder(operation.name, node.shape, operation.element === "tokens" ? "DT_INT32" : "DT_FLOAT");
      case "weight": case "constant": throw new Error(`\`${wish}\` should have been folded`);
      case "unary": return this.unary(operation.name, wish, x.name);
      case "binary": return this.binary(operation.name, wish, names);
      case "clip": return this.clip(wish, x.name, operation.low, operation.high);
      case "roundToPowerOfTwo": return this.roundToPowerOfTwo(wish, x.name, operation.lowExponent, operation.highExponent);
      // Of weights alone, which are always folded.
      case "keepLargest": throw new Error(`\`${wish}\` depends on the input`);
      case "matMul": return graph.add("BatchMatMulV2", wish, names, { adj_x: flag(operation.transposeA), adj_y: flag(operation.transposeB) });
      case "conv2d": return convolution(graph, wish, x, filter, operation.window, operation.groups);
      case "depthwiseConv2d": return depthwise(graph, wish, x, filter, operation.window);
      case "adder": return adder(graph, wish, x, filter, operation.window);
      case "maxPool": return maxPool(graph, wish, x, operation.window);
      case "averagePool": return averagePool(graph, wish, x, operation.window);
      case "upsampleNearest": return graph.add("ResizeNearestNeighbor", wish, [x.name, graph.integers([node.shape[1]!, node.shape[2]!])], { align_corners: flag(false), half_pixel_centers: flag(false) });
      case "reduce": return reduce(graph, reductions[operation.name], wish, x.name, operation.axes, operation.keepDimensions);
      case "layerNorm": return this.layerNorm(wish, x, names[1]!, names[2]!, operation.epsilon);
      case "batchNorm": return this.batchNorm(wish, node, operation.epsilon);
      case "reshape": return reshape(graph, wish, x.name, operation.shape);
      case "transpose": return graph.add("Transpose", wish, [x.name, graph.integers(operation.permutation)], { Tperm: { type: "DT_INT32" } });
      case "concat": return concat(graph, wish, names, operation.axis);
      case "slice": return slice(graph, wish, x.name, operation.begin, operation.size);
      case "pad": return pad(graph, wish, x.name, operation.paddings);
      case "subsample": return subsample(graph, wish, x, operation.steps);
      case "gather": return this.gather(wish, node);
      case "cumulativeSum": return graph.add("Cumsum", wish, [x.name, graph.integer(operation.axis)], { exclusive: flag(false), reverse: flag(false), Tidx: { type: "DT_INT32" } });
    }
  }

  private gather(wish: string, node: TraceNode): string {
    const { graph } = this;
    const [table, indices] = node.inputs.map((input) => this.images[input]!.name) as [string, string];
    const whole = this.tokenInputs.has(node.inputs[1]!) ? indices : graph.raw("Cast", `${wish}/indices`, [indices], { SrcT: { type: "DT_FLOAT" }, DstT: { type: "DT_INT32" } });
    const types: Record<string, AttributeJson> = { Tparams: { type: "DT_FLOAT" }, Tindices: { type: "DT_INT32" }, Taxis: { type: "DT_INT32" } };
    return graph.raw("GatherV2", wish, [table, whole, graph.integer(0)], types);
  }
}

/** Adds the trace to the graph; the result names the graph's node for each node of the trace. */
export function lowerTrace(trace: Trace, fixed: readonly (FixedTensor | undefined)[], graph: GraphBuilder): readonly Image[] {
  return new Lowering(trace, fixed, graph).run();
}
