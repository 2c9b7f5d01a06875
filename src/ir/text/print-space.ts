/**
 * The Space IR as text: one line per decision (`choose`, `adapt`), derived variable, node, output and constraint, in the order of the
 * space. `parse-space.ts` reads it back to the same space; source spans are left out.
 */
import type { Decision, DerivedVariable, Space, SpaceNode, Value, Variable } from "../space.js";
import { defaultLabel, optionTexts, printAttribute, printCells, printLabel, printName, printValue, variableName } from "./print-values.js";

const isAlways = (value: Value<boolean>): boolean => value.scope.length === 0 && value.cells[0] === true;

export function printSpace(space: Space): string {
  const lines = [`space ${printName(space.name)} share ${space.sharing}`, ""];
  const section = (texts: readonly string[]): void => {
    if (texts.length > 0) lines.push(...texts, "");
  };
  section(space.variables.map((variable) => (variable.kind === "decision" ? decisionLine(space.variables, variable) : derivedLine(variable))));
  section(space.nodes.map((node) => nodeLine(space.variables, node)));
  const inputs = space.nodes.filter((node) => node.kind === "input").map((node) => node.id);
  section([
    ...(inputs.join() === space.inputs.join() ? [] : [`inputs (${space.inputs.map((id) => `n${id}`).join(", ")})`]),
    ...space.outputs.map(({ name, node }) => `output ${printName(name)} = n${node}`),
  ]);
  section(space.constraints.map(({ condition, text }) => `require ${printValue(space.variables, condition)} as ${JSON.stringify(text)}`));
  return `${lines.join("\n").trimEnd()}\n`;
}

function decisionLine(variables: readonly Variable[], decision: Decision): string {
  const options = decision.domain.map((value, option) => {
    const label = decision.labels[option]!;
    const allowed = decision.allowed[option]!;
    return `${label === defaultLabel(value) ? "" : `${printLabel(label)}: `}${printAttribute(value)}${isAlways(allowed) ? "" : ` if ${printValue(variables, allowed)}`}`;
  });
  return `${variableName(decision.id)} = ${decision.binding} ${JSON.stringify(decision.path)} { ${options.join(", ")} }${when(variables, decision.guard)}`;
}

/** Cells are written as values, or as indices where two options look alike. */
function derivedLine(variable: DerivedVariable): string {
  const texts = optionTexts(variable);
  const cells = variable.table.map((option) => (texts === undefined ? String(option) : texts[option] ?? "_"));
  return `${variableName(variable.id)} = derive ${JSON.stringify(variable.name)} of { ${variable.domain.map(printAttribute).join(", ")} } by (${variable.parents.map(variableName).join(", ")}) ${texts === undefined ? "at" : "->"} ${printCells(cells)}`;
}

function nodeLine(variables: readonly Variable[], node: SpaceNode): string {
  const value = (of: Value): string => printValue(variables, of);
  const rest = ` : ${value(node.shape)} at ${JSON.stringify(node.path)}`;
  const inputs = node.kind === "input" ? "" : `(${node.inputs.map((id) => `n${id}`).join(", ")})`;
  switch (node.kind) {
    case "input": return `n${node.id} = input ${printName(node.name)} ${node.element}${rest}${when(variables, node.guard)}`;
    case "select": return `n${node.id} = select${inputs} by ${value(node.selector)}${rest}${when(variables, node.guard)}`;
    case "operator": {
      const attributes = Object.entries(node.attributes).map(([name, of]) => `${printName(name)} = ${value(of)}`);
      return `n${node.id} = ${operatorName(node.operator)}${inputs}${attributes.length === 0 ? "" : ` { ${attributes.join(", ")} }`}${rest}${weightKey(node)}${when(variables, node.guard)}`;
    }
  }
}

/** `input` and `select` begin other lines. */
export const operatorName = (name: string): string => (name === "input" || name === "select" ? JSON.stringify(name) : printName(name));

export const weightKey = ({ weightKey: key, path }: { readonly weightKey: string; readonly path: string }): string => (key === path ? "" : ` key ${JSON.stringify(key)}`);

function when(variables: readonly Variable[], guard: Value<boolean>): string {
  return isAlways(guard) ? "" : ` when ${printValue(variables, guard)}`;
}
