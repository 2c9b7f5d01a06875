/** The names that occur in an expression, whatever they stand for, and the names that statements assign. */
import type { Expression, Statement } from "../../parser/ast.js";

export function namesIn(expression: Expression, found = new Set<string>()): Set<string> {
  const visit = (...parts: readonly (Expression | undefined)[]): void => { for (const part of parts) if (part !== undefined) namesIn(part, found); };
  switch (expression.kind) {
    case "name": found.add(expression.name); break;
    case "list": visit(...expression.elements); break;
    case "record": visit(...expression.fields.map(({ value }) => value)); break;
    case "unary": visit(expression.operand); break;
    case "binary": visit(expression.left, expression.right); break;
    case "range": visit(expression.from, expression.to, expression.by); break;
    case "call": visit(expression.callee, ...expression.arguments.map(({ value }) => value)); break;
    case "index": visit(expression.target, expression.index); break;
    case "pipe": visit(expression.left, expression.right); break;
    case "if": visit(expression.condition, expression.then, expression.otherwise); break;
    case "choose": visit(expression.range, expression.guard, ...(expression.alternatives ?? []).flatMap(({ value, guard }) => [value, guard])); break;
    case "weights": visit(expression.value, ...expression.indices, expression.through); break;
    case "dimensions": visit(...expression.factors); break;
    case "number": case "string": case "boolean": case "none": case "invalid": break;
    default: { const never: never = expression; return never; }
  }
  return found;
}

export function assignedIn(statements: readonly Statement[], found = new Set<string>()): Set<string> {
  for (const statement of statements) {
    if (statement.kind === "assign") for (const target of statement.targets) found.add(target.name);
    else if (statement.kind === "for") assignedIn(statement.body, found);
    else if (statement.kind === "if_statement") { assignedIn(statement.then, found); assignedIn(statement.otherwise ?? [], found); }
  }
  return found;
}
