/** The Net IR as text: one line per node and output, readable from top to bottom; `parse-net.ts` reads it back to the same network. */
import type { Net, NetNode } from "../net.js";
import { operatorName, weightKey } from "./print-space.js";
import { printAttribute, printName } from "./print-values.js";

export function printNet(net: Net): string {
  const outputs = net.outputs.map(({ name, node }) => `output ${printName(name)} = n${node}`);
  return [`net ${printName(net.name)}`, "", ...net.nodes.map(nodeLine), "", ...outputs].join("\n").trimEnd() + "\n";
}

function nodeLine(node: NetNode): string {
  const rest = ` : ${printAttribute(node.shape)} at ${JSON.stringify(node.path)}`;
  if (node.kind === "input") return `n${node.id} = input ${printName(node.name)} ${node.element}${rest}`;
  const attributes = Object.entries(node.attributes).map(([name, value]) => `${printName(name)} = ${printAttribute(value)}`);
  return `n${node.id} = ${operatorName(node.operator)}(${node.inputs.map((id) => `n${id}`).join(", ")})${attributes.length === 0 ? "" : ` { ${attributes.join(", ")} }`}${rest}${weightKey(node)}`;
}
