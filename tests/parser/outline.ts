/** Prints an AST in a compact, fully bracketed form, so that golden comparisons show grouping at a glance. */
import type { Alternative, ChooseExpression, Declaration, Expression, Setting, Statement } from "../../src/parser/ast.js";
import { parse } from "../../src/parser/parse.js";

const list = (parts: readonly string[]): string => parts.join(", ");

function alternative({ label, value, guard }: Alternative): string {
  return `${label ? `${label.name}: ` : ""}${outline(value)}${guard ? ` if ${outline(guard)}` : ""}`;
}

function choice({ binding, label, alternatives, range, guard }: ChooseExpression): string {
  const body = alternatives ? `{${list(alternatives.map(alternative))}}` : outline(range!);
  return `(${binding}${label ? ` ${label.name}` : ""} ${body}${guard ? ` if ${outline(guard)}` : ""})`;
}

export function outline(e: Expression): string {
  switch (e.kind) {
    case "number": return e.text;
    case "string": return JSON.stringify(e.value);
    case "boolean": return String(e.value);
    case "none": return "none";
    case "dimensions": return e.factors.map(outline).join(" x ");
    case "name": return e.name;
    case "list": return `[${list(e.elements.map(outline))}]`;
    case "record": return `{${list(e.fields.map(({ name, value }) => `${name.name}: ${outline(value)}`))}}`;
    case "unary": return `(${e.operator} ${outline(e.operand)})`;
    case "binary": return `(${outline(e.left)} ${e.operator} ${outline(e.right)})`;
    case "range": return `(${outline(e.from)}..${outline(e.to)}${e.by ? ` by ${outline(e.by)}` : ""})`;
    case "call": return `${outline(e.callee)}(${list(e.arguments.map(({ name, value }) => `${name ? `${name.name} = ` : ""}${outline(value)}`))})`;
    case "index": return `${outline(e.target)}[${outline(e.index)}]`;
    case "pipe": return `(${outline(e.left)} -> ${outline(e.right)})`;
    case "if": return `(if ${outline(e.condition)} then ${outline(e.then)} else ${outline(e.otherwise)})`;
    case "choose": return choice(e);
    case "weights": return `(${outline(e.value)} weights ${e.name.name}${e.indices.map((index) => `[${outline(index)}]`).join("")}${e.through ? ` through ${outline(e.through)}` : ""})`;
    case "invalid": return "?";
  }
}

const block = (body: readonly Statement[]): string => `{ ${body.map(outlineStatement).join("; ")} }`;

export function outlineStatement(s: Statement): string {
  switch (s.kind) {
    case "assign": return `${list(s.targets.map(({ name }) => name))} = ${outline(s.value)}`;
    case "for": return `for ${s.variable.name} in ${outline(s.range)} ${block(s.body)}`;
    case "if_statement": return `if ${outline(s.condition)} ${block(s.then)}${s.otherwise ? ` else ${block(s.otherwise)}` : ""}`;
    case "require": return `require ${outline(s.condition)}${s.forEvery ? ` for every ${list(s.forEvery.map(({ name }) => name))}` : ""}`;
    case "input": return `input ${s.name.name}: ${s.element.name}[${list(s.dimensions.map(outline))}]`;
    case "output": return `output ${s.name.name} = ${outline(s.value)}`;
    case "share": return `share ${s.strategy.name}`;
    case "return": return `return ${list(s.values.map(outline))}`;
  }
}

function outlineSetting({ name, values, target, settings }: Setting): string {
  const value = values.length === 0 ? "" : ` ${list(values.map(outline))}`;
  return `${name.name}${value}${target ? ` on ${target.name}` : ""}${settings ? ` { ${settings.map(outlineSetting).join("; ")} }` : ""}`;
}

export function outlineDeclaration(d: Declaration): string {
  switch (d.kind) {
    case "import": return `import ${list(d.names.map(({ imported, local }) => imported.name === local.name ? imported.name : `${imported.name} as ${local.name}`))} from ${JSON.stringify(d.from.value)}`;
    case "const": return `const ${d.name.name} = ${outline(d.value)}`;
    case "block": return `block ${d.name.name}(${list(d.parameters.map(({ name, defaultValue }) => `${name.name}${defaultValue ? ` = ${outline(defaultValue)}` : ""}`))})${d.reversible ? " reversible" : ""} ${block(d.body)}`;
    case "space": return `space ${d.name.name} ${block(d.body)}`;
    case "architecture": return `architecture ${d.name.name} of ${d.space.name} { ${d.bindings.map(({ path, value }) => `${path} = ${outline(value)}`).join("; ")} }`;
    case "accelerator": case "search": return `${d.kind} ${d.name.name} { ${d.settings.map(outlineSetting).join("; ")} }`;
  }
}

export const problems = (text: string): readonly string[] => parse({ file: "t.nas", text }).diagnostics.map(({ code, title }) => `${code} ${title}`);

/** The declarations of a text without errors; errors are shown instead. */
export function outlineProgram(text: string): readonly string[] {
  const { program, diagnostics } = parse({ file: "t.nas", text });
  return diagnostics.length > 0 ? problems(text) : program.declarations.map(outlineDeclaration);
}

/** The statements of a space body, or its errors. */
export function outlineBody(text: string): readonly string[] {
  const { program, diagnostics } = parse({ file: "t.nas", text: `space S {\n${text}\n}` });
  const [space] = program.declarations;
  return diagnostics.length > 0 || space?.kind !== "space" ? diagnostics.map(({ title }) => title) : space.body.map(outlineStatement);
}

/** One expression, or its errors. */
export function outlineExpression(text: string): string {
  const { program, diagnostics } = parse({ file: "t.nas", text: `const A = ${text}` });
  const [constant] = program.declarations;
  return diagnostics.length > 0 || constant?.kind !== "const" ? diagnostics.map(({ title }) => title).join("; ") : outline(constant.value);
}
