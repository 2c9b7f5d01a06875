/**
 * Writes a network as a readable TypeScript module that needs TensorFlow.js alone: one section per node of the network under its
 * path, variables named after the paths, expressions nested where a value is used once.
 */
import { failure, success, type Result } from "../diagnostics/model.js";
import type { Net } from "../ir/net.js";
import type { Shape } from "../ops/operator.js";
import type { NetWeights } from "../runtime/extract.js";
import { weightProblems } from "./fitting-weights.js";
import { expressionOf, type Expression } from "./typescript-expressions.js";
import { helpers, type HelperName } from "./typescript-helpers.js";
import { list, Names, property, propertyKey, variableName } from "./typescript-names.js";
import { traceNet, type TraceOptions } from "./trace-net.js";
import type { Trace, TraceNode } from "./trace.js";

/** What an emitted module imports (nasc itself does so in src/runtime alone). */
const TENSORFLOW = "@tensorflow/tfjs-core";

/** Longest expression that is written inside another one. */
const LONGEST_NESTED = 90;

/** The last function of every module. */
const LOADER = `/** Cuts the numbers of weights.bin (little-endian float32, the tensors in the order of \`weightShapes\`) into tensors. */
export function weightsFrom(values: Float32Array): Weights {
  const tensors: Record<string, tf.Tensor> = {};
  let at = 0;
  for (const [name, shape] of Object.entries<readonly number[]>(weightShapes)) {
    const size = shape.reduce((product, extent) => product * extent, 1);
    if (at + size > values.length) throw new Error(\`the weights end at number \${values.length}, before \${name}\`);
    tensors[name] = tf.tensor(values.slice(at, at + size), [...shape], "float32");
    at += size;
  }
  return tensors as Weights;
}`;

const shapeText = (shape: Shape): string => `[${shape.map((size) => (size === -1 ? "n" : size)).join(", ")}]`;

class ModuleWriter {
  private readonly names = new Names();
  private readonly expressions: Expression[] = [];
  private readonly used = new Set<HelperName>();
  private readonly uses: number[];
  private readonly body: string[] = [];
  private section = -1;

  constructor(private readonly trace: Trace) {
    this.uses = trace.nodes.map(() => 0);
    for (const node of trace.nodes) for (const input of node.inputs) this.uses[input]!++;
    // An output is named, whoever else reads it.
    for (const { node } of trace.outputs) this.uses[node]! += 2;
  }

  write(): string {
    for (const node of this.trace.nodes) this.expressions.push(this.node(node));
    return [this.header(), this.declarations(), ...(Object.keys(helpers) as HelperName[]).filter((name) => this.used.has(name)).map((name) => helpers[name]), this.functionText(), LOADER].join("\n\n") + "\n";
  }

  /** Opens the section of a node of the network. */
  private open(owner: number): void {
    if (owner === this.section || owner < 0) return;
    this.section = owner;
    const { path, operator } = this.trace.owners[owner]!;
    this.body.push("", `// ${path}${operator === "input" || path.split("/").at(-1) === operator ? "" : `: ${operator}`}`);
  }

  private isLastOf(node: TraceNode): boolean {
    return !this.trace.nodes.some((other) => other.id > node.id && other.owner === node.owner);
  }

  private node(node: TraceNode): Expression {
    const { operation } = node;
    if (operation.kind === "input") return this.input(node, operation.name);
    if (operation.kind === "weight") return { text: property("weights", operation.key), image: node.shape.length === 4 };
    const made = expressionOf(node, node.inputs.map((input) => this.expressions[input]!), this.trace, (helper) => this.used.add(helper));
    if (operation.kind === "constant" && (node.shape.length === 0 || (this.uses[node.id] === 1 && made.text.length <= LONGEST_NESTED))) return made;
    const last = this.isLastOf(node);
    const reader = this.trace.nodes.find((other) => other.inputs.includes(node.id));
    if (!last && this.uses[node.id] === 1 && reader?.owner === node.owner && made.text.length <= LONGEST_NESTED) return made;
    return { text: this.declare(node, made, last), image: made.image };
  }

  private input(node: TraceNode, name: string): Expression {
    const variable = this.names.take(variableName(name));
    this.body.push(...(this.body.length === 0 ? [] : [""]), `// input ${name}: ${shapeText(node.shape)}`, `const ${variable} = ${property("inputs", name)};`);
    this.section = node.owner;
    return { text: variable, image: node.shape.length === 4 };
  }

  private declare(node: TraceNode, made: Expression, last: boolean): string {
    this.open(node.owner);
    const { operation } = node;
    const kind = operation.kind === "unary" || operation.kind === "binary" || operation.kind === "reduce" ? operation.name : operation.kind;
    const path = this.trace.owners[node.owner]?.path ?? "";
    const variable = this.names.take(variableName(last ? path : `${path}/${kind}`));
    this.body.push(`const ${variable} = ${made.text};${last ? ` // ${shapeText(node.shape)}` : ""}`);
    return variable;
  }

  private header(): string {
    const tensors = (ends: Trace["inputs"]): string => ends.map(({ name, node }) => `${name} ${shapeText(this.trace.nodes[node]!.shape)}`).join(", ");
    return [
      "/**",
      ` * Network \`${this.trace.name.replace(/\*\//g, "* /")}\`, written by nasc: ${tensors(this.trace.inputs)} -> ${tensors(this.trace.outputs)}.`,
      " * It needs TensorFlow.js alone. Weights are read by the names they have in the weights file; images are [n, height, width, channels].",
      " */",
      `import * as tf from "${TENSORFLOW}";`,
    ].join("\n");
  }

  private declarations(): string {
    const type = (node: number): string => `tf.Tensor${this.trace.nodes[node]!.shape.length}D`;
    const fields = (ends: Trace["inputs"], whole: (node: number) => string): string => ends.map(({ name, node }) => `readonly ${propertyKey(name)}: ${whole(node)}`).join("; ");
    return [
      "/** Every tensor that the network reads, with its shape. */",
      "export const weightShapes = {",
      ...[...this.trace.weights].map(([key, shape]) => `  ${propertyKey(key)}: ${list(shape)},`),
      "} as const;",
      "",
      "type TensorOfRank<Rank> = Rank extends 1 ? tf.Tensor1D : Rank extends 2 ? tf.Tensor2D : Rank extends 3 ? tf.Tensor3D : Rank extends 4 ? tf.Tensor4D : tf.Tensor;",
      "",
      'export type Weights = { readonly [Name in keyof typeof weightShapes]: TensorOfRank<(typeof weightShapes)[Name]["length"]> };',
      `export interface Inputs { ${fields(this.trace.inputs, type)} }`,
      `export interface Outputs { ${fields(this.trace.outputs, () => "tf.Tensor")} }`,
    ].join("\n");
  }

  private functionText(): string {
    const results = this.trace.outputs.map(({ name, node }) => {
      const variable = this.expressions[node]!.text;
      return propertyKey(name) === variable ? variable : `${propertyKey(name)}: ${variable}`;
    });
    return [
      "/** Runs the network once. Everything but the outputs is freed; the outputs are the caller's to dispose. */",
      "export function network(inputs: Inputs, weights: Weights): Outputs {",
      "  return tf.tidy(() => {",
      ...this.body.map((line) => (line === "" ? "" : `    ${line}`)),
      "",
      `    return { ${results.join(", ")} };`,
      "  });",
      "}",
    ].join("\n");
  }
}

/** The module's source. Weight names follow the sharing of the space that the weights come from (`slice` by default). */
export function emitTypeScript(net: Net, options: TraceOptions = {}): string {
  return new ModuleWriter(traceNet(net, options)).write();
}

/**
 * The module and its weights as files: `network.ts`, and `weights.bin` for its `weightsFrom`. Fails where the weights belong to
 * another network (NAS8001) or hold values that are not finite (NAS8002).
 */
export function exportTypeScript(net: Net, weights: NetWeights): Result<ReadonlyMap<string, Uint8Array>> {
  const trace = traceNet(net, { sharing: weights.sharing });
  const problems = weightProblems(trace, weights);
  if (problems.length > 0) return failure(...problems);
  const tensors = [...trace.weights.keys()].map((key) => weights.tensors.get(key)!.values);
  const values = new Float32Array(tensors.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const tensor of tensors) {
    values.set(tensor, at);
    at += tensor.length;
  }
  return success(new Map([["network.ts", new TextEncoder().encode(new ModuleWriter(trace).write())], ["weights.bin", new Uint8Array(values.buffer)]]));
}
