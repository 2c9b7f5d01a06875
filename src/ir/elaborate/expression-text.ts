/** Expressions as they are written, on one line: labels of unlabelled alternatives, and expressions quoted in messages. */
import type { Expression } from "../../parser/ast.js";

export function expressionText(expression: Expression): string {
  switch (expression.kind) {
    case "number": return expression.text;
    case "string": return JSON.stringify(expression.value);
    case "boolean": return String(expression.value);
    case "none": return "none";
    case "name": return expression.name;
    case "dimensions": return expression.factors.map(expressionText).join(" x ");
    case "list": return `[${expression.elements.map(expressionText).join(", ")}]`;
    case "record": return `{ ${expression.fields.map(({ name, value }) => `${name.name}: ${expressionText(value)}`).join(", ")} }`;
    case "unary": return expression.operator === "not" ? `not ${operand(expression.operand)}` : `-${operand(expression.operand)}`;
    case "binary": return `${operand(expression.left)} ${expression.operator} ${operand(expression.right)}`;
    case "range": return `${operand(expression.from)}..${operand(expression.to)}${expression.by ? ` by ${operand(expression.by)}` : ""}`;
    case "call": return `${operand(expression.callee)}(${expression.arguments.map(({ name, value }) => (name ? `${name.name} = ${expressionText(value)}` : expressionText(value))).join(", ")})`;
    case "index": return `${operand(expression.target)}[${expressionText(expression.index)}]`;
    case "pipe": return `${operand(expression.left)} -> ${operand(expression.right)}`;
    case "if": return `if ${expressionText(expression.condition)} { ${expressionText(expression.then)} } else { ${expressionText(expression.otherwise)} }`;
    case "choose": {
      const label = expression.label ? ` ${expression.label.name}` : "";
      const options = expression.range ? expressionText(expression.range) : `{ ${(expression.alternatives ?? []).map(({ label: name, value, guard }) => `${name ? `${name.name}: ` : ""}${expressionText(value)}${guard ? ` if ${expressionText(guard)}` : ""}`).join(", ")} }`;
      return `${expression.binding}${label} ${options}${expression.guard ? ` if ${expressionText(expression.guard)}` : ""}`;
    }
    case "weights": return `${operand(expression.value)} weights ${expression.name.name}${expression.indices.map((index) => `[${expressionText(index)}]`).join("")}`;
    case "invalid": return "?";
    default: { const never: never = expression; return String(never); }
  }
}

/** In parentheses where it is made of parts, except pipes into pipes. */
function operand(expression: Expression): string {
  const text = expressionText(expression);
  return expression.kind === "binary" || expression.kind === "range" || expression.kind === "if" ? `(${text})` : text;
}
