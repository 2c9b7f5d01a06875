/**
 * A network as a reader sees it: one block per operator that does work, with the normalisations and activations behind it folded in,
 * its share of the cost summed, and the blocks it reads from.
 */
import type { CostRow } from "../hw/cost-model.js";
import type { Net, NetOperator } from "../ir/net.js";
import type { AttributeValue, Shape } from "../ops/operator.js";
import { operators } from "../ops/registry.js";
import type { ChosenNetwork } from "./input.js";

export type Family = "multiply" | "shift" | "add" | "attention" | "pooling" | "join" | "other" | "end";

export interface Block {
  readonly title: string;
  /** Operators folded in, in order. */
  readonly folded: readonly string[];
  readonly path: string;
  readonly family: Family;
  readonly shape: Shape;
  /** Indices of earlier blocks. */
  readonly inputs: readonly number[];
  readonly rows: readonly CostRow[];
}

const JOINS: Readonly<Record<string, string>> = { plus: "+", minus: "−", times: "×", divided_by: "÷", concat: "concat" };

export function familyOf(operator: string): Family {
  if (operator === "shift" || operator === "add") return operator;
  if (operator in JOINS) return "join";
  const category = operators.get(operator)?.category;
  return category === "linear" ? "multiply" : category === "attention" ? "attention" : category === "pooling" ? "pooling" : category === "multiplication_free" ? "add" : "other";
}

const FOLDED = new Set(["normalization", "activation", "regularization"]);

/** True where an operator is drawn as part of what it reads. */
function folds(net: Net, node: NetOperator, readers: readonly number[]): boolean {
  const category = operators.get(node.operator)?.category;
  const small = FOLDED.has(category ?? "") || ["scale", "offset", "identity"].includes(node.operator);
  return small && node.inputs.length === 1 && readers[node.inputs[0]!] === 1 && net.nodes[node.inputs[0]!]!.kind === "operator";
}

const pairText = (value: AttributeValue | undefined): string => (Array.isArray(value) ? value.map(String).join("×") : `${String(value)}×${String(value)}`);

function tagText(value: AttributeValue | undefined): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "object" && value !== null && "tag" in value ? value.tag : undefined;
}

const isOne = (value: AttributeValue | undefined): boolean => value === undefined || value === null || pairText(value) === "1×1";

/** `conv 3×3, stride 2`: the operator with the attributes that tell one from another. */
function titleOf({ operator, attributes }: NetOperator): string {
  const sign = JOINS[operator];
  if (sign !== undefined) return sign;
  const parts: string[] = [];
  if (attributes.heads !== undefined && attributes.heads !== null) parts.push(`${String(attributes.heads)} ${attributes.heads === 1 ? "head" : "heads"}`);
  if (!isOne(attributes.stride)) parts.push(`stride ${pairText(attributes.stride).replace(/^(\d+)×\1$/, "$1")}`);
  if (!isOne(attributes.groups)) parts.push(`${String(attributes.groups)} groups`);
  if (!isOne(attributes.dilation)) parts.push(`dilation ${pairText(attributes.dilation).replace(/^(\d+)×\1$/, "$1")}`);
  const kind = tagText(attributes.kind);
  const window = attributes.kernel ?? attributes.size;
  const name = kind !== undefined && operator === "attention" ? `${kind} attention` : operator;
  return [`${name}${window === undefined || window === null ? "" : ` ${pairText(window)}`}`, ...parts].join(", ");
}

export function blocksOf({ net, cost }: ChosenNetwork): readonly Block[] {
  const readers = net.nodes.map(() => 0);
  for (const node of net.nodes) if (node.kind === "operator") for (const input of new Set(node.inputs)) readers[input]!++;
  for (const { node } of net.outputs) readers[node]!++;
  const blocks: (Omit<Block, "folded" | "rows"> & { readonly folded: string[]; readonly rows: CostRow[] })[] = [];
  const blockOf: number[] = [];
  for (const node of net.nodes) {
    const row = cost.rows[node.id];
    if (node.kind === "operator" && folds(net, node, readers)) {
      const index = blockOf[node.inputs[0]!]!;
      blocks[index]!.folded.push(node.operator);
      if (row !== undefined) blocks[index]!.rows.push(row);
      blockOf.push(index);
      continue;
    }
    const inputs = node.kind === "operator" ? [...new Set(node.inputs.map((input) => blockOf[input]!))] : [];
    blocks.push({ title: node.kind === "input" ? "input" : titleOf(node), folded: [], path: node.path, family: node.kind === "input" ? "end" : familyOf(node.operator), shape: node.shape, inputs, rows: row === undefined ? [] : [row] });
    blockOf.push(blocks.length - 1);
  }
  net.outputs.forEach(({ name, node }, index) => {
    const row = cost.rows[net.nodes.length + index];
    blocks.push({ title: "output", folded: [], path: name, family: "end", shape: net.nodes[node]!.shape, inputs: [blockOf[node]!], rows: row === undefined ? [] : [row] });
  });
  return blocks;
}
