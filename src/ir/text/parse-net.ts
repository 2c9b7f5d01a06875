/** Reads the Net IR back from the text that `print-net.ts` prints. Errors: NAS4070 (form), NAS4071 (contradictions). */
import { success, type Result } from "../../diagnostics/model.js";
import type { Shape } from "../../ops/operator.js";
import type { Net, NetNode } from "../net.js";
import { verifyNetStructure } from "../verify-structure.js";
import { readAttributes, readDefinition, readElement, readOutputs, readPath, readReferences } from "./parse-space.js";
import { isShape, parseAttribute } from "./parse-values.js";
import { inconsistent, readText, type Reader } from "./reader.js";

/** `file` names the text in diagnostics. */
export function parseNet(text: string, file = "net"): Result<Net> {
  const result = readText(file, text, readNet);
  if (!result.ok) return result;
  const problems = verifyNetStructure(result.value);
  return problems.length > 0 ? inconsistent(file, problems) : success(result.value);
}

function readNet(reader: Reader): Net {
  reader.expect("net");
  const name = reader.name("the name of the network");
  const nodes: NetNode[] = [];
  while (/^n\d+$/.test(reader.next.text) && reader.next.kind === "word") nodes.push(readNode(reader, nodes.length));
  return { name, nodes, outputs: readOutputs(reader) };
}

function readShape(reader: Reader): Shape {
  reader.expect(":");
  const token = reader.next;
  const shape = parseAttribute(reader);
  return isShape(shape) ? shape : reader.fail("a shape was expected", token);
}

function readNode(reader: Reader, id: number): NetNode {
  readDefinition(reader, "n", id);
  if (reader.accept("input")) {
    const name = reader.name("the name of the input");
    const element = readElement(reader);
    const shape = readShape(reader);
    return { kind: "input", id, name, element, shape, path: readPath(reader) };
  }
  const operator = reader.name("an operator");
  const inputs = readReferences(reader);
  const attributes = Object.fromEntries(readAttributes(reader, () => parseAttribute(reader)));
  const shape = readShape(reader);
  const path = readPath(reader);
  return { kind: "operator", id, operator, inputs, attributes, shape, path, weightKey: reader.accept("key") ? reader.text("a weight key") : path };
}
